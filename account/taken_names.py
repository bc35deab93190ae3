"""Names that the plan fixes and AWS has once: whether another thing of the account has them."""

from collections.abc import Iterator
from typing import Final

from account.errors import MissingError
from account.finding import Finding, fits, lacks
from account.plan import Plan
from account.session import Aws, tags_of

RETAINED: Final = (
    "It was made by hand, or by a stack whose state is lost. Delete or rename it, or give this "
    "cluster another aws.name."
)


def name_findings(aws: Aws, plan: Plan, cluster: str) -> Iterator[Finding]:
    """One for each kind of thing that has a fixed name; others get seven random digits."""
    yield from _groups(aws, plan, cluster)
    yield from _log_groups(aws, plan, cluster)
    yield from _dashboards(aws, plan)
    yield _secrets(aws, cluster)


def _groups(aws: Aws, plan: Plan, cluster: str) -> Iterator[Finding]:
    names = _names(plan, "aws:autoscaling/group:Group", "name")
    if not names:
        return
    found = aws.ask_all(
        "autoscaling",
        "describe_auto_scaling_groups",
        "AutoScalingGroups",
        AutoScalingGroupNames=sorted(names),
    )
    foreign = [
        str(each["AutoScalingGroupName"])
        for each in found
        if tags_of(each).get("Cluster") != cluster
    ]
    yield _finding("Auto Scaling groups", names, foreign)


def _log_groups(aws: Aws, plan: Plan, cluster: str) -> Iterator[Finding]:
    names = _names(plan, "aws:cloudwatch/logGroup:LogGroup", "name")
    if not names:
        return
    foreign = []
    for name in sorted(names):
        there = aws.ask_all("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        for each in there:
            if each["logGroupName"] == name:
                arn = str(each["arn"]).removesuffix(":*")
                tags = aws.ask("logs", "list_tags_for_resource", resourceArn=arn).get("tags", {})
                foreign += [name] if tags.get("Cluster") != cluster else []
    yield _finding("log groups", names, foreign)


def _dashboards(aws: Aws, plan: Plan) -> Iterator[Finding]:
    """A dashboard carries no tag: one of that name is shown, and replaced by the update."""
    for name in sorted(_names(plan, "aws:cloudwatch/dashboard:Dashboard", "dashboardName")):
        try:
            aws.ask("cloudwatch", "get_dashboard", DashboardName=name)
        except MissingError:
            yield fits("Name of the dashboard", f"{name} is free")
        else:
            yield fits("Name of the dashboard", f"{name} is there; an update writes it anew")


def _secrets(aws: Aws, cluster: str) -> Finding:
    """Secrets in recovery keep their names; this program's have random digits in theirs."""
    found = aws.ask_all(
        "secretsmanager",
        "list_secrets",
        "SecretList",
        IncludePlannedDeletion=True,
        Filters=[{"Key": "name", "Values": [cluster]}],
    )
    waiting = [str(each["Name"]) for each in found if each.get("DeletedDate")]
    seen = f"{len(waiting)} of this cluster's name wait for deletion, and are in nothing's way"
    return fits("Secrets in recovery", seen)


def _names(plan: Plan, token: str, argument: str) -> set[str]:
    """Those that the program fixes: what Pulumi chooses itself is noted beside the inputs."""
    return {
        str(each.inputs[argument])
        for each in plan.of_type(token)
        if argument in each.inputs
        and argument not in (each.inputs.get("__defaults") or ())
        and isinstance(each.inputs[argument], str)
        and not _is_unknown(str(each.inputs[argument]))
    }


def _is_unknown(text: str) -> bool:
    """The engine's mark for what is not known before an update."""
    return text == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _finding(what: str, names: set[str], foreign: list[str]) -> Finding:
    subject = f"Names of {what}"
    if foreign:
        return lacks(subject, f"{', '.join(foreign)}: taken by another", RETAINED)
    return fits(subject, f"{', '.join(sorted(names))}: free, or this cluster's own")
