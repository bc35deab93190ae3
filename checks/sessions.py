"""A visitor has a session of its own, and keeps it."""

from collections import Counter

from checks import evidence
from checks.answering_node import answering_node
from checks.check import BrokenPromiseError, Held, check
from checks.cluster import Cluster
from checks.cookies import SESSION_COOKIE, set_cookies
from checks.kept_session import begin_session, loss_of_session
from checks.reference_pages import get_from_session, put_in_session

STICKY_REQUESTS = 20
VISITORS_A_NODE = 4


@check("sessions.sticky", "a visitor with the cookie stays on its node")
def sticky(cluster: Cluster) -> Held:
    with cluster.visitor() as visitor:
        answered = [answering_node(cluster, visitor) for _ in range(STICKY_REQUESTS)]
    if len(set(answered)) != 1:
        raise BrokenPromiseError(
            f"{STICKY_REQUESTS} requests of one visitor went to {_tally(answered)}"
        )
    return Held(evidence=f"{STICKY_REQUESTS} of {STICKY_REQUESTS} requests at {answered[0]}")


@check("sessions.spread", "visitors without the cookie spread over all nodes", listed_nodes=True)
def spread(cluster: Cluster) -> Held:
    answered = []
    for _ in range(VISITORS_A_NODE * len(cluster.outputs.nodes)):
        with cluster.visitor() as visitor:
            answered.append(answering_node(cluster, visitor))
    missed = {node.instance_id for node in cluster.outputs.nodes} - set(answered)
    if missed:
        raise BrokenPromiseError(
            f"none of {len(answered)} new visitors reached {', '.join(sorted(missed))}: "
            f"{_tally(answered)}"
        )
    return Held(evidence=f"{len(answered)} new visitors: {_tally(answered)}")


@check("sessions.kept", "a visitor's session is still there at its next request")
def kept(cluster: Cluster) -> Held:
    with cluster.visitor() as visitor:
        home = begin_session(cluster, visitor)
        loss = loss_of_session(cluster, visitor, home)
    if loss is not None:
        raise BrokenPromiseError(loss)
    return Held(evidence=f"begun and found again at {home}")


@check(
    "sessions.private",
    "a session is not seen by another visitor",
    reference_pages=True,
    listed_nodes=True,
)
def private(cluster: Cluster) -> Held:
    with cluster.visitor() as owner:
        home = put_in_session(owner, "colour", "vermilion").instance_id
        others = []
        for _ in range(VISITORS_A_NODE * len(cluster.outputs.nodes)):
            with cluster.visitor() as other:
                others.append(get_from_session(other, "colour"))
    seen = [page for page in others if page.value is not None]
    if seen:
        raise BrokenPromiseError(
            f"a new visitor read colour={seen[0].value} at {seen[0].instance_id}; it was written "
            f"by another one at {home}"
        )
    neighbours = sum(page.instance_id == home for page in others)
    if not neighbours:
        raise BrokenPromiseError(
            f"none of {len(others)} new visitors came to {home}, where the session is"
        )
    return Held(
        evidence=f"{len(others)} other visitors, {neighbours} of them at {home}: none sees it"
    )


@check("sessions.cookies", "cookies of balancer and node are Secure and HttpOnly")
def cookies(cluster: Cluster) -> Held:
    page = cluster.outputs.routing.root_redirect
    with cluster.visitor() as visitor:
        response = visitor.get(page)
    found = set_cookies(response)
    for name in (cluster.outputs.routing.cookie_name, SESSION_COOKIE):
        if name not in found:
            raise BrokenPromiseError(f"{evidence.of_answer(response)}; sets no cookie {name}")
        missing = [flag for flag in ("secure", "httponly") if not found[name][flag]]
        if missing:
            raise BrokenPromiseError(
                f"{evidence.of_answer(response)}; {name} lacks {' and '.join(missing)}"
            )
    return Held(evidence=f"{page} sets {' and '.join(sorted(found))}, Secure and HttpOnly")


def _tally(answered: list[str]) -> str:
    return ", ".join(f"{instance_id} {times}×" for instance_id, times in Counter(answered).items())
