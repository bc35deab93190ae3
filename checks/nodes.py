"""The nodes are all there, each under its own name, and receive each other's cache clears."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

from checks.answering_node import a_visitor_at_each_node
from checks.check import BrokenPromiseError, Held, check
from checks.cluster import Cluster
from checks.reference_pages import NodePage, node
from checks.statistics import servers
from checks.visitor import Visitor
from checks.waiting import seconds_until
from contract.names import INSTANCE_ID_MAX_LENGTH


@check(
    "nodes.healthy", "the balancer finds as many nodes healthy as the stack has", listed_nodes=True
)
def healthy(cluster: Cluster) -> Held:
    found = servers(cluster)
    up = [server for server in found if server.is_up]
    seen = ", ".join(map(str, found)) or "no server at all"
    if len(up) != len(cluster.outputs.nodes):
        raise BrokenPromiseError(f"{len(up)} of {len(cluster.outputs.nodes)} nodes are up: {seen}")
    return Held(evidence=seen)


@check("nodes.named", "instance ids are unique and at most 20 characters long", listed_nodes=True)
def named(cluster: Cluster) -> Held:
    ids = [node.instance_id for node in cluster.outputs.nodes]
    twice = [instance_id for instance_id, count in Counter(ids).items() if count > 1]
    if twice:
        raise BrokenPromiseError(
            f"more than one node is named {', '.join(twice)}: {', '.join(ids)}"
        )
    too_long = [i for i in ids if len(i) > INSTANCE_ID_MAX_LENGTH]
    if too_long:
        raise BrokenPromiseError(
            f"longer than {INSTANCE_ID_MAX_LENGTH} characters: {', '.join(too_long)}"
        )
    return Held(evidence=", ".join(ids))


@check(
    "nodes.reached",
    "visitors reach every node, under exactly the instance ids that the stack names",
    listed_nodes=True,
)
def reached(cluster: Cluster) -> Held:
    with a_visitor_at_each_node(cluster) as visitors:
        return Held(evidence=", ".join(visitors))


@check(
    "nodes.subscribed",
    "every node receives cache clears, all through the same live broker",
    reference_pages=True,
    listed_nodes=True,
)
def subscribed(cluster: Cluster) -> Held:
    with a_visitor_at_each_node(cluster) as visitors:
        pages = once_subscribed(cluster, visitors)
    seen = ", ".join(
        f"{page.instance_id} {'receives' if page.subscribed else 'does not receive'} from "
        f"{page.live_broker}"
        for page in pages
    )
    if not all(page.subscribed for page in pages):
        raise BrokenPromiseError(f"after {cluster.limits.subscribed_s:g} s: {seen}")
    if len({page.live_broker for page in pages}) != 1:
        raise BrokenPromiseError(f"not the same broker: {seen}")
    return Held(evidence=seen)


def once_subscribed(cluster: Cluster, visitors: Mapping[str, Visitor]) -> list[NodePage]:
    """What every node says of itself once all receive cache clears, or when their time is over."""
    pages: list[NodePage] = []

    def all_subscribed() -> bool:
        pages[:] = [node(visitor) for visitor in visitors.values()]
        return all(page.subscribed for page in pages)

    with suppress(TimeoutError):
        seconds_until(all_subscribed, within_s=cluster.limits.subscribed_s)
    return pages
