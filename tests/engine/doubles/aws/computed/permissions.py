"""Roles and policies."""

from collections.abc import Callable

from tests.engine.doubles.aws.computed.new import MADE_AT, Answer, Answers, New


def _iam(kind: str) -> Callable[[New], Answer]:
    def made(new: New) -> Answer:
        name = new.physical_name()
        path = str(new.inputs.get("path", "/"))
        unique = f"AROA{new.digits(17).upper()}"
        arn = new.arn("iam", f"{kind}{path}{name}", everywhere=True)
        outputs = {"name": name, "arn": arn, "uniqueId": unique, "createDate": MADE_AT}
        return (arn if kind == "policy" else name), outputs

    return made


def _attached(new: New) -> Answer:
    return f"{new.inputs['role']}-{new.digits(20)}", {}


def _role_policy(new: New) -> Answer:
    name = new.physical_name()
    return f"{new.inputs['role']}:{name}", {"name": name}


ANSWERS: Answers = {
    "aws:iam/instanceProfile:InstanceProfile": _iam("instance-profile"),
    "aws:iam/policy:Policy": _iam("policy"),
    "aws:iam/role:Role": _iam("role"),
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attached,
}
