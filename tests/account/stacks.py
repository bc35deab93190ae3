"""Settings and plans of the stacks on AWS, with some settings changed."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from account.plan import Plan, PlannedResource, plan_of
from settings.aws.settings import AwsSettings
from settings.load import load
from settings.sections import laid_over
from tests.components.aws.stacks import StackName, configuration, record_aws

NO_CHANGE: Mapping[str, Any] = {}


def aws_settings(stack: StackName, changes: Mapping[str, Any] = NO_CHANGE) -> AwsSettings:
    """The stack's own file, with `changes` merged into it."""
    found = load(laid_over(configuration(stack), changes), where=stack)
    assert isinstance(found, AwsSettings)
    return found


def recorded_plan(stack: StackName, changes: Mapping[str, Any] = NO_CHANGE) -> Plan:
    """What the program registers, without an engine; each such stack once a run."""
    return _recorded_plan(stack, json.dumps(changes, sort_keys=True))


@cache
def _recorded_plan(stack: StackName, changes: str) -> Plan:
    recording = record_aws(stack, json.loads(changes), preview=True)
    types = {each.urn: each.type for each in recording}
    return plan_of(
        PlannedResource(
            type=each.type,
            name=each.name,
            component=types.get(each.parent, ""),
            inputs=dict(each.inputs.items()),
        )
        for each in recording
    )
