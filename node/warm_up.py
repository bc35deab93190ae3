"""The first page of a node, asked for by the agent: what compiles it takes half a minute.

Templates and scripts of the log-in page are compiled when it is first asked for. A visitor should
not be the one who waits.
"""

import threading
import time

from node.own_page import NoAnswerError, status_of_whole

PAGE = "/admin/control/main"
"""The log-in page; what it compiles, all pages use."""


class WarmUp:
    """One request beside the agent's loop, which must go on seeing signals meanwhile."""

    def __init__(self, port: int, *, path: str = PAGE, limit_s: float) -> None:
        self._port = port
        self._path = path
        self._limit_s = limit_s
        self._thread: threading.Thread | None = None
        self._deadline = 0.0
        self._sentence = "not begun"

    @property
    def is_over(self) -> bool:
        """Whether it was begun and has ended, well or not; within the limit in any case."""
        if self._thread is None:
            return False
        return not self._thread.is_alive() or time.monotonic() >= self._deadline

    @property
    def sentence(self) -> str:
        """How it went, once it is over."""
        return self._sentence

    def begin(self) -> None:
        """The page is asked for, once; a second call changes nothing."""
        if self._thread is None:
            self._sentence = f"the first page was not complete within {self._limit_s:g} s"
            self._deadline = time.monotonic() + self._limit_s
            # The process may end without it.
            self._thread = threading.Thread(target=self._run, name="warm-up", daemon=True)
            try:
                self._thread.start()
            except RuntimeError as error:  # no thread to be had: a node serves without
                self._sentence = f"the first page could not be asked for: {error}"

    def _run(self) -> None:
        began = time.monotonic()
        try:
            status = status_of_whole(self._port, self._path, limit_s=self._limit_s)
        except (OSError, NoAnswerError) as error:
            self._sentence = f"the first page was not answered: {error}"
        else:
            self._sentence = f"the first page took {time.monotonic() - began:.1f} s ({status})"
