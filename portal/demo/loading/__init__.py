"""Putting the demo world into the database, room by room.

Every step adds what is missing and leaves alone what is there, so a second run changes nothing."""
