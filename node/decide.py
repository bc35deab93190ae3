"""What to do next: a pure function of where the node is and what was seen.

`preparing → starting → serving → draining → stopping → gone`; every phase may go straight to
`stopping` or `gone` when its child ends. One stop order drains a node that serves, and asks the
child of any other to end; a second one ends it at once.
"""

from dataclasses import replace
from typing import Final

from node import errors
from node.companion import HAND_BACK_S, companion_trouble, joining
from node.ending import STOPPED_BY_ORDER, drain_begins, draining, end_not_serving, fenced, stopping
from node.membership import FENCED, LEASE_S
from node.observe import Seen
from node.situation import Action, Phase, Situation, Step

SERVING_PAUSE_S: Final = 2.0
"""Far below the age at which `ready` counts no more."""
UNCONFIRMED_PAUSE_S: Final = 0.2
"""Visitors wait for what the companion says next."""
LONGEST_LOOK_S: Final = 10.0
"""A longer gap between two looks: the node itself stood still, which is no silence of the JVM's."""


def decide(before: Situation, seen: Seen) -> Step:
    """The next step. Pure: same situation, same view, same step."""
    now = _remember(before, seen)
    return _whatever_the_phase(now, seen) or _in_its_phase(now, seen)


def _whatever_the_phase(now: Situation, seen: Seen) -> Step | None:
    if now.leaving:
        return _leaving(now, seen)
    if seen.exit_code is not None and not now.joining:
        return _after_the_child(now, seen, seen.exit_code)
    said = seen.membership
    if said is not None and said.state == FENCED and not (now.joining or now.killed):
        return fenced(now, said)
    ends = now.phase in (Phase.DRAINING, Phase.STOPPING)
    if seen.signals.stop_orders > now.obeyed_stop_orders and not ends:
        return _stop_ordered(now, seen)
    return None


def _in_its_phase(now: Situation, seen: Seen) -> Step:
    if now.phase is Phase.STOPPING:
        return stopping(now, seen)
    if now.phase is Phase.DRAINING:
        return companion_trouble(now, seen) or draining(now, seen)
    if now.phase is Phase.PREPARING:
        return joining(now, seen) if now.joining else _preparing(now)
    if seen.signals.thread_dumps > now.obeyed_thread_dumps:
        return _thread_dump(now, seen)
    return companion_trouble(now, seen) or _with_the_jvm(now, seen)


def _remember(before: Situation, seen: Seen) -> Situation:
    """Whether the node stood still, since when the JVM answers or is silent, what the companion
    said.
    """
    stood_still = before.looked_at is not None and seen.now - before.looked_at > LONGEST_LOOK_S
    now = replace(before, looked_at=seen.now, woke_at=seen.now if stood_still else before.woke_at)
    return _remember_membership(_remember_answers(now, seen, stood_still=stood_still), seen)


def _remember_answers(now: Situation, seen: Seen, *, stood_still: bool) -> Situation:
    asked = now.phase in (Phase.STARTING, Phase.SERVING)
    silent_since = seen.now if now.silent_since is None or stood_still else now.silent_since
    reported = seen.membership is not None or (stood_still and now.companion_reported is not None)
    return replace(
        now,
        answered_since=(now.answered_since or seen.now) if seen.serving else now.answered_since,
        silent_since=(
            silent_since if asked and not seen.serving and now.answered_since is not None else None
        ),
        companion_reported=seen.now if reported else now.companion_reported,
    )


def _remember_membership(now: Situation, seen: Seen) -> Situation:
    """A companion that is started anew has not said anything yet: what was confirmed counts on."""
    said = None if seen.membership is None else seen.membership.confirmed_uptime_s
    confirmed_at = now.confirmed_at if said is None else said
    return replace(
        now,
        confirmed_at=confirmed_at,
        is_member=not now.has_companion
        or (
            confirmed_at is not None
            and seen.now - confirmed_at <= LEASE_S
            and (now.woke_at is None or confirmed_at >= now.woke_at)
        ),
    )


def _gone(now: Situation, exit_code: int, sentence: str, *, show_evidence: bool = False) -> Step:
    return Step(
        sentence=sentence,
        situation=replace(now, phase=Phase.GONE, deadline=None, exit_code=exit_code),
        pause_s=0,
        show_evidence=show_evidence,
    )


def _after_the_child(now: Situation, seen: Seen, code: int) -> Step:
    if now.phase is Phase.PREPARING and code == 0:
        return Step(
            sentence="The node is prepared.",
            situation=replace(now, joining=True),
            action=Action.JOIN,
            pause_s=0,
        )
    if now.phase is Phase.PREPARING:
        return _gone(now, code, f"The preparation failed with exit code {code}: no JVM is started.")
    if now.phase is Phase.STARTING:
        sentence = f"The JVM ended with exit code {code} before it served."
        return _leave(now, seen, code, sentence, show_evidence=True)
    if now.phase is not Phase.STOPPING:
        return _leave(now, seen, code, f"The JVM ended by itself with exit code {code}.")
    final = code if now.exit_code is None else now.exit_code
    return _leave(now, seen, final, f"Stopped; the child's exit code is {code}.")


def _leave(
    now: Situation, seen: Seen, code: int, sentence: str, *, show_evidence: bool = False
) -> Step:
    """The end, or first the companion's: it hands back what the JVM held."""
    if not now.has_companion or seen.companion_exit_code is not None:
        return _gone(now, code, sentence, show_evidence=show_evidence)
    return Step(
        sentence=f"{sentence} Its jobs and locks are handed back.",
        situation=replace(
            now,
            phase=Phase.STOPPING,
            leaving=True,
            exit_code=code,
            obeyed_stop_orders=seen.signals.stop_orders,
            deadline=seen.now + HAND_BACK_S,
        ),
        action=Action.ASK_COMPANION_TO_END,
        show_evidence=show_evidence,
    )


def _leaving(now: Situation, seen: Seen) -> Step:
    code = now.exit_code or 0
    if seen.companion_exit_code == 0:
        return _gone(now, code, "Handed back; the node is gone.")
    if seen.companion_exit_code == errors.FENCED:
        return _gone(now, code, "The other nodes have taken over before; the node is gone.")
    if seen.companion_exit_code is not None:
        failed = f"Handing back failed with exit code {seen.companion_exit_code}"
        return _gone(now, code, f"{failed}; the other nodes do it when they miss this one.")
    if seen.signals.stop_orders > now.obeyed_stop_orders:
        return _gone(now, code, "Ordered to stop again; the other nodes clean up.")
    if now.deadline is not None and seen.now >= now.deadline:
        late = f"Handing back took longer than {HAND_BACK_S:g} s"
        return _gone(now, code, f"{late}; the other nodes clean up.")
    return Step(sentence="The companion hands back jobs and locks.", situation=now)


def _stop_ordered(now: Situation, seen: Seen) -> Step:
    obeyed = replace(now, obeyed_stop_orders=now.obeyed_stop_orders + 1)
    if not now.child_started:
        return _gone(obeyed, STOPPED_BY_ORDER, "Ordered to stop before anything was started.")
    if now.joining:
        sentence = "Ordered to stop before the JVM was started."
        return _leave(obeyed, seen, STOPPED_BY_ORDER, sentence)
    if now.phase is Phase.SERVING:
        return drain_begins(obeyed, seen)
    # An order seen while preparing must win over a preparation that ends well at the same moment.
    preparing = now.phase is Phase.PREPARING
    return Step(
        sentence=f"Ordered to stop; asked the child to end within {now.limits.stop_s:g} s.",
        situation=replace(
            obeyed,
            phase=Phase.STOPPING,
            deadline=seen.now + now.limits.stop_s,
            exit_code=STOPPED_BY_ORDER if preparing else None,
        ),
        action=Action.ASK_TO_END,
    )


def _thread_dump(now: Situation, seen: Seen) -> Step:
    return Step(
        sentence="SIGQUIT passed on: the JVM prints its threads.",
        situation=replace(now, obeyed_thread_dumps=seen.signals.thread_dumps),
        action=Action.DUMP_THREADS,
        ready=now.phase is Phase.SERVING and seen.serving and now.is_member,
    )


def _preparing(now: Situation) -> Step:
    if now.child_started:
        return Step(sentence="Preparing the node.", situation=now)
    return Step(
        sentence="Preparing the node.",
        situation=replace(now, child_started=True),
        action=Action.START_PREPARATION,
    )


def _with_the_jvm(now: Situation, seen: Seen) -> Step:
    silent_s = 0 if now.silent_since is None else seen.now - now.silent_since
    if silent_s > 0 and silent_s >= now.limits.silence_s:
        return end_not_serving(now, seen, f"did not answer for {now.limits.silence_s:g} s")
    pool_stuck_s = 0.0 if seen.membership is None else seen.membership.pool_stuck_s
    if pool_stuck_s >= now.limits.pool_stuck_s:
        stuck = f"had its whole connection pool idle in transaction for {pool_stuck_s:.0f} s"
        return end_not_serving(now, seen, stuck)
    return _starting(now, seen) if now.phase is Phase.STARTING else _serving(now, seen)


def _starting(now: Situation, seen: Seen) -> Step:
    if now.answered_since is not None:
        return _answering(now, seen)
    if now.deadline is None:
        now = replace(now, deadline=seen.now + now.limits.boot_s)
    elif seen.now >= now.deadline:
        return end_not_serving(now, seen, f"did not serve within {now.limits.boot_s:g} s")
    return Step(sentence="The JVM runs; waiting until it serves.", situation=now)


def _answering(now: Situation, seen: Seen) -> Step:
    """It answered once, so the limit of the boot is over. Visitors come when its first page is
    compiled and it is subscribed; each wait has a limit of its own, and both run at once.
    """
    if not seen.serving:
        return Step(sentence="The JVM answered and fell silent: not ready.", situation=now)
    if now.warm_up_due:
        return Step(
            sentence="The JVM answers; its first page is asked for before a visitor does.",
            situation=replace(now, warm_up_due=False, warming_up=True),
            action=Action.BEGIN_WARM_UP,
        )
    if now.warming_up and seen.warmed_up is not None:
        return Step(
            sentence=f"Warm-up: {seen.warmed_up}.",
            situation=replace(now, warming_up=False),
            pause_s=0,
        )
    return _subscribing(now, seen)


def _subscribing(now: Situation, seen: Seen) -> Step:
    """Before it is subscribed it would miss what the others clear; but while no broker lives
    no node is subscribed, and a site without a ready node is worse than an old row.
    """
    waited_s = 0.0 if now.answered_since is None else seen.now - now.answered_since
    subscribed = seen.subscribed or not now.awaits_subscription
    if not subscribed and waited_s < now.limits.subscription_s:
        return Step(
            sentence=(
                "The JVM answers; waiting until it is subscribed to the topic, for "
                f"{now.limits.subscription_s:g} s at most."
            ),
            situation=now,
        )
    if now.warming_up:
        return Step(sentence="The JVM answers; waiting for its first page.", situation=now)
    return Step(
        sentence=_serves(now, seen),
        situation=replace(now, phase=Phase.SERVING, deadline=None),
        ready=now.is_member,
        pause_s=SERVING_PAUSE_S,
    )


def _serving(now: Situation, seen: Seen) -> Step:
    silent = "The JVM runs, but does not answer: not ready."
    if not now.is_member:
        return Step(sentence=_unconfirmed(now), situation=now, pause_s=UNCONFIRMED_PAUSE_S)
    return Step(
        sentence=_serves(now, seen) if seen.serving else silent,
        situation=now,
        ready=seen.serving,
        pause_s=SERVING_PAUSE_S,
    )


def _unconfirmed(now: Situation) -> str:
    """Visitors wait, or go to another node: the others may have given this one up meanwhile."""
    if now.woke_at is not None and (now.confirmed_at is None or now.confirmed_at < now.woke_at):
        return (
            "The node stood still: it serves no visitor until the database confirms that it is "
            "one of the cluster."
        )
    return (
        f"The database has not confirmed for {LEASE_S:g} s that this node is one of the cluster: "
        "it serves no visitor until it does."
    )


def _serves(now: Situation, seen: Seen) -> str:
    if seen.subscribed or not now.awaits_subscription:
        return "The node serves."
    return (
        "The node serves, but is not subscribed to the topic: what others clear is missed until it "
        "is, and then all its caches are cleared."
    )
