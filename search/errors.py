"""What can go wrong between the portal and an engine. None of it reaches a reader: another engine answers."""


class EngineDownError(Exception):
    """The engine did not answer in time, or has no index to answer from."""


class AlreadyRunningError(Exception):
    """Another rebuild of the same kind is under way."""


class DiffersError(Exception):
    """A new index does not hold what the database says, so the old one stays."""
