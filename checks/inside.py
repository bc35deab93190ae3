"""What each node finds when it looks around from inside: `python3 -m node check` in every one."""

from pydantic import ValidationError

from checks.check import BrokenPromiseError, Held, NotTriedError, check
from checks.cluster import Cluster
from checks.containers import Containers
from contract.inside_report import InsideReport, InsideResult

NODE_CHECK = ("python3", "-m", "node", "check", "--json")
SUBSCRIBED = "cacheClear.subscribed"
MEMBERS = "database.members"


@check("inside.nodes", "every node finds all in order when it looks around from inside")
def nodes(cluster: Cluster) -> Held:
    reports = _reports(cluster)
    broken = {instance_id: _faults(report) for instance_id, report in reports.items()}
    if any(broken.values()):
        raise BrokenPromiseError("\n".join(line for lines in broken.values() for line in lines))
    return Held(
        evidence="; ".join(
            f"{instance_id}: {report.sum()}" for instance_id, report in reports.items()
        )
    )


@check("inside.subscribers", "as many nodes hear cache clears as live by the table of heartbeats")
def subscribers(cluster: Cluster) -> Held:
    """The broker's own count takes a JMS client to ask for; each node's JVM knows its own part."""
    reports = _reports(cluster)
    hearing = [i for i, report in reports.items() if _line(report, SUBSCRIBED).verdict == "pass"]
    if all(_line(report, SUBSCRIBED).verdict == "skip" for report in reports.values()):
        raise NotTriedError(
            "no node knows whether it is subscribed: mode stock, or a listener of the tree's own"
        )
    live = {int(_line(report, MEMBERS).figures.get("live_nodes", 0)) for report in reports.values()}
    seen = f"{len(hearing)} hear clears ({', '.join(hearing) or 'nobody'}), {_counts(live)} live"
    if live != {len(hearing)}:
        raise BrokenPromiseError(seen)
    return Held(evidence=seen, figures={"subscribed": len(hearing)})


def _counts(live: set[int]) -> str:
    return " or ".join(str(count) for count in sorted(live))


def _reports(cluster: Cluster) -> dict[str, InsideReport]:
    """By instance id. Raises NotTriedError where nobody can be sent inside."""
    containers = cluster.containers
    members = cluster.outputs.members
    named = {each.instance_id: each.container for each in members if each.container is not None}
    if containers is None or not named:
        raise NotTriedError(
            f"no container of the platform {cluster.outputs.platform} can be entered from here; "
            "docs/operations.md has the command to run on a node"
        )
    return {instance_id: _report(containers, container) for instance_id, container in named.items()}


def _report(containers: Containers, container: str) -> InsideReport:
    printed = containers.ask(container, NODE_CHECK)
    try:
        return InsideReport.model_validate_json(printed)
    except ValidationError:
        raise BrokenPromiseError(
            f"{container}: `{' '.join(NODE_CHECK)}` printed no report, but {printed[:200]!r}\n"
            f"--- {container}, last lines\n{containers.last_lines(container)}"
        ) from None


def _line(report: InsideReport, name: str) -> InsideResult:
    found = next((result for result in report.results if result.name == name), None)
    if found is None:
        raise BrokenPromiseError(f"{report.instance_id}: its report has no line {name}")
    return found


def _faults(report: InsideReport) -> list[str]:
    return [
        f"{report.instance_id} {result.name}: {result.evidence}\n  -> {result.advice}"
        for result in report.results
        if result.verdict == "fail"
    ]
