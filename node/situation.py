"""The words of the loop: where the node is, what can be done next, and one cycle's outcome."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from node.balancer_sign import Sign

PAUSE_S = 1.0


class Phase(StrEnum):
    """Names of `contract.health.Phase`."""

    PREPARING = "preparing"
    STARTING = "starting"
    SERVING = "serving"
    DRAINING = "draining"
    STOPPING = "stopping"
    GONE = "gone"


class Action(StrEnum):
    """What `act` can do; at most one a cycle."""

    NOTHING = "nothing"
    START_PREPARATION = "start preparation"
    JOIN = "join"
    """Reads what the preparation left, and starts the companion if there is to be one."""
    START_JVM = "start JVM"
    BEGIN_WARM_UP = "begin warm-up"
    ASK_TO_END = "ask to end"
    KILL = "kill"
    DUMP_THREADS = "dump threads"
    START_COMPANION = "start companion"
    TELL_TO_DRAIN = "tell companion to drain"
    ASK_COMPANION_TO_END = "ask companion to end"
    KILL_COMPANION = "kill companion"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long the node waits for what; from `launch.json`, all in seconds."""

    boot_s: float = 0
    stop_s: float = 30
    """Also that of the preparation, which knows no document yet."""
    drain_s: float = 0
    silence_s: float = 0
    pool_stuck_s: float = inf
    subscription_s: float = 0
    parting_s: float = 0
    """What the balancer needs to see that the node takes nothing more."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the loop remembers from one cycle to the next. Times are the host's uptime."""

    phase: Phase = Phase.PREPARING
    limits: Limits = Limits()
    child_started: bool = False
    """Preparation or JVM: there is one to be asked to end."""
    obeyed_stop_orders: int = 0
    obeyed_thread_dumps: int = 0
    deadline: float | None = None
    """What happens then depends on the phase."""
    killed: bool = False
    exit_code: int | None = None
    """Decided before the child's end, or taken from it."""

    joining: bool = False
    """Prepared; no JVM before the others know that this node lives."""
    awaits_subscription: bool = False
    """False in mode `stock`: the ERP's own listener gives no sign of its subscription."""
    answered_since: float | None = None
    """Start of the JVM's first answer on its health path."""
    warm_up_due: bool = False
    """There is a page to be asked for as soon as the JVM answers, and it was not yet."""
    warming_up: bool = False
    """It was asked for, and how that went was not said yet."""
    silent_since: float | None = None
    """Since then no answer came, after there had been one."""
    looked_at: float | None = None
    woke_at: float | None = None
    """End of the last time in which the whole node stood still."""
    confirmed_at: float | None = None
    """When the database last confirmed that this node is one of the cluster."""
    is_member: bool = True
    """It was confirmed since the node stood still last, and not longer ago than the lease."""
    evidence_until: float | None = None
    """The JVM writes its threads until then; only after that it is asked to end."""
    parting_until: float | None = None
    """The balancer sends nothing more; until then requests under way may end."""

    has_companion: bool = False
    companion_due: float | None = None
    """When a companion that ended is started again."""
    companion_reported: float | None = None
    """When it last said something fresh, or was started."""
    leaving: bool = False
    """The JVM is gone, and the companion hands back what it held."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One cycle's outcome; `sentence` is the log line and what health.json says."""

    sentence: str
    situation: Situation
    action: Action = Action.NOTHING
    ready: bool = False
    pause_s: float = PAUSE_S
    show_evidence: bool = False
    """The child's last lines are repeated below the sentence."""

    @property
    def sign(self) -> Sign:
        """What the balancer is sent. One missed answer is no reason to move visitors: that is for
        the balancer's own checks, which ask the JVM itself.
        """
        now = self.situation
        if not now.is_member:
            return Sign.DOWN
        if now.phase is Phase.SERVING:
            return Sign.UP
        if now.phase is Phase.DRAINING and now.parting_until is None:
            return Sign.DRAIN
        return Sign.DOWN
