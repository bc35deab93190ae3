"""A cluster of thin air: balancer, nodes and brokers as rules over a little state.

It behaves well, but for what its `Behaviour` says. It knows nothing of the checks.
"""

import json
import posixpath
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import unquote, urlsplit

from contract.routing import BlockedPath

BALANCER_COOKIE = "SCIPIO_NODE"
BLOCKED = (
    BlockedPath(path="/solr", reason="a test"),
    BlockedPath(path="/demosuite", reason="a test"),
    BlockedPath(path="/control/httpService", match="any-webapp", reason="a test"),
    BlockedPath(path="/control/SOAPService", match="any-webapp", reason="a test"),
)


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How the cluster behaves; every default is right."""

    certificate_days: float = 30
    foreign_authority: bool = False
    redirect_status: int = 301
    redirect_drops_query: bool = False
    down: tuple[str, ...] = ()
    statistics_are_html: bool = False
    deaf: tuple[str, ...] = ()
    at_other_broker: tuple[str, ...] = ()
    answers_as: dict[str, str] = field(default_factory=dict)
    sticky: bool = True
    only_node: str | None = None
    forgets_sessions: bool = False
    shares_sessions: bool = False
    balancer_cookie_flags: str = "HttpOnly; Secure"
    session_cookie_flags: str = "HttpOnly; Secure"
    health_makes_session: bool = False
    root_leads_to: str = "/admin/control/main"
    first_page_status: int = 200
    blocks: bool = True
    blocks_only_as_written: bool = False
    shows_views: bool = False
    node_refuses_instead: bool = False
    stale: tuple[str, ...] = ()
    clears_late_s: float = 0
    caches: bool = True
    pages_are_html: bool = False
    clears_lost_after_kill: int = 1
    writes_failing_after_kill: int = 2
    broker_takes_over: bool = True
    killed_broker_waits_again: bool = True
    balancer_leaves_dead_node: bool = True
    node_loss_takes_all_sessions: bool = False
    ill_inside: tuple[str, ...] = ()
    deaf_inside: tuple[str, ...] = ()
    unregistered: tuple[str, ...] = ()
    silent_inside: tuple[str, ...] = ()
    receives_nothing_inside: tuple[str, ...] = ()
    sends_nothing_inside: tuple[str, ...] = ()
    loses_what_it_sends: tuple[str, ...] = ()
    """The node counts it as sent, and the others count as many of another node."""
    follows_nothing_inside: tuple[str, ...] = ()
    of_an_older_image: tuple[str, ...] = ()
    stock_listener: bool = False
    remembers_visitors: bool = True
    sessions_name_their_node: bool = True


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def with_header(self, name: str, value: str) -> "Answer":
        return Answer(status=self.status, body=self.body, headers=(*self.headers, (name, value)))


@dataclass
class FakeNode:
    """One node: sessions and cached rows in memory; `old` rows are served until their time."""

    instance_id: str
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)
    cache: dict[str, str | None] = field(default_factory=dict)
    old: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    received: int = 0
    received_from: dict[str, int] = field(default_factory=dict)

    @property
    def container(self) -> str:
        return f"test-{self.instance_id}"


class FakeCluster:
    """Answers requests as the balancer would; one at a time."""

    def __init__(self, behaviour: Behaviour, *, nodes: int) -> None:
        self.behaviour = behaviour
        self.nodes = [FakeNode(f"scipio-{number}") for number in range(1, nodes + 1)]
        self.brokers = ["test-broker-1", "test-broker-2"]
        self.live_broker = self.brokers[0]
        self.dead: set[str] = set()
        self.rows: dict[str, str] = {}
        self._writes_to_fail = 0
        self._clears_to_lose = 0
        self._turn = 0
        self._lock = threading.Lock()

    def answer(self, method: str, target: str, cookie_header: str, body: str) -> Answer:
        cookies = {name: morsel.value for name, morsel in SimpleCookie(cookie_header).items()}
        with self._lock:
            return self._balance(method, target, cookies, body)

    # What happens to containers.

    def kill(self, container: str) -> None:
        with self._lock:
            self.dead.add(container)
            if container == self.live_broker:
                self._lose_live_broker()
            elif self.behaviour.node_loss_takes_all_sessions:
                for node in self.nodes:
                    node.sessions.clear()

    def start(self, container: str) -> None:
        with self._lock:
            self.dead.discard(container)
            for node in self.nodes:
                if node.container == container:
                    node.sessions.clear()
                    node.cache.clear()

    def broker_role(self, container: str) -> str:
        if container in self.dead:
            return ""
        if container == self.live_broker:
            return "live: listens on 61617\n"
        was_killed = self.live_broker != self.brokers[0]
        if was_killed and not self.behaviour.killed_broker_waits_again:
            return "starting: does not listen\n"
        return "standby: waits for the lock\n"

    def up_nodes(self) -> list[FakeNode]:
        return [
            node
            for node in self.nodes
            if node.container not in self.dead and node.instance_id not in self.behaviour.down
        ]

    def _lose_live_broker(self) -> None:
        if self.behaviour.broker_takes_over:
            self.live_broker = next(name for name in self.brokers if name not in self.dead)
            self._writes_to_fail = self.behaviour.writes_failing_after_kill
            self._clears_to_lose = self.behaviour.clears_lost_after_kill
        else:
            self._writes_to_fail = 1_000_000

    # The balancer.

    def _balance(self, method: str, target: str, cookies: dict[str, str], body: str) -> Answer:
        path = urlsplit(f"http://host{target}").path
        is_blocked = self._is_blocked(path)
        if is_blocked and not self.behaviour.node_refuses_instead:
            return Answer(status=403, body="blocked")
        if path == "/":
            return Answer(status=302, headers=(("Location", self.behaviour.root_leads_to),))
        node = self._choose(cookies.get(BALANCER_COOKIE))
        if node is None:
            return Answer(status=503, body="no node")
        answer = (
            Answer(status=403) if is_blocked else self._node(node, method, target, cookies, body)
        )
        if cookies.get(BALANCER_COOKIE) == node.instance_id:
            return answer
        flags = self.behaviour.balancer_cookie_flags
        return answer.with_header(
            "Set-Cookie", f"{BALANCER_COOKIE}={node.instance_id}; path=/; {flags}"
        )

    def _is_blocked(self, path: str) -> bool:
        if not self.behaviour.blocks:
            return False
        if not self.behaviour.blocks_only_as_written:
            path = re.sub(r";[^/]*", "", unquote(path))
            path = posixpath.normpath(re.sub(r"/+", "/", path)).lower()
        for rule in BLOCKED:
            start = re.escape(rule.path.lower() if path == path.lower() else rule.path)
            webapp = "/[^/]+" if rule.match == "any-webapp" else ""
            if re.match(rf"{webapp}{start}(/|$)", path):
                return True
        is_view = re.match(r"/(?!shop/)[^/]+/control/[^/]+(/~[^/]*)*/[^~/]", path)
        return is_view is not None and not self.behaviour.shows_views

    def _choose(self, cookie: str | None) -> FakeNode | None:
        up = self.up_nodes()
        if self.behaviour.sticky and cookie is not None:
            own = next(node for node in self.nodes if node.instance_id == cookie)
            if own in up or not self.behaviour.balancer_leaves_dead_node:
                return own if own in up else None
        if self.behaviour.only_node is not None:
            return next(node for node in up if node.instance_id == self.behaviour.only_node)
        self._turn += 1
        return up[self._turn % len(up)] if up else None

    # A node.

    def _node(
        self, node: FakeNode, method: str, target: str, cookies: dict[str, str], body: str
    ) -> Answer:
        url = urlsplit(target)
        if url.path == "/images/busy.gif" and not self.behaviour.health_makes_session:
            return Answer(status=200)
        if not url.path.startswith("/reference/"):
            page = Answer(status=self.behaviour.first_page_status, body="<html>a node</html>")
            return self._session(node, cookies, page)
        if self.behaviour.pages_are_html:
            return Answer(status=200, body="<html>not what you think</html>")
        if url.path.startswith("/reference/session/"):
            return self._session_page(node, method, url.path, cookies, body)
        if url.path.startswith("/reference/rows/"):
            past_cache = url.query == "from=database"
            return self._row_page(node, method, url.path, body, past_cache=past_cache)
        return self._node_page(node)

    def _name(self, node: FakeNode) -> str:
        return self.behaviour.answers_as.get(node.instance_id, node.instance_id)

    def _node_page(self, node: FakeNode) -> Answer:
        other = node.instance_id in self.behaviour.at_other_broker
        return _json(
            200,
            implementation="reference node",
            instanceId=self._name(node),
            subscribed=node.instance_id not in self.behaviour.deaf,
            liveBroker="ssl://elsewhere:61617" if other else f"ssl://{self.live_broker}:61617",
        )

    def _session(self, node: FakeNode, cookies: dict[str, str], answer: Answer) -> Answer:
        if cookies.get("JSESSIONID") in node.sessions and not self.behaviour.forgets_sessions:
            return answer
        if self.behaviour.remembers_visitors:
            answer = self._remember(node, answer)
        session = secrets.token_hex(8)
        if self.behaviour.sessions_name_their_node:
            session += f".{self._name(node)}"
        node.sessions[session] = {}
        flags = self.behaviour.session_cookie_flags
        return answer.with_header("Set-Cookie", f"JSESSIONID={session}; Path=/; {flags}")

    def _remember(self, node: FakeNode, answer: Answer) -> Answer:
        """A row of the new visitor, whose clear is sent without waiting for it."""
        if self._writes_to_fail > 0:
            self._writes_to_fail -= 1
        else:
            self._tell(node)
        return answer.with_header("Set-Cookie", "Scipio.Visitor=10000; Path=/; Secure; HttpOnly")

    def _session_page(
        self, node: FakeNode, method: str, path: str, cookies: dict[str, str], body: str
    ) -> Answer:
        name = path.rpartition("/")[2]
        session = cookies.get("JSESSIONID", "")
        known = node.sessions.get("shared" if self.behaviour.shares_sessions else session)
        if method == "GET":
            value = None if known is None else known.get(name)
            status = 404 if value is None else 200
            return _json(status, instanceId=self._name(node), name=name, value=value)
        page = _json(200, instanceId=self._name(node), name=name, value=body)
        if self.behaviour.forgets_sessions:
            return page
        if known is None:
            session = "shared" if self.behaviour.shares_sessions else secrets.token_hex(8)
            known = node.sessions.setdefault(session, {})
            flags = self.behaviour.session_cookie_flags
            page = page.with_header("Set-Cookie", f"JSESSIONID={session}; Path=/; {flags}")
        known[name] = body
        return page

    def _row_page(
        self, node: FakeNode, method: str, path: str, body: str, *, past_cache: bool
    ) -> Answer:
        key = path.rpartition("/")[2]
        who = self._name(node)
        if method == "PUT":
            if self._writes_to_fail > 0:
                self._writes_to_fail -= 1
                return _json(503, error="no broker answers; rolled back")
            self._write(node, key, body)
            return _json(200, instanceId=who, key=key, value=body, commitMs=0.5)
        cached = key in node.cache and not past_cache
        if cached and 0 < node.old.get(key, 0) <= time.monotonic():
            node.cache[key] = self.rows.get(key)
            del node.old[key]
        value = node.cache[key] if cached else self.rows.get(key)
        if self.behaviour.caches and not past_cache:
            node.cache[key] = value
        return _json(200, instanceId=who, key=key, value=value, cached=cached)

    def _write(self, writer: FakeNode, key: str, value: str) -> None:
        self.rows[key] = value
        writer.cache.pop(key, None)
        if self._clears_to_lose > 0:
            self._clears_to_lose -= 1
            return
        self._tell(writer)
        for node in self.nodes:
            if node.instance_id in self.behaviour.stale:
                continue
            if self.behaviour.clears_late_s and node is not writer:
                node.old[key] = time.monotonic() + self.behaviour.clears_late_s
            else:
                node.cache.pop(key, None)

    def _tell(self, writer: FakeNode) -> None:
        """By the figures alone: a node that counts a clear may serve the old row all the same."""
        sender = writer.instance_id
        if sender in self.behaviour.sends_nothing_inside:
            return
        writer.sent += 1
        named = "?" if sender in self.behaviour.loses_what_it_sends else sender
        for node in self.nodes:
            if node.instance_id not in self.behaviour.receives_nothing_inside:
                node.received += 1
                node.received_from[named] = node.received_from.get(named, 0) + 1


def _json(status: int, **fields: object) -> Answer:
    return Answer(
        status=status, body=json.dumps(fields), headers=(("Content-Type", "application/json"),)
    )
