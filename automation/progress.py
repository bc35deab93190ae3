"""The engine's events as lines that a person can follow while they happen."""

import re
import threading
import time
from dataclasses import dataclass, field

from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import DiagnosticEvent, StepEventMetadata

from automation.console import say

VERBS = {
    OpType.CREATE: ("creating", "created"),
    OpType.CREATE_REPLACEMENT: ("creating replacement", "created replacement"),
    OpType.UPDATE: ("updating", "updated"),
    OpType.DELETE: ("deleting", "deleted"),
    OpType.DELETE_REPLACED: ("deleting replaced", "deleted replaced"),
}
"""What is worth a line; a resource that stays as it is gets none."""
STILL_EVERY_S = 10.0
PASSING_EVERY_S = 5.0
NOISE = re.compile(r"using pulumi-resource-\S+ from \$PATH|resource plugin \S+ is expected to have")
"""Warnings about plugins found on PATH, said twice a run and of no use to a reader."""


@dataclass
class Progress:
    """Feed it engine events; while it is entered, silence is broken by what is still under way."""

    planned: bool = False
    """A preview: nothing is done, so nothing is said to be."""
    _ephemeral_said: dict[str, float] = field(default_factory=dict)
    _running: dict[str, tuple[str, float]] = field(default_factory=dict)
    _last_said: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _watch: threading.Thread | None = None
    errors: list[str] = field(default_factory=list)

    def __enter__(self) -> "Progress":
        self._watch = threading.Thread(target=self._break_silence, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        assert self._watch is not None
        self._watch.join()

    def on_event(self, event: EngineEvent) -> None:
        """One event of the engine, in the order it sends them."""
        if event.resource_pre_event:
            self._begun(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._ended(event.res_outputs_event.metadata)
        elif event.res_op_failed_event:
            self._failed(event.res_op_failed_event.metadata)
        elif event.diagnostic_event:
            self._diagnosed(event.diagnostic_event)

    def _begun(self, step: StepEventMetadata) -> None:
        if step.op in VERBS and not _is_stack(step.urn):
            with self._lock:
                self._running[step.urn] = (VERBS[step.op][0], time.monotonic())

    def _ended(self, step: StepEventMetadata) -> None:
        with self._lock:
            _, began = self._running.pop(step.urn, ("", time.monotonic()))
        if step.op not in VERBS or _is_stack(step.urn):
            return
        if self.planned:
            self._say(f"would {step.op.value} {title(step.urn)}")
        else:
            took = time.monotonic() - began
            self._say(f"{VERBS[step.op][1]} {title(step.urn)} ({took:.1f} s)")

    def _failed(self, step: StepEventMetadata) -> None:
        with self._lock:
            self._running.pop(step.urn, None)
        self._say(f"FAILED {step.op.value} {title(step.urn)}", style="bold red")

    def _diagnosed(self, diagnostic: DiagnosticEvent) -> None:
        text = plain(diagnostic.message).rstrip()
        if not text.strip() or NOISE.search(text) or diagnostic.severity == "debug":
            return
        if diagnostic.severity == "error":
            self.errors.append(text)
            return
        if diagnostic.ephemeral and not self._worth_a_line(diagnostic.urn or ""):
            return
        subject = f"{title(diagnostic.urn)}: " if diagnostic.urn else ""
        for line in text.splitlines():
            self._say(f"  {subject}{line}", style="dim")

    def _worth_a_line(self, urn: str) -> bool:
        """Passing progress of one resource gets a line every few seconds, not each of its own."""
        now = time.monotonic()
        if now - self._ephemeral_said.get(urn, -PASSING_EVERY_S) < PASSING_EVERY_S:
            return False
        self._ephemeral_said[urn] = now
        return True

    def _say(self, sentence: str, style: str = "") -> None:
        self._last_said = time.monotonic()
        say(sentence, style=style)

    def _break_silence(self) -> None:
        while not self._over.wait(1.0):
            if time.monotonic() - self._last_said < STILL_EVERY_S:
                continue
            with self._lock:
                running = list(self._running.items())
            if running:
                now = time.monotonic()
                parts = [f"{title(urn)} ({now - began:.0f} s)" for urn, (_, began) in running]
                self._say(f"… still at {', '.join(parts)}", style="dim")


def _is_stack(urn: str) -> bool:
    return urn.split("::")[2] == "pulumi:pulumi:Stack"


def title(urn: str) -> str:
    """`Container node-scipio-1` for a resource's URN: the last word of its type, and its name."""
    parts = urn.split("::")
    kind = parts[2].split("$")[-1].split(":")[-1]
    return f"{kind} {parts[-1]}"


def plain(message: str) -> str:
    """The engine marks colours as `<{%reset%}>`; a terminal of ours does without."""
    return re.sub(r"<\{%[^%]*%\}>", "", message)
