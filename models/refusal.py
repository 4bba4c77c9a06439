"""How models/ says no: one exception with one sentence for a person."""


class Refused(Exception):
    """Something cannot be done; reason is a plain English sentence that names the place and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
