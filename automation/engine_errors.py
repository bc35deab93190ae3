"""What the Pulumi engine fails with, as messages that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.automation import CommandError, ConcurrentUpdateError

from automation.errors import UpdateFailedError, WrongPassphraseError
from automation.locks import locked, read_locks
from automation.progress import plain

ECHOES = ("update failed", "preview failed", "destroy failed")
"""What the engine adds once a resource has said why."""


@contextmanager
def explaining(
    what: str, seen: list[str] | None = None, *, made: bool = False, stack: str = ""
) -> Iterator[None]:
    """While entered, an error of the engine becomes one that says what to do."""
    try:
        yield
    except CommandError as error:
        raise explained(error, what, seen, made=made, stack=stack) from error


def explained(
    error: CommandError,
    what: str,
    seen: list[str] | None = None,
    *,
    made: bool = False,
    stack: str = "",
) -> Exception:
    """The engine's error as one that says what to do, without a traceback.

    `made`: the command may have made or removed something before it stopped. The message says
    how to take away the lock of `stack`.
    """
    text = plain(str(error))
    if "incorrect passphrase" in text:
        return WrongPassphraseError(
            f"{what}: PULUMI_CONFIG_PASSPHRASE is not the passphrase that this stack's state was "
            "encrypted with. Set the right one, or unset the variable for the default of local "
            "stacks. Nothing was changed."
        )
    if isinstance(error, ConcurrentUpdateError):
        return UpdateFailedError(locked(what, stack, read_locks("\n".join([text, *(seen or ())]))))
    printed = [line.strip().removeprefix("stderr: ") for line in text.splitlines()]
    reasons = seen or [line for line in printed if "error:" in line] or [text[-2000:]]
    unique = [reason for reason in dict.fromkeys(map(str.strip, reasons)) if reason not in ECHOES]
    listing = "\n".join(f"  - {reason}" for reason in unique)
    recorded = "What was done until then is recorded" if made else "Nothing was changed"
    return UpdateFailedError(
        f"{what}:\n{listing}\n{recorded}; mend the cause and run the command again."
    )
