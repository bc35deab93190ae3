"""A visitor who asks one query again and again, and how long each answer took."""

import threading
import time
from types import TracebackType
from typing import Self

from node.database.connection import Connection


class Visitor:
    """Asks from `with` on until its end, on a connection of its own."""

    def __init__(self, connection: Connection, query: str) -> None:
        self._connection = connection
        self._query = query.encode()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.longest_s = 0.0
        self.answers = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            self._connection.execute(self._query)
            self.longest_s = max(self.longest_s, time.monotonic() - began)
            self.answers += 1
            self._end.wait(0.02)
