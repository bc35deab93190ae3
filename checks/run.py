"""Which checks there are, and one run of them."""

import difflib
import os
import time
from collections.abc import Callable, Sequence

import httpx

from checks import cache_clear, evidence, faults, inside, nodes, routing, sessions, tls
from checks.check import BrokenPromiseError, Check, Held, NotTriedError
from checks.cluster import Cluster, Limits
from checks.containers import Containers
from contract.check_report import CheckReport, CheckResult, Verdict
from contract.stack_outputs import StackOutputs

CHECKS: tuple[Check, ...] = (
    tls.verified,
    tls.redirected,
    nodes.healthy,
    nodes.named,
    nodes.reached,
    nodes.subscribed,
    sessions.sticky,
    sessions.spread,
    sessions.kept,
    sessions.private,
    sessions.cookies,
    routing.health,
    routing.root,
    routing.blocked,
    routing.evasions,
    routing.views,
    cache_clear.fresh,
    inside.nodes,
    inside.subscribers,
    inside.received,
    faults.live_broker_killed,
    faults.node_killed,
    faults.mended,
)
"""In the order of a run: what the later ones need is tried first."""


class UnknownCheckError(Exception):
    """`only` names no check of this run; the message has the nearest names."""


def run_checks(  # noqa: PLR0913 - all but the first are keywords
    outputs: StackOutputs,
    *,
    faults: bool,
    only: Sequence[str] = (),
    no_skip: bool | None = None,
    limits: Limits | None = None,
    containers: Containers | None = None,
    before_each: Callable[[Check], None] = lambda _: None,
) -> CheckReport:
    """Every check, or those that `only` names (by name or by theme), each with its verdict.

    Where the outputs list no node, as on AWS, what is held against that list is left out. With
    `faults` containers are killed too, and started again. A check that cannot be tried is skipped
    with its reason; with `no_skip` (None: when the environment has CI) it fails instead.
    `containers` defaults to the Docker engine's. Raises UnknownCheckError before anything is tried.
    """
    chosen = choose(only, faults=faults, nodes_are_listed=bool(outputs.nodes))
    if containers is None and outputs.platform == "docker":
        containers = _docker_containers()
    cluster = Cluster.of(outputs, containers=containers, limits=limits)
    skip_verdict: Verdict = "fail" if (in_ci() if no_skip is None else no_skip) else "skip"
    results = []
    for each in chosen:
        before_each(each)
        results.append(_result(each, cluster, skip_verdict))
    return CheckReport(cluster=outputs.cluster, results=tuple(results))


def choose(
    only: Sequence[str], *, faults: bool, nodes_are_listed: bool = True
) -> tuple[Check, ...]:
    """The checks of a run, in their order. Raises UnknownCheckError."""
    offered = [
        each
        for each in CHECKS
        if (faults or not each.is_fault) and (nodes_are_listed or not each.needs_listed_nodes)
    ]
    names = {name for each in offered for name in (each.name, each.theme)}
    for name in only:
        if name not in names:
            raise UnknownCheckError(_no_such_check(name, names))
    return tuple(each for each in offered if not only or {each.name, each.theme} & set(only))


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _no_such_check(name: str, names: set[str]) -> str:
    known = [each for each in CHECKS if name in (each.name, each.theme)]
    if any(not each.is_fault for each in known):
        return f"only: {name!r} needs a list of nodes, and this stack's outputs have none."
    if known:
        return f"only: {name!r} breaks something on purpose; ask for it together with --faults."
    near = difflib.get_close_matches(name, names, n=3) or sorted(names)
    return f"only: got {name!r}; must be a check's name or theme, e.g. {', '.join(near)}."


def _docker_containers() -> Containers:
    return faults.DockerContainers()


def _result(each: Check, cluster: Cluster, skip_verdict: Verdict) -> CheckResult:
    started = time.monotonic()
    verdict, held = _verdict(each, cluster, skip_verdict)
    return CheckResult(
        name=each.name,
        promise=each.promise,
        verdict=verdict,
        seconds=round(time.monotonic() - started, 2),
        evidence=held.evidence,
        figures=dict(held.figures),
    )


def _verdict(each: Check, cluster: Cluster, skip_verdict: Verdict) -> tuple[Verdict, Held]:
    try:
        if cluster.outputs.routing.maintenance is not None:
            raise NotTriedError(
                "balancer.maintenance is set: visitors get its page, and no promise is kept to them"
            )
        if each.needs_reference_pages and not cluster.has_reference_pages:
            raise NotTriedError("only the reference node has the pages that this check reads")
        return "pass", each.trial(cluster)
    except NotTriedError as reason:
        refused = "; not trying counts as failing here" if skip_verdict == "fail" else ""
        return skip_verdict, Held(evidence=f"{reason}{refused}")
    except BrokenPromiseError as broken:
        return "fail", Held(evidence=str(broken))
    except (httpx.HTTPError, OSError) as error:
        # No answer at all: refused, reset, too late, or not to be trusted.
        return "fail", Held(evidence=evidence.of_error(error))
