"""What a program on AWS needs, loaded while the engine gets ready."""

from collections.abc import Callable
from threading import Thread

from components.program import load_aws


class ProgramAhead:
    """Loads beside everything else from the moment it is made; the program waits for its end."""

    def __init__(self, load: Callable[[], None] = load_aws) -> None:
        self._thread = Thread(target=load, name="program ahead", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Everything is loaded afterwards, or the program finds out itself why not."""
        self._thread.join()
