"""A session begun on a node, and whether it is still there: seen from outside, on any ERP."""

from checks import evidence, reference_pages
from checks.answering_node import instance_id_of
from checks.check import NotTriedError
from checks.cluster import Cluster
from checks.cookies import SESSION_COOKIE, set_cookies
from checks.visitor import Visitor

VISITOR_COOKIE = "Scipio.Visitor"
"""A node sends it with the first answer of a session, and not again (VisitHandler.java:213-285)."""
NAME = "home"


def begin_session(cluster: Cluster, visitor: Visitor) -> str:
    """A new session; returns the instance id of its node.

    Raises NotTriedError where nothing would show later that it is the same one.
    """
    if cluster.has_reference_pages:
        home = reference_pages.node(visitor).instance_id
        reference_pages.put_in_session(visitor, NAME, home)
        return home
    visitor.forget_cookie(SESSION_COOKIE)
    response = visitor.get(cluster.outputs.routing.root_redirect)
    if VISITOR_COOKIE not in set_cookies(response):
        raise NotTriedError(
            f"{evidence.of_answer(response)} sends no {VISITOR_COOKIE}, by which a new session is "
            "known (stats.persist.visitor in serverstats.properties)"
        )
    return instance_id_of(response)


def loss_of_session(cluster: Cluster, visitor: Visitor, home: str) -> str | None:
    """What became of the session that began at `home`; None while it is there."""
    if cluster.has_reference_pages:
        page = reference_pages.get_from_session(visitor, NAME)
        if (page.instance_id, page.value) == (home, home):
            return None
        return (
            f"a visitor of {home} is at {page.instance_id} with {NAME}={page.value} in its session"
        )
    response = visitor.get(cluster.outputs.routing.root_redirect)
    at = instance_id_of(response) if SESSION_COOKIE in set_cookies(response) else home
    if at == home and VISITOR_COOKIE not in set_cookies(response):
        return None
    return f"a visitor of {home} is at {at}, in a new session"
