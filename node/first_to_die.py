"""Who is killed when the container's memory runs out: a process that looks around, not the JVM."""

import contextlib
from pathlib import Path


def die_first() -> None:
    """The kernel ends this process before any other of the container (proc(5), oom_score_adj).

    To be called before anything large is imported: that is what may not fit.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")
