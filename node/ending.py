"""How a node ends: drained when it serves, fenced by the others, or because it serves no more."""

from dataclasses import replace
from typing import Final

from node import errors, membership
from node.membership import Membership
from node.observe import Seen
from node.situation import Action, Phase, Situation, Step

STOPPED_BY_ORDER: Final = 143
KILLED: Final = 137
ORDERS_THAT_END_AT_ONCE: Final = 3
"""A killed child may hang in the kernel, in a read of a file system that is gone for example."""
EVIDENCE_S: Final = 5.0
"""A JVM writes a thread dump at its next safe point; one that hangs deeper writes none."""


def drain_begins(now: Situation, seen: Seen) -> Step:
    """No new job, no new visitor; what runs gets its time."""
    drained = replace(now, phase=Phase.DRAINING, deadline=seen.now + now.limits.drain_s)
    if not now.has_companion:
        return _part(drained, seen, "Ordered to stop; no companion counts jobs here.")
    return Step(
        sentence=(
            "Ordered to stop: no new jobs and no new visitors; running jobs may end within "
            f"{now.limits.drain_s:g} s."
        ),
        situation=drained,
        action=_tell_to_drain(seen),
    )


def draining(now: Situation, seen: Seen) -> Step:
    """Until no job runs or the time is over; then the balancer lets go, then the JVM ends."""
    if seen.signals.stop_orders > now.obeyed_stop_orders:
        return _kill(now, "Ordered to stop a second time; the drain is over and the JVM is killed.")
    if now.parting_until is not None:
        return _parting(now, seen, now.parting_until)
    said = seen.membership
    drains = said is not None and said.state == membership.DRAINING
    if said is not None and drains and said.running_jobs == 0:
        return _part(now, seen, "No job runs any more.")
    running = f"{said.running_jobs}" if said is not None and drains else "an unknown number of"
    if now.deadline is not None and seen.now >= now.deadline:
        over = f"The {now.limits.drain_s:g} s for running jobs are over with {running} still there:"
        return _part(now, seen, f"{over} they are put back, and run elsewhere.")
    return Step(
        sentence=f"Draining: waiting for {running} jobs to end.",
        situation=now,
        action=_tell_to_drain(seen),
    )


def _tell_to_drain(seen: Seen) -> Action:
    """Only a companion that has spoken is known to understand the signal; again if it did not
    report, or if the companion is another one by now.
    """
    reports = seen.membership is not None and seen.membership.state == membership.ALIVE
    return Action.TELL_TO_DRAIN if reports else Action.NOTHING


def _part(now: Situation, seen: Seen, reason: str) -> Step:
    return Step(
        sentence=f"{reason} The balancer shall send nothing more.",
        situation=replace(now, parting_until=seen.now + now.limits.parting_s),
    )


def _parting(now: Situation, seen: Seen, until: float) -> Step:
    if seen.now < until:
        return Step(sentence="The balancer lets go of the node.", situation=now)
    return _ask(now, seen, "Drained")


def stopping(now: Situation, seen: Seen) -> Step:
    """The child is to end; a second order or the limit kills it."""
    if now.killed and seen.signals.stop_orders >= ORDERS_THAT_END_AT_ONCE:
        return Step(
            sentence="Ordered to stop a third time; the killed child is not waited for.",
            situation=replace(now, phase=Phase.GONE, exit_code=now.exit_code or KILLED),
            pause_s=0,
        )
    if now.killed:
        return Step(sentence="The child was killed; waiting for its end.", situation=now)
    if seen.signals.stop_orders > now.obeyed_stop_orders:
        return _ordered_again(now)
    if now.evidence_until is not None:
        return _giving_evidence(now, seen, now.evidence_until)
    if now.deadline is not None and seen.now >= now.deadline:
        limit_s = now.limits.stop_s
        return _kill(now, f"The child did not end within {limit_s:g} s; it is killed.")
    return Step(sentence="Stopping; waiting for the child to end.", situation=now)


def _ordered_again(now: Situation) -> Step:
    if now.obeyed_stop_orders:
        return _kill(now, "Ordered to stop a second time; the child is killed.")
    return Step(
        sentence="Ordered to stop; the JVM is ending already.",
        situation=replace(now, obeyed_stop_orders=1),
    )


def _giving_evidence(now: Situation, seen: Seen, until: float) -> Step:
    if seen.now < until:
        return Step(sentence="The JVM prints its threads before it ends.", situation=now)
    return _ask(now, seen, "The evidence is above")


def end_not_serving(now: Situation, seen: Seen, fault: str) -> Step:
    """Its last lines and its threads first: afterwards it cannot be asked any more."""
    return Step(
        sentence=f"The JVM {fault}; it is ended. Its last lines follow, then its threads.",
        situation=replace(
            now,
            phase=Phase.STOPPING,
            deadline=None,
            evidence_until=seen.now + EVIDENCE_S,
            exit_code=errors.NOT_SERVING,
        ),
        action=Action.DUMP_THREADS,
        show_evidence=True,
    )


def fenced(now: Situation, said: Membership) -> Step:
    """Killed, not asked: the others run its jobs already, and it must not run them beside them."""
    return _kill(
        replace(now, exit_code=errors.FENCED),
        f"The other nodes have given this one up: the JVM is killed. {said.sentence}".rstrip(),
    )


def _ask(now: Situation, seen: Seen, reason: str) -> Step:
    return Step(
        sentence=f"{reason}; asked the JVM to end within {now.limits.stop_s:g} s.",
        situation=replace(
            now,
            phase=Phase.STOPPING,
            deadline=seen.now + now.limits.stop_s,
            evidence_until=None,
        ),
        action=Action.ASK_TO_END,
    )


def _kill(now: Situation, sentence: str) -> Step:
    killed = replace(now, phase=Phase.STOPPING, killed=True)
    return Step(sentence=sentence, situation=killed, action=Action.KILL)
