"""What the keeper does next: a pure function of what it remembers and what it has seen.

`alive → draining`, and from both to `fenced`, which nothing leads out of: this run of the node was
declared dead, or its id belongs to another one, so its JVM must end. `cut off` is no such end: the
database could not be asked for longer than the limit, and the ERP cannot claim a job without the
database either. When it answers again, the row says which of the others it is.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from node import membership
from node.life.node_state import GONE, NodeState
from node.life.observation import Seen, View

SHORT_PAUSE_S = 1.0
"""While it drains, and while the database does not answer."""


class State(StrEnum):
    """What membership.json says; a draining node is `draining` when it takes no job any more."""

    ALIVE = membership.ALIVE
    DRAINING = membership.DRAINING
    FENCED = membership.FENCED
    CUT_OFF = "cut off"


class Action(StrEnum):
    """What `keeper` can do; in this order within a cycle."""

    LOCK_JOBS = "lock jobs"
    BEAT = "beat"
    SWEEP = "sweep"
    LET_GO = "let go"
    LEAVE = "leave"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is remembered from one cycle to the next."""

    incarnation: str
    beat_every_s: float
    dead_after_s: float
    last_contact: float
    """Monotonic seconds of the last answer, at first of the start."""
    state: State | None = None
    """None until the database has answered for the first time."""
    drain: bool = False
    running_jobs: int = 0
    live_nodes: tuple[str, ...] = ()
    pool_stuck_s: float = 0


@dataclass(frozen=True, kw_only=True)
class Step:
    """One cycle's outcome; `sentence` is the log line and what membership.json says."""

    sentence: str
    situation: Situation
    actions: tuple[Action, ...] = ()
    silent: tuple[str, ...] = ()
    """Whom to sweep."""
    pause_s: float
    last: bool = False


def decide(now: Situation, seen: Seen) -> Step:
    """The next step. Pure: same situation, same view, same step."""
    now = replace(now, drain=now.drain or seen.orders.drain)
    if seen.orders.leave:
        return _leave(now)
    if now.state is State.FENCED:
        return _fenced(now, "This run of the node is fenced off; its JVM must end.")
    if seen.view is None:
        return _unanswered(now, seen)
    fault = _fault(now, seen.view)
    return _fenced(now, fault) if fault else _answered(now, seen, seen.view)


def _leave(now: Situation) -> Step:
    if now.state is State.FENCED:
        return Step(
            sentence="Leaving; the others have taken over already.",
            situation=now,
            pause_s=0,
            last=True,
        )
    return Step(
        sentence="Leaving: what the JVM has left goes back.",
        situation=now,
        actions=(Action.LEAVE,),
        pause_s=0,
        last=True,
    )


def _fenced(now: Situation, sentence: str) -> Step:
    """The id's lock is let go, so that the next run of this node may begin."""
    return Step(
        sentence=sentence,
        situation=replace(now, state=State.FENCED),
        actions=(Action.LET_GO,),
        pause_s=now.beat_every_s,
    )


def _fault(now: Situation, view: View) -> str | None:
    if view.incarnation is None:
        return "This node's heartbeat row is gone: it was away for days, or its row was deleted."
    if view.incarnation != now.incarnation:
        return "Another run of a node has this instance id now; this one ends."
    if view.state in GONE:
        return f"This run of the node is recorded as {view.state!r}: it takes no jobs and must end."
    return None


def _unanswered(now: Situation, seen: Seen) -> Step:
    away_s = seen.now - now.last_contact
    cut_off = away_s > now.dead_after_s
    return Step(
        sentence=f"The database does not answer{' for long' if cut_off else ''}: {seen.words}",
        situation=replace(now, state=State.CUT_OFF) if cut_off else now,
        pause_s=min(SHORT_PAUSE_S, now.beat_every_s),
    )


def _answered(now: Situation, seen: Seen, view: View) -> Step:
    # A keeper that was started anew goes on with what its predecessor had begun.
    drain = now.drain or view.state == NodeState.DRAINING
    drained = drain and view.jobs_locked
    situation = replace(
        now,
        drain=drain,
        # Not before the lock row is seen: a job claimed just before it is in this count.
        state=State.DRAINING if drained else State.ALIVE,
        last_contact=seen.now,
        running_jobs=view.running_jobs,
        live_nodes=view.live_nodes,
        pool_stuck_s=view.pool_stuck_s,
    )
    actions = [Action.BEAT]
    if drain and not view.jobs_locked:
        actions.insert(0, Action.LOCK_JOBS)
    if view.silent:
        actions.append(Action.SWEEP)
    return Step(
        sentence=_sentence(situation),
        situation=situation,
        actions=tuple(actions),
        silent=view.silent,
        pause_s=SHORT_PAUSE_S if drain else now.beat_every_s,
    )


def _sentence(now: Situation) -> str:
    if now.state is State.DRAINING:
        return f"Draining: takes no new jobs, {now.running_jobs} are not ended yet."
    if now.drain:
        return "Ordered to drain: no new jobs from the JVM's next look on."
    return f"Alive, {len(now.live_nodes)} nodes in all."
