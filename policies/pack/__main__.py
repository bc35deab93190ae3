"""The rules as a policy pack: `pulumi preview --policy-pack policies/pack`.

The profile is the stack's (`scipio:profile`). Where the engine does not hand its configuration to
policy packs, `SCIPIO_PROFILE` says it, and production's rules hold where it is not set.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Secret,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

# The engine starts the pack in its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from policies.rule import Profile, Resource, Rule, StackRule
from policies.rules import rules_of, stack_rules_of

CAREFUL: Final[Profile] = "prod"


def profile() -> Profile:
    """Of the stack that is looked at."""
    configuration = json.loads(os.environ.get("PULUMI_CONFIG") or "{}")
    said = configuration.get("scipio:profile") or os.environ.get("SCIPIO_PROFILE")
    return next((each for each in get_args(Profile) if each == said), CAREFUL)


def plain(value: Any) -> Any:
    """Without the wrapping of the policy SDK, which raises wherever a value is not known yet."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {key: _inner(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_inner(value, index) for index in range(len(value))]
    return value


def _inner(whole: Any, key: Any) -> Any:
    try:
        return plain(whole[key])
    except UnknownValueError:
        return UNKNOWN


class Unknown:
    """What a preview does not know: no plain value, so that every rule passes it by."""


UNKNOWN: Final = Unknown()


def _resource_policy(rule: Rule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        current = {each.name: each for each in rules_of(profile())}.get(rule.name)
        for fault in current.faults(args.resource_type, plain(args.props)) if current else ():
            report(str(fault), None)

    return ResourceValidationPolicy(name=rule.name, description=rule.promise, validate=validate)


def _stack_policy(rule: StackRule) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        current = {each.name: each for each in stack_rules_of(profile())}.get(rule.name)
        resources = [
            Resource(type=each.resource_type, name=each.name, inputs=plain(each.props))
            for each in args.resources
        ]
        for fault in current.faults(resources) if current else ():
            report(str(fault), None)

    return StackValidationPolicy(name=rule.name, description=rule.promise, validate=validate)


if __name__ == "__main__":
    # Production's rules are all there are; a smaller profile leaves some of them out.
    PolicyPack(
        name="scipio-cluster",
        enforcement_level=EnforcementLevel.MANDATORY,
        policies=[
            *(_resource_policy(rule) for rule in rules_of(CAREFUL)),
            *(_stack_policy(rule) for rule in stack_rules_of(CAREFUL)),
        ],
    )
