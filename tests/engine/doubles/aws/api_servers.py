"""Auto Scaling, and launch templates of EC2."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from tests.engine.doubles.aws.account import Account, Thing
from tests.engine.doubles.aws.api_xml import Refusal, listed, members, xml
from tests.engine.doubles.aws.fleet import GROUP, TEMPLATE, Fleet

Form = dict[str, str]
REGION_AND_ACCOUNT: Final = "eu-central-1:123456789012"
MADE: Final = "2026-01-01T00:00:00Z"
UNDER_WAY: Final = {"InProgress", "Cancelling", "RollbackInProgress"}


def _describe_groups(account: Account, form: Form) -> str:
    names = listed(form, "AutoScalingGroupNames")
    groups = Fleet(account).groups(names)
    return xml({"AutoScalingGroups": [_group(Fleet(account), each) for each in groups]})


def _group(fleet: Fleet, group: Thing) -> dict[str, Any]:
    inputs, name = group.inputs, group.inputs["name"]
    servers = fleet.servers(name)
    template = inputs["launchTemplate"]
    return {
        "AutoScalingGroupName": name,
        "AutoScalingGroupARN": group.outputs["arn"],
        "LaunchTemplate": _template(template["id"], template["version"]),
        "MinSize": inputs["minSize"],
        "MaxSize": inputs["maxSize"],
        "DesiredCapacity": len(servers) or inputs.get("desiredCapacity") or inputs["minSize"],
        "DefaultCooldown": 300,
        "HealthCheckType": inputs.get("healthCheckType", "EC2"),
        "HealthCheckGracePeriod": inputs.get("healthCheckGracePeriod", 300),
        "CreatedTime": MADE,
        "AvailabilityZones": ["eu-central-1a"],
        "VPCZoneIdentifier": ",".join(inputs.get("vpcZoneIdentifiers", ())),
        "TerminationPolicies": ["Default"],
        "NewInstancesProtectedFromScaleIn": False,
        "Instances": [
            {
                "InstanceId": each["id"],
                "LifecycleState": each["lifecycle"],
                "HealthStatus": "Healthy",
                "AvailabilityZone": "eu-central-1a",
                "ProtectedFromScaleIn": False,
                "LaunchTemplate": _template(template["id"], each["version"]),
            }
            for each in servers
        ],
    }


def _template(id_: str, version: str) -> dict[str, str]:
    return {"LaunchTemplateId": id_, "Version": version}


def _create_group(account: Account, form: Form) -> str:
    name = form["AutoScalingGroupName"]
    arn = f"arn:aws:autoscaling:{REGION_AND_ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/{name}"
    inputs: dict[str, Any] = {"name": name, "vpcZoneIdentifiers": [form["VPCZoneIdentifier"]]}
    account.things.append(Thing(GROUP, name, name, inputs, {"arn": arn}))
    return _write(inputs, form)


def _update_group(account: Account, form: Form) -> str:
    """As AWS takes it: every server that is started from now on is of the version given here."""
    [group] = Fleet(account).groups([form["AutoScalingGroupName"]])
    return _write(group.inputs, form)


def _write(inputs: dict[str, Any], form: Form) -> str:
    inputs.update(
        {
            argument: int(form[key])
            for argument, key in (
                ("minSize", "MinSize"),
                ("maxSize", "MaxSize"),
                ("desiredCapacity", "DesiredCapacity"),
            )
            if key in form
        }
    )
    if "LaunchTemplate.Version" in form:
        id_, version = form["LaunchTemplate.LaunchTemplateId"], form["LaunchTemplate.Version"]
        inputs["launchTemplate"] = {"id": id_, "version": version}
    return ""


def _describe_activities(account: Account, form: Form) -> str:
    """One that fails is listed each time, until the group has tried again."""
    failing = Fleet(account).activities()
    found = [
        {
            "ActivityId": f"a{number}",
            "AutoScalingGroupName": form["AutoScalingGroupName"],
            "Cause": "scaling",
            "StartTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "StatusCode": "Failed",
            "StatusMessage": each["sentence"],
            "Progress": 100,
        }
        for number, each in enumerate(failing)
    ]
    for each in failing:
        each["times"] -= 1
    failing[:] = [each for each in failing if each["times"] > 0]
    return xml({"Activities": found})


def _start_refresh(account: Account, form: Form) -> str:
    fleet, name = Fleet(account), form["AutoScalingGroupName"]
    if any(each["status"] in UNDER_WAY for each in fleet.refreshes(name)):
        raise Refusal("InstanceRefreshInProgress", "An Instance Refresh is already in progress")
    beginning = "DesiredConfiguration.LaunchTemplate"
    version = form.get(f"{beginning}.Version") or fleet.version(name)
    started = fleet.start_refresh(name, version, form.get(f"{beginning}.LaunchTemplateId"))
    return xml({"InstanceRefreshId": started["id"]})


def _cancel_refresh(account: Account, form: Form) -> str:
    refresh = Fleet(account).refreshes(form["AutoScalingGroupName"])[0]
    refresh["status"] = "Cancelling"
    return xml({"InstanceRefreshId": refresh["id"]})


def _describe_refreshes(account: Account, form: Form) -> str:
    fleet, name = Fleet(account), form["AutoScalingGroupName"]
    fleet.go_on(name)
    wanted = listed(form, "InstanceRefreshIds")
    servers = fleet.servers(name)
    found = [
        {
            "InstanceRefreshId": each["id"],
            "AutoScalingGroupName": name,
            "Status": each["status"],
            "StatusReason": each["reason"] or None,
            "PercentageComplete": _percent(servers, each["wanted"]["version"]),
            "InstancesToUpdate": sum(
                one["version"] != each["wanted"]["version"] for one in servers
            ),
            "DesiredConfiguration": {
                "LaunchTemplate": _template(each["wanted"]["id"], each["wanted"]["version"])
            },
        }
        for each in fleet.refreshes(name)
        if not wanted or each["id"] in wanted
    ]
    return xml({"InstanceRefreshes": found[: int(form.get("MaxRecords", 100))]})


def _percent(servers: list[dict[str, Any]], version: str) -> int:
    done = len([each for each in servers if each["version"] == version])
    return 100 * done // max(len(servers), 1)


def _describe_template_versions(account: Account, form: Form) -> str:
    id_ = form["LaunchTemplateId"]
    every = Fleet(account).template_versions(id_)
    wanted = [value for key, value in form.items() if key.startswith("LaunchTemplateVersion.")]
    items = [
        {
            "launchTemplateId": id_,
            "versionNumber": number,
            "launchTemplateData": {"userData": _digest(every[number])},
        }
        for number in wanted
        if number in every
    ]
    return f"<launchTemplateVersionSet>{members(items, 'item')}</launchTemplateVersionSet>"


def _digest(inputs: dict[str, Any]) -> str:
    """Two versions of the same inputs start the same servers."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def _modify_template(account: Account, form: Form) -> str:
    template = account.find(TEMPLATE, form["LaunchTemplateId"])
    if template is None:
        raise Refusal("InvalidLaunchTemplateId.NotFound", "The specified launch template is gone")
    template.outputs["defaultVersion"] = int(form["SetDefaultVersion"])
    return ""


Actions = dict[str, Callable[[Account, Form], str]]

ACTIONS: Actions = {
    "CancelInstanceRefresh": _cancel_refresh,
    "CreateAutoScalingGroup": _create_group,
    "DescribeAutoScalingGroups": _describe_groups,
    "DescribeInstanceRefreshes": _describe_refreshes,
    "DescribeScalingActivities": _describe_activities,
    "StartInstanceRefresh": _start_refresh,
    "UpdateAutoScalingGroup": _update_group,
}

EC2_ACTIONS: Actions = {
    "DescribeLaunchTemplateVersions": _describe_template_versions,
    "ModifyLaunchTemplate": _modify_template,
}
