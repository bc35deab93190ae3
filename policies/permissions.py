"""No role may do everything: policies name actions, and what they are for."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from policies import aws_types
from policies.places import at, expect
from policies.rule import Fault, Inputs, Rule, only

_DOCUMENTS = ("policy", "assumeRolePolicy", "policyDocument", "inlinePolicies[].policy")

_ADMINISTRATION = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


_GRANT_NOTHING = (aws_types.VPC_ENDPOINT,)
"""Their policies only limit what other policies allow."""


def _everything(type_: str, inputs: Inputs) -> list[Fault]:
    return [
        Fault(
            place=f"{place}: {_called(statement)}",
            seen=f"allowing {action}",
            change="Name the actions that are needed, and what they are needed on.",
        )
        for place, statement in _allowing(type_, inputs)
        for action in _listed(statement.get("Action"))
        if _is_administration(type_, action, statement)
    ]


def _is_administration(type_: str, action: str, statement: Mapping[str, Any]) -> bool:
    if action in ("*", "*:*"):
        return True
    # A key's own policy speaks of that key alone, and calls it `*`.
    return (
        action.endswith(":*") and "*" in _listed(statement.get("Resource"))
    ) and type_ != aws_types.KEY


def _exceptions(type_: str, inputs: Inputs) -> list[Fault]:
    return [
        Fault(
            place=f"{place}: {_called(statement)}",
            seen=f"allowing by {key}",
            change="Name what is allowed: whatever AWS adds later would be allowed with it.",
        )
        for place, statement in _allowing(type_, inputs)
        for key in ("NotAction", "NotResource", "NotPrincipal")
        if key in statement
    ]


def _anybody(type_: str, inputs: Inputs) -> list[Fault]:
    return [
        Fault(
            place=f"{place}: {_called(statement)}",
            seen="allowing everybody without a condition",
            change="Name who may, or add a condition on the account.",
        )
        for place, statement in _allowing(type_, inputs)
        if _is_everybody(statement.get("Principal")) and not statement.get("Condition")
    ]


def _is_everybody(principal: Any) -> bool:
    if isinstance(principal, Mapping):
        return "*" in _listed(principal.get("AWS"))
    return bool(principal == "*")


def _for_life(type_: str, inputs: Inputs) -> list[Fault]:
    if type_ not in (aws_types.ROLE_POLICY, aws_types.ROLE):
        return []
    found = list(_allowing(type_, inputs))
    gives_up = any(_GIVES_UP in _listed(each.get("Action")) for _, each in found)
    return [
        Fault(
            place=f"{place}: {_called(statement)}",
            seen="reading a secret of a database's administrator for ever",
            change=f"Let a server change its profile once its node has served ({_GIVES_UP}).",
        )
        for place, statement in found
        if not gives_up
        and any(each in _READS_SECRETS for each in _listed(statement.get("Action")))
        and any(_is_administrators(each) for each in _listed(statement.get("Resource")))
    ]


def _is_administrators(resource: str) -> bool:
    """RDS's own secrets begin so; a wildcard may be one."""
    return ":secret:rds!" in resource or resource.endswith(("*", ":secret:"))


def _called(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid", "a statement"))


def _allowing(type_: str, inputs: Inputs) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in () if type_ in _GRANT_NOTHING else _DOCUMENTS:
        for place, document in at(inputs, path):
            for statement in _statements(document):
                if statement.get("Effect") == "Allow":
                    yield place, statement


def _statements(document: Any) -> list[dict[str, Any]]:
    """None for what is no policy document: other arguments are called `policy` too."""
    try:
        found = json.loads(str(document))
    except ValueError:
        return []
    statements = found.get("Statement", []) if isinstance(found, dict) else []
    return [statements] if isinstance(statements, dict) else list(statements)


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(each) for each in value]


@only(aws_types.POLICY_ATTACHMENT)
def _attached(inputs: Inputs) -> list[Fault]:
    return expect(inputs, "policyArn", _is_narrow, "Attach a policy for what the role does.")


@only(aws_types.ROLE)
def _managed(inputs: Inputs) -> list[Fault]:
    return expect(
        inputs, "managedPolicyArns[]", _is_narrow, "Attach a policy for what the role does."
    )


def _is_narrow(arn: Any) -> bool:
    name = str(arn).rsplit("/", maxsplit=1)[-1]
    return name not in _ADMINISTRATION and not name.endswith("FullAccess")


_GIVES_UP = "ec2:ReplaceIamInstanceProfileAssociation"
_READS_SECRETS = ("secretsmanager:GetSecretValue", "secretsmanager:*", "*")

RULES = (
    Rule(
        name="administrators-secrets-are-given-up",
        promise="No role of a server reads the secret of a database's administrator for its life.",
        faults=_for_life,
    ),
    Rule(
        name="no-wildcard-administration",
        promise="No policy allows every action of a service on everything.",
        faults=_everything,
    ),
    Rule(
        name="no-allowing-by-exception",
        promise="No policy allows all but what it names.",
        faults=_exceptions,
    ),
    Rule(
        name="nobody-is-everybody",
        promise="No policy of a resource lets everybody in without a condition.",
        faults=_anybody,
    ),
    Rule(
        name="no-administrators-policy-is-attached",
        promise="No role gets a policy of AWS's that is made for administrators.",
        faults=_attached,
    ),
    Rule(
        name="no-administrators-policy-is-managed",
        promise="No role names a policy of AWS's that is made for administrators.",
        faults=_managed,
    ),
)
