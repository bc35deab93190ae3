"""Why an account could not be asked, or did not answer."""


class AccountError(Exception):
    """The account cannot be asked at all; the text is for the person at the terminal."""

    exit_code = 3


class UnansweredError(Exception):
    """One question was not answered; `reason` and `remedy` are for the report."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class MissingError(Exception):
    """What was asked for is not there; `code` is AWS's own word for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
