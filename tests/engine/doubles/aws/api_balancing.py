"""Load balancers: rules with their weights, and the health of targets."""

import re
from collections.abc import Callable
from typing import Any, Final

from tests.engine.doubles.aws.account import Account, Thing
from tests.engine.doubles.aws.api_xml import xml
from tests.engine.doubles.aws.fleet import GROUP, Fleet

Form = dict[str, str]
RULE: Final = "aws:lb/listenerRule:ListenerRule"


def _describe_rules(account: Account, form: Form) -> str:
    rules = [
        each
        for each in account.of_type(RULE)
        if each.inputs["listenerArn"] == form.get("ListenerArn")
    ]
    return xml({"Rules": [_rule(each) for each in rules]})


def _rule(rule: Thing) -> dict[str, Any]:
    return {
        "RuleArn": rule.outputs["arn"],
        "Priority": rule.inputs["priority"],
        "IsDefault": False,
        "Actions": [_action(each) for each in rule.inputs["actions"]],
    }


def _action(action: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"Type": action["type"]}
    forward = action.get("forward")
    if forward:
        stickiness = forward["stickiness"]
        found["ForwardConfig"] = {
            "TargetGroups": [
                {"TargetGroupArn": each["arn"], "Weight": each["weight"]}
                for each in forward["targetGroups"]
            ],
            "TargetGroupStickinessConfig": {
                "Enabled": stickiness["enabled"],
                "DurationSeconds": stickiness["duration"],
            },
        }
    return found


def _modify_rule(account: Account, form: Form) -> str:
    rule = next(each for each in account.of_type(RULE) if each.outputs["arn"] == form["RuleArn"])
    weights: dict[str, int] = {}
    beginning = "Actions.member.1.ForwardConfig.TargetGroups.member"
    for key, value in form.items():
        found = re.fullmatch(re.escape(beginning) + r"\.(\d+)\.TargetGroupArn", key)
        if found:
            weights[value] = int(form[f"{beginning}.{found[1]}.Weight"])
    for action in rule.inputs["actions"]:
        for each in action["forward"]["targetGroups"]:
            each["weight"] = weights[each["arn"]]
    return xml({"Rules": [_rule(rule)]})


def _describe_health(account: Account, form: Form) -> str:
    """Every server of the group that registers with the target group is healthy."""
    fleet = Fleet(account)
    names = [
        str(each.inputs["name"])
        for each in account.of_type(GROUP)
        if form["TargetGroupArn"] in each.inputs.get("targetGroupArns", ())
    ]
    return xml(
        {
            "TargetHealthDescriptions": [
                {"Target": {"Id": server["id"]}, "TargetHealth": {"State": "healthy"}}
                for group in fleet.groups(names)
                for server in fleet.servers(str(group.inputs["name"]))
            ]
        }
    )


ACTIONS: dict[str, Callable[[Account, Form], str]] = {
    "DescribeRules": _describe_rules,
    "DescribeTargetHealth": _describe_health,
    "ModifyRule": _modify_rule,
}
