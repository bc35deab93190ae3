"""What each node says when it looks around from inside: `python3 -m node check` in every one."""

from pydantic import ValidationError

from checks.check import BrokenPromiseError, NotTriedError
from checks.cluster import Cluster
from checks.containers import Containers
from contract.inside_report import InsideReport, InsideResult

NODE_CHECK = ("python3", "-m", "node", "check", "--json")


def reports(cluster: Cluster) -> dict[str, InsideReport]:
    """By instance id. Raises NotTriedError where no container can be entered."""
    containers, named = entered(cluster)
    return {instance_id: _report(containers, container) for instance_id, container in named.items()}


def entered(cluster: Cluster) -> tuple[Containers, dict[str, str]]:
    """Who can ask inside, and the members' containers by instance id.

    Raises NotTriedError where no container can be entered.
    """
    containers = cluster.containers
    members = cluster.outputs.members
    named = {each.instance_id: each.container for each in members if each.container is not None}
    if containers is None or not named:
        raise NotTriedError(
            f"no container of the platform {cluster.outputs.platform} can be entered from here; "
            "docs/operations.md has the command to run on a node"
        )
    return containers, named


def line(report: InsideReport, name: str) -> InsideResult:
    """Raises BrokenPromiseError where the report has no such line."""
    found = next((result for result in report.results if result.name == name), None)
    if found is None:
        raise BrokenPromiseError(f"{report.instance_id}: its report has no line {name}")
    return found


def _report(containers: Containers, container: str) -> InsideReport:
    printed = containers.ask(container, NODE_CHECK)
    try:
        return InsideReport.model_validate_json(printed)
    except ValidationError:
        raise BrokenPromiseError(
            f"{container}: `{' '.join(NODE_CHECK)}` printed no report, but {printed[:200]!r}\n"
            f"--- {container}, last lines\n{containers.last_lines(container)}"
        ) from None
