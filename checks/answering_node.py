"""Which node answers a visitor: seen from outside, on any ERP."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from checks import evidence, reference_pages
from checks.check import BrokenPromiseError, NotTriedError
from checks.cluster import Cluster
from checks.cookies import SESSION_COOKIE, set_cookies
from checks.visitor import Visitor

ATTEMPTS_A_NODE = 10
"""Round robin needs one; drawing lots, 200 visitors miss one of 20 nodes rarely (0.07 %)."""


def answering_node(cluster: Cluster, visitor: Visitor) -> str:
    """Its instance id.

    The reference node has a page that says it. A node of the ERP writes it behind the id of every
    new session (`jvm-route` of catalina's scipio-component.xml), so there a visitor asks without
    the session that it has; the balancer's cookie it keeps. Raises what `instance_id_of` does.
    """
    if cluster.has_reference_pages:
        return reference_pages.node(visitor).instance_id
    visitor.forget_cookie(SESSION_COOKIE)
    return instance_id_of(visitor.get(cluster.outputs.routing.root_redirect))


def instance_id_of(response: httpx.Response) -> str:
    """Of the ERP's node that answered with a session cookie.

    Raises NotTriedError where the session's id names no node.
    """
    session = set_cookies(response).get(SESSION_COOKIE)
    if session is None:
        raise BrokenPromiseError(f"{evidence.of_answer(response)}; sets no cookie {SESSION_COOKIE}")
    _, named, instance_id = session.value.partition(".")
    if not named:
        raise NotTriedError(
            f"{SESSION_COOKIE} does not end with an instance id: this tree's catalina has no "
            "`jvm-route`"
        )
    return instance_id


@contextmanager
def a_visitor_at_each_node(cluster: Cluster) -> Iterator[dict[str, Visitor]]:
    """One visitor a node, by instance id, in the order of the outputs; each keeps its cookie.

    Raises BrokenPromiseError when visitors without a cookie do not reach every node, or reach a
    stranger.
    """
    expected = [node.instance_id for node in cluster.outputs.nodes]
    with ExitStack() as stay:
        found: dict[str, Visitor] = {}
        for _ in range(ATTEMPTS_A_NODE * len(expected)):
            visitor = stay.enter_context(cluster.visitor())
            found.setdefault(answering_node(cluster, visitor), visitor)
            if found.keys() >= set(expected):
                break
        if found.keys() != set(expected):
            raise BrokenPromiseError(
                f"{ATTEMPTS_A_NODE * len(expected)} visitors without a cookie reached "
                f"{', '.join(sorted(found)) or 'none'}; the stack's nodes are "
                f"{', '.join(expected)}"
            )
        yield {instance_id: found[instance_id] for instance_id in expected}
