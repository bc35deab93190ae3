"""Does this node hear the cache clears of the others, and do its own go out?

No broker is asked for its subscribers: that takes a JMS client. The cluster's component in the JVM
says whether its subscription stands; `make check` holds all nodes' answers against who lives.
"""

import time
from collections.abc import Iterator

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
LOOPBACK = "127.0.0.1"


def look(site: Site) -> Iterator[InsideResult]:
    """The component's figures, then a clear that is sent and waited for."""
    yield _figures(site)
    yield _round_trip(site)


def _figures(site: Site) -> InsideResult:
    name = "cacheClear.subscribed"
    if site.document.cache_clear.mode == "stock":
        return skipped(name, "mode stock: the ERP's own listener says nothing of its subscription")
    if site.paths.launch.is_file() and not read_launch(site.paths.launch).awaits_subscription:
        return skipped(name, "the tree's own listener says nothing of its subscription")
    path = site.paths.cache_clear_figures
    said = fresh_report(path, MAX_AGE_S)
    if said is None:
        return failed(
            name,
            f"{path} is not there, or older than {MAX_AGE_S:g} s",
            "The cluster's component does not run in the JVM: look into the container's log.",
        )
    figures = {
        figure: float(said[key])
        for figure, key in (
            ("queue_depth", "queueDepth"),
            ("sent", "sent"),
            ("clear_alls_sent", "clearAllsSent"),
            ("received", "received"),
            ("not_followed", "notFollowed"),
            ("failures", "failures"),
            ("reconnects", "reconnects"),
            ("dropped_to_clear_all", "droppedToClearAll"),
            ("publish_median_ms", "publishMsMedian"),
            ("publish_p99_ms", "publishMsP99"),
        )
        if isinstance(said.get(key), int | float)
    }
    counted = ", ".join(
        f"{figure.replace('_', ' ')} {value:g}" for figure, value in figures.items()
    )
    if said.get("subscribed") is not True:
        return failed(
            name,
            f"the JVM does not hear clears ({counted})",
            "See the line broker.live; the component subscribes again by itself.",
            **figures,
        )
    if 2 * figures.get("not_followed", 0) > figures.get("received", 0):
        return failed(
            name,
            f"the JVM hears clears and cannot follow most of them: it clears all its entity caches "
            f"for each ({counted})",
            "The container's log says why, with the words `cannot be followed`: a component that "
            "was built for another tree, or somebody else's messages on the topic.",
            **figures,
        )
    return passed(
        name, f"the JVM hears clears {_since(said.get('subscribedSince'))}({counted})", **figures
    )


def _since(at: object) -> str:
    return f"for {time.time() - at:.0f} s " if isinstance(at, int | float) else ""


def _round_trip(site: Site) -> InsideResult:
    """A row written here, and the clear of it heard here, by way of the broker."""
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

    A node hears its own messages too. Raises NoPageError.
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
    heard = json_page(LOOPBACK, port, path).get("clearsHeard")
    if not isinstance(heard, int):
        raise NoPageError(f"GET {path}: the page does not say clearsHeard; the image is older")
    return heard
