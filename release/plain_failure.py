"""How an error of ours leaves a dynamic resource: as its sentence, without a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from release.errors import ReleaseError


class Failed(Exception):  # noqa: N818 - Pulumi prints the name in front of the sentence
    """What Pulumi prints of a failed step, after this word."""


Failed.__module__ = "builtins"


@contextmanager
def plain_failure() -> Iterator[None]:
    """While entered, a `ReleaseError` becomes an error that Pulumi prints as one sentence.

    Pulumi's dynamic provider prints the traceback of whatever leaves it. It asks the interpreter
    for one without frames only here, so that a fault of this project keeps its traceback.
    """
    try:
        yield
    except ReleaseError as error:
        sys.tracebacklimit = 0
        raise Failed(str(error)) from None
