"""What to do about the companion: the JVM waits for its first word and outlives its failures."""

from dataclasses import replace
from typing import Final

from node import errors, membership
from node.observe import Seen
from node.situation import Action, Phase, Situation, Step

JOIN_S: Final = 120.0
"""It must announce this node before a job of it looks like a dead one's."""
RESTART_PAUSE_S: Final = 5.0
SILENCE_S: Final = 60.0
"""Longer than its database needs for a restart; it says so meanwhile (`cut off`)."""
HAND_BACK_S: Final = 12.0
"""The ten seconds that it may take, and some for its start and end."""


def joining(now: Situation, seen: Seen) -> Step:
    """The JVM starts once the other nodes know of this one."""
    if not now.has_companion:
        return _start_jvm(now, "Starting the JVM.")
    code = seen.companion_exit_code
    if code is not None:
        return _not_joined(now, code or errors.UNAVAILABLE, f"the companion ended with {code}")
    said = seen.membership
    if said is not None and said.state == membership.ALIVE:
        return _start_jvm(now, "The node is one of the cluster; starting the JVM.")
    if said is not None and said.state == membership.FENCED:
        return _not_joined(now, errors.FENCED, said.sentence)
    if now.deadline is None:
        now = replace(now, deadline=seen.now + JOIN_S)
    elif seen.now >= now.deadline:
        return _not_joined(now, errors.UNAVAILABLE, f"not done within {JOIN_S:g} s")
    return Step(sentence="Telling the other nodes of this one.", situation=now)


def companion_trouble(now: Situation, seen: Seen) -> Step | None:
    """None: there is none, or nothing to do about it now."""
    if not now.has_companion:
        return None
    code = seen.companion_exit_code
    if code is None:
        return _hanging(now, seen)
    if now.companion_due is None:
        return _said_with(
            replace(now, companion_due=seen.now + RESTART_PAUSE_S),
            seen,
            f"The companion ended with exit code {code}; it is started again.",
        )
    if seen.now < now.companion_due:
        return None
    return _said_with(
        replace(now, companion_due=None, companion_reported=seen.now),
        seen,
        "The companion is started again.",
        Action.START_COMPANION,
    )


def _hanging(now: Situation, seen: Seen) -> Step | None:
    if now.companion_reported is None or seen.now - now.companion_reported < SILENCE_S:
        return None
    return _said_with(
        replace(now, companion_reported=seen.now),
        seen,
        f"The companion has said nothing for {SILENCE_S:g} s; it is killed and started again.",
        Action.KILL_COMPANION,
    )


def _said_with(now: Situation, seen: Seen, sentence: str, action: Action = Action.NOTHING) -> Step:
    """The JVM is not concerned: what served goes on serving."""
    ready = now.phase is Phase.SERVING and seen.serving and now.is_member
    return Step(sentence=sentence, situation=now, action=action, ready=ready)


def _start_jvm(now: Situation, sentence: str) -> Step:
    return Step(
        sentence=sentence,
        situation=replace(now, phase=Phase.STARTING, joining=False, deadline=None),
        action=Action.START_JVM,
        pause_s=0,
    )


def _not_joined(now: Situation, code: int, reason: str) -> Step:
    return Step(
        sentence=f"The node could not join the cluster, no JVM is started: {reason}",
        situation=replace(now, phase=Phase.GONE, deadline=None, exit_code=code),
        pause_s=0,
    )
