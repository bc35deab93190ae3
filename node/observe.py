"""One look at the world. Nothing is changed here but the books of who has ended."""

from dataclasses import dataclass, field

from node.child import Child, Reaper
from node.health_probe import serves
from node.launch import Launch
from node.membership import Membership, read_membership
from node.paths import NodePaths
from node.signals import SignalsSeen, SignalWatch
from node.subscription import read_subscribed
from node.uptime import uptime_s
from node.warm_up import WarmUp


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The view of one cycle, never read again in the middle of it."""

    now: float
    """The host's uptime in seconds (`node.uptime`)."""
    exit_code: int | None = None
    """Of the child that is looked after now: preparation or JVM. None while it runs."""
    companion_exit_code: int | None = None
    membership: Membership | None = None
    """None: the companion has said nothing of late."""
    subscribed: bool = False
    warmed_up: str | None = None
    """How the warm-up went; None: it is not over."""
    serving: bool = False
    signals: SignalsSeen = field(default_factory=SignalsSeen)


@dataclass(frozen=True)
class Children:
    """Who is looked after, and with `launch` known, what they say where; the JVM's first page."""

    child: Child | None
    companion: Child | None
    launch: Launch | None
    warm_up: WarmUp | None


def observe(
    signals: SignalWatch, reaper: Reaper, children: Children, paths: NodePaths, *, probe: bool
) -> Seen:
    """Signals first: a stop order that came before the child's end is the reason for it.

    Without `probe` it is not asked whether the JVM serves.
    """
    seen_signals = signals.seen()
    child, companion, launch = children.child, children.companion, children.launch
    warm_up = children.warm_up
    reaper.collect([each for each in (child, companion) if each is not None])
    exit_code = None if child is None else child.exit_code
    asked = probe and launch is not None and exit_code is None
    return Seen(
        now=uptime_s(),
        exit_code=exit_code,
        companion_exit_code=None if companion is None else companion.exit_code,
        membership=None if companion is None else read_membership(paths.membership),
        subscribed=asked and read_subscribed(paths.cache_clear_figures),
        warmed_up=warm_up.sentence if warm_up is not None and warm_up.is_over else None,
        serving=asked and launch is not None and serves(launch.health_port, launch.health_path),
        signals=seen_signals,
    )
