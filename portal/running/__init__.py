"""How the portal runs on one machine: embedded PostgreSQL, and the demo's processes under one parent.

Nothing here imports Django: settings call it before Django is there.
"""
