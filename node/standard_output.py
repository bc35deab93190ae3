"""Standard output, shared line by line by the agent's own log and what its children say."""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable

TAIL_LINES = 50
LONGEST_PIECE = 65_536
"""A line longer than this is passed on in pieces, so that no child can fill our memory."""


class StandardOutput:
    """Whole lines from several threads, never mixed within a line."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def write(self, text: bytes) -> None:
        """All of `text` is written, unless the reader of standard output is gone."""
        # A lost reader must not end the node: the child's pipe has to be emptied all the same.
        with self._lock, contextlib.suppress(BrokenPipeError):
            rest = memoryview(text)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]


class ChildOutput:
    """Passes on what a child says, keeps its last lines as evidence, ends with the child.

    Runs in a thread of its own, so that a probe that waits never holds up the child. Reading
    ends when every process that holds the pipe has ended; `finish` waits for its limit at most.
    """

    def __init__(
        self,
        output: StandardOutput,
        *,
        change: Callable[[str], str] | None = None,
        see: Callable[[str], None] | None = None,
    ) -> None:
        self._output = output
        self._change = change
        self._see = see
        self._tail: deque[bytes] = deque(maxlen=TAIL_LINES)
        self._thread: threading.Thread | None = None

    def follow(self, descriptor: int) -> None:
        """Starts reading; the descriptor is ours from now on and is closed at the end.

        Raises RuntimeError when no thread is to be had.
        """
        thread = threading.Thread(target=self._pass_on, args=(descriptor,), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            os.close(descriptor)
            raise
        self._thread = thread

    def finish(self, timeout_s: float) -> None:
        """Waits until all is passed on; no longer when an outliving process keeps the pipe."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def last_lines(self) -> tuple[str, ...]:
        """The newest lines, oldest first."""
        return tuple(line.decode(errors="replace").rstrip("\n") for line in tuple(self._tail))

    def _pass_on(self, descriptor: int) -> None:
        ended = True
        with open(descriptor, "rb", buffering=LONGEST_PIECE) as pipe:
            while piece := pipe.readline(LONGEST_PIECE):
                self._one_piece(piece)
                ended = piece.endswith(b"\n")
        if not ended:
            self._output.write(b"\n")

    def _one_piece(self, piece: bytes) -> None:
        if self._change is not None or self._see is not None:
            text = piece.decode(errors="replace")
            if self._see is not None:
                self._see(text)
            if self._change is not None:
                piece = self._change(text).encode()
        self._tail.append(piece)
        self._output.write(piece)
