"""The plan of a stack on AWS, read from a preview that needs no account."""

from pulumi.automation import EngineEvent

from account.plan import Plan, PlannedResource, plan_of, resource_of
from automation.engine_errors import explaining
from automation.local_stack import Engine, LocalStack
from settings.config_keys import Overrides


def planned(stack: str, overrides: Overrides | None = None) -> Plan:
    """What the first update of `stack` would make. Raises `UpdateFailedError`."""
    found: list[PlannedResource] = []
    errors: list[str] = []

    def read(event: EngineEvent) -> None:
        step = event.resource_pre_event
        if step and step.metadata.new:
            found.append(resource_of(step.metadata.urn, step.metadata.new.inputs or {}))
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            errors.append(event.diagnostic_event.message)

    with Engine.offline(stack) as offline, explaining("The plan was not made", errors):
        local = LocalStack.open(stack, offline, overrides)
        local.stack.preview(on_event=read)
    return plan_of(found)
