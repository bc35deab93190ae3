"""Python's collector of cyclic garbage, while a program loads and declares."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """While entered, it does not search: the classes of AWS's services are a million objects that
    stay, and to look through them again and again takes a good part of the time in which they load.
    """
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()
