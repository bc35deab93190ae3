"""What destroys says what, and asks: on a terminal for the stack's name, else for `CONFIRM=`."""

import sys

from automation.console import console
from automation.errors import NotConfirmedError


def confirm(stack: str, what: str, given: str | None, *, to: str = "remove it") -> None:
    """Raise `NotConfirmedError` unless the person wants what is said in `what`, a sentence with its
    listing, and asked for in `to`.

    `given` is the value of `CONFIRM=`. It must be the stack's name, so that a line that was copied
    for one stack never destroys another.
    """
    console.print(what, markup=False)
    if given == stack:
        return
    if given:
        raise NotConfirmedError(
            f"CONFIRM={given} is not the name of the stack, {stack}. Nothing was touched."
        )
    if not sys.stdin.isatty():
        raise NotConfirmedError(
            f"There is no terminal to ask at: `CONFIRM={stack}` says yes to it. "
            "Nothing was touched."
        )
    if _answer(f"Type the stack's name, {stack}, to {to}: ") != stack:
        raise NotConfirmedError("Nothing was touched.")


def _answer(question: str) -> str:
    try:
        return console.input(question, markup=False).strip()
    except EOFError:
        return ""
