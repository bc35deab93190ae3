"""The balancer lets through what visitors may see, and nothing else."""

from collections.abc import Iterator

import httpx

from checks import evidence
from checks.check import BrokenPromiseError, Held, check
from checks.cluster import Cluster
from checks.cookies import SESSION_COOKIE, set_cookies
from contract.routing import BlockedPath

REDIRECTS = (301, 302, 303, 307, 308)
WEBAPPS = ("admin", "webtools", "shop")
VIEWS = (
    "/admin/control/showDateTime/viewdatafile",
    "/admin/control/view/~a=b/viewdatafile",
    "/catalog/control/view/EditProduct",
)
"""Each would show a page of the back office behind a request that needs no log-in."""
BELOW = "/below/it?query=1"


@check("routing.blocked", "blocked paths are refused with 403, by the balancer itself")
def blocked(cluster: Cluster) -> Held:
    rules = cluster.outputs.routing
    targets = [target for rule in rules.blocked for target in plain_targets(rule)]
    return _all_refused(cluster, targets, {httpx.codes.FORBIDDEN})


@check("routing.evasions", "other spellings of a blocked path are refused too")
def evasions(cluster: Cluster) -> Held:
    rules = cluster.outputs.routing
    plain = [path for rule in rules.blocked for path in paths(rule)]
    targets = [t for path in plain for t in dict.fromkeys(spellings(path))]
    # A path that climbs or hides a slash may also be no request at all to the balancer.
    return _all_refused(cluster, targets, {httpx.codes.FORBIDDEN, httpx.codes.BAD_REQUEST})


@check("routing.views", "no view of the back office is shown behind a request's name")
def views(cluster: Cluster) -> Held:
    public = cluster.outputs.routing.public_paths
    hidden = [path for path in VIEWS if not path.startswith(tuple(f"{each}/" for each in public))]
    targets = [t for path in hidden for t in (path, *dict.fromkeys(spellings(path)))]
    return _all_refused(cluster, targets, {httpx.codes.FORBIDDEN, httpx.codes.BAD_REQUEST})


@check("routing.root", "`/` leads to the first page")
def root(cluster: Cluster) -> Held:
    rules = cluster.outputs.routing
    with cluster.visitor() as visitor:
        response = visitor.get("/")
        wanted = response.request.url.join(rules.root_redirect)
        location = response.request.url.join(response.headers.get("location", ""))
        if response.status_code not in REDIRECTS or location != wanted:
            raise BrokenPromiseError(f"{evidence.of_answer(response)}; must redirect to {wanted}")
        page = visitor.get(rules.root_redirect)
    if page.status_code != httpx.codes.OK:
        raise BrokenPromiseError(f"{evidence.of_answer(page)}; the first page must answer 200")
    return Held(evidence=f"{response.status_code} to {location}, which answers 200")


@check("routing.health", "the health path answers 200 and makes no session")
def health(cluster: Cluster) -> Held:
    with cluster.visitor() as visitor:
        response = visitor.get(cluster.outputs.routing.health_path)
    if response.status_code != httpx.codes.OK:
        raise BrokenPromiseError(evidence.of_answer(response))
    if SESSION_COOKIE in set_cookies(response):
        raise BrokenPromiseError(
            f"{evidence.of_answer(response)}; every probe would make a session"
        )
    return Held(evidence=f"{cluster.outputs.routing.health_path}: 200, no {SESSION_COOKIE}")


def paths(rule: BlockedPath) -> Iterator[str]:
    """What a rule blocks, as anybody would write it."""
    if rule.match == "prefix":
        yield rule.path
    else:
        yield from (f"/{webapp}{rule.path}" for webapp in WEBAPPS)


def plain_targets(rule: BlockedPath) -> Iterator[str]:
    for path in paths(rule):
        yield from (path, f"{path}/", path + BELOW)


def spellings(path: str) -> Iterator[str]:
    """Other ways to write a path that a servlet container takes for the same one."""
    last = path.rpartition("/")[2]
    first, _, rest = path[1:].partition("/")
    rest = f"/{rest}" if rest else ""
    yield path.replace(last, f"%{ord(last[0]):02x}{last[1:]}")
    yield path.replace(last, "".join(f"%{ord(letter):02X}" for letter in last))
    yield f"/{path}"
    yield path.replace("/", "//")
    yield f"/./{path[1:]}"
    yield f"/images/..{path}"
    yield f"/images/%2e%2E{path}"
    yield f"/{first}/images/..{rest}/"
    yield f"/{first};jsessionid=1{rest}"
    yield f"{path};jsessionid=1"


def _all_refused(cluster: Cluster, targets: list[str], with_status: set[int]) -> Held:
    answers = []
    with cluster.visitor() as visitor:
        for target in targets:
            # A node that is reached leaves a cookie where there is none, with its name.
            visitor.forget_cookies()
            answers.append(visitor.get_exactly(target))
    node_cookies = {SESSION_COOKIE, cluster.outputs.routing.cookie_name}
    let_through = [
        answer
        for answer in answers
        if answer.status_code not in with_status or node_cookies & set_cookies(answer).keys()
    ]
    if let_through:
        listing = "\n".join(map(evidence.of_answer, let_through))
        raise BrokenPromiseError(
            f"{len(let_through)} of {len(targets)} were not refused:\n{listing}"
        )
    seen = ", ".join(str(status) for status in sorted({a.status_code for a in answers}))
    return Held(evidence=f"{len(targets)} spellings, each {seen}: {', '.join(targets)}")
