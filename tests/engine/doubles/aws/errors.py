"""How AWS, or its provider, says no."""


class AwsRefusalError(Exception):
    """AWS refuses a call: `code` is the service's own, as in its API reference."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")


class NotServedError(Exception):
    """The program asks for something that this double does not have."""
