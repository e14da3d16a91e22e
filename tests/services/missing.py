"""A service that cannot be had on this machine."""

MARK = "service missing: "  # begins the reason of a skipped test


class ServiceMissingError(RuntimeError):
    """What is missing and how to get it; the text is shown at the end of the test run."""

    def __init__(self, service: str, why: str, remedy: str) -> None:
        super().__init__(f"{service}: {why}. {remedy}")
        self.service = service
