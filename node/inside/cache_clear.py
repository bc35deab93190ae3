"""Does this node receive the cache clears of the others, and does it send its own?

No broker is asked for its subscribers: that takes a JMS client. The cluster's component in the JVM
says whether its subscription stands and what waits to be sent; `make check` holds all nodes'
answers against who lives.
"""

import time
from collections.abc import Iterator, Mapping

from contract.inside_report import InsideResult
from node.fresh_report import fresh_report
from node.inside.json_page import NoPageError, json_page
from node.inside.result import failed, passed, skipped
from node.inside.site import Site
from node.launch import read_launch
from node.subscription import MAX_AGE_S

ROUND_TRIP_S = 10.0
"""A broker that has just taken over is found again within this time."""
PAUSE_S = 0.002
LONGEST_WAIT_S = 20.0
"""A clear that waits longer does not go out: a broker that is gone has a successor by then."""
LOOPBACK = "127.0.0.1"


def look(site: Site) -> Iterator[InsideResult]:
    """The component's figures of both directions, then a clear that is sent and waited for."""
    reason = _unknown(site)
    said = None if reason else fresh_report(site.paths.cache_clear_figures, MAX_AGE_S)
    for name, of_figures in (("cacheClear.subscribed", _receives), ("cacheClear.sends", _sends)):
        if reason:
            yield skipped(name, reason)
        elif said is None:
            yield failed(
                name,
                f"{site.paths.cache_clear_figures} is not there, or older than {MAX_AGE_S:g} s",
                "The cluster's component does not run in the JVM: look into the container's log.",
            )
        else:
            yield of_figures(name, said)
    yield _round_trip(site)


def _unknown(site: Site) -> str:
    """Why nothing in this JVM says how its cache clear does; empty where something does."""
    if site.document.cache_clear.mode == "stock":
        return "mode stock: the ERP's own listener and sender have no figures"
    if site.paths.launch.is_file() and not read_launch(site.paths.launch).awaits_subscription:
        return "the tree's own listener has no figures"
    return ""


def _receives(name: str, said: Mapping[str, object]) -> InsideResult:
    figures = _figures(
        said,
        {
            "received": "received",
            "not_followed": "notFollowed",
            "unknown_entities": "unknownEntities",
        },
    )
    counted = _counted(figures)
    if said.get("subscribed") is not True:
        return failed(
            name,
            f"the JVM does not receive clears ({counted})",
            "See the line broker.live; the component subscribes again by itself.",
            **figures,
        )
    if 2 * figures.get("not_followed", 0) > figures.get("received", 0):
        return failed(
            name,
            f"the JVM receives clears and cannot follow most of them: it clears its own caches "
            f"instead, every 10 s at the most ({counted})",
            "The container's log says why, with the words `cannot be followed`: a component that "
            "was built for another tree, or other senders' messages on the topic.",
            **figures,
        )
    since = _since(said.get("subscribedSince"))
    return passed(name, f"the JVM receives clears {since}({counted})", **figures)


def _sends(name: str, said: Mapping[str, object]) -> InsideResult:
    figures = _figures(
        said,
        {
            "queue_depth": "queueDepth",
            "oldest_waiting_s": "oldestWaitingS",
            "sent": "sent",
            "clear_alls_sent": "clearAllsSent",
            "failures": "failures",
            "reconnects": "reconnects",
            "dropped_to_clear_all": "droppedToClearAll",
            "publish_median_ms": "publishMsMedian",
            "publish_p99_ms": "publishMsP99",
        },
    )
    counted = _counted(figures)
    fault = said.get("fault")
    if fault or said.get("senders") == 0:
        return failed(
            name,
            str(fault or "the ERP made no sender in this JVM") + f" ({counted})",
            "No other node gets this one's clears. The container's log says why, with the words "
            "`cache clear` or `DistributedCacheClear`; mend it and start the container again.",
            **figures,
        )
    if said.get("senderAlive") is False:
        return failed(
            name,
            f"the thread that sends clears is not there ({counted})",
            "The JVM could not start one: look for `unable to create native thread` in the "
            "container's log. The next write tries again.",
            **figures,
        )
    waits_s = figures.get("oldest_waiting_s", 0)
    if waits_s > LONGEST_WAIT_S or (
        said.get("connected") is False and figures.get("queue_depth", 0) > 0
    ):
        return failed(
            name,
            f"the JVM's clears do not go out: the oldest waits for {waits_s:g} s ({counted})",
            "See the line broker.live; what waits is sent, or becomes a clear of everything, as "
            "soon as a broker answers. If one does, look into the container's log.",
            **figures,
        )
    return passed(name, f"the JVM sends its clears ({counted})", **figures)


def _figures(said: Mapping[str, object], keys: Mapping[str, str]) -> dict[str, float]:
    return {
        figure: float(value)
        for figure, key in keys.items()
        if isinstance(value := said.get(key), int | float)
    }


def _counted(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{figure.replace('_', ' ')} {value:g}" for figure, value in figures.items())


def _since(at: object) -> str:
    return f"for {time.time() - at:.0f} s " if isinstance(at, int | float) else ""


def _round_trip(site: Site) -> InsideResult:
    """A row written here, and the clear of it received here, by way of the broker."""
    name = "cacheClear.roundTrip"
    port = site.document.node.http_port
    try:
        page = json_page(LOOPBACK, port, "/reference/node")
    except NoPageError as error:
        return skipped(name, f"only the reference node has a page that writes a row ({error})")
    if page.get("implementation") != "reference node":
        return skipped(name, "only the reference node has a page that writes a row")
    try:
        took_ms = _sent_and_heard(port, f"/reference/rows/check-of-{site.instance_id}")
    except NoPageError as error:
        return failed(name, str(error), "Look into the container's log for why the write failed.")
    if took_ms is None:
        return failed(
            name,
            f"no clear of a row written here came back within {ROUND_TRIP_S:g} s",
            "See the line broker.live: clears go out or come in no more.",
        )
    return passed(
        name, f"a clear went to the broker and back in {took_ms:g} ms", round_trip_ms=took_ms
    )


def _sent_and_heard(port: int, path: str) -> float | None:
    """Milliseconds from a write to the message that clears its row here; None when none came.

    A node receives its own messages too. Raises NoPageError.
    """
    before = _clears_heard(port, path)
    written = time.monotonic()
    json_page(LOOPBACK, port, path, method="PUT", body=f"written at {time.time():.3f}")
    while time.monotonic() < written + ROUND_TRIP_S:
        if _clears_heard(port, path) > before:
            return round((time.monotonic() - written) * 1000, 1)
        time.sleep(PAUSE_S)
    return None


def _clears_heard(port: int, path: str) -> int:
    """Raises NoPageError when the page does not say it."""
    received = json_page(LOOPBACK, port, path).get("clearsHeard")
    if not isinstance(received, int):
        raise NoPageError(f"GET {path}: the page does not say clearsHeard; the image is older")
    return received
