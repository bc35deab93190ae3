"""`scipio:secrets`: how generated passwords are kept."""

from typing import Annotated, Literal

from pydantic import Field

from settings.section import Section


class Secrets(Section):
    """Passwords, in Secrets Manager; the program makes them."""

    kms_key: Literal["own", "aws"]
    """Whose key encrypts data and secrets: `own` is a key of the stack, revocable, with its price
    by the month; `aws` is Amazon's. Decide before the first update: another choice is refused
    from then on, as what was encrypted would be lost with its key."""
    recovery_days: Annotated[int, Field(ge=0, le=30)]
    """A deleted secret can be brought back for so long; 0 deletes at once, else from 7."""
    rotation_days: Annotated[int, Field(ge=1, le=1000)] | None
    """The database administrator's password is changed so often; null: never. The nodes' own is
    changed by a release."""
