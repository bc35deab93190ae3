"""All rules of a profile."""

from collections.abc import Sequence

from policies import (
    backups,
    containers,
    encryption,
    exposure,
    logging,
    metadata_service,
    permissions,
    pinning,
    tags,
    tls,
)
from policies.rule import Profile, Resource, Rule, StackRule


def rules_of(profile: Profile) -> tuple[Rule, ...]:
    """About single resources; production's are those of every profile and more."""
    return (
        *encryption.RULES,
        *exposure.RULES,
        *tls.RULES,
        *metadata_service.RULES,
        *logging.rules(profile),
        *backups.rules(profile),
        *tags.RULES,
        *permissions.RULES,
        *pinning.RULES,
        *containers.RULES,
    )


def stack_rules_of(profile: Profile) -> tuple[StackRule, ...]:
    """About the stack as a whole."""
    return (
        *encryption.STACK_RULES,
        *exposure.STACK_RULES,
        *logging.stack_rules(profile),
        *backups.stack_rules(profile),
        *tags.STACK_RULES,
    )


def faults_of(resources: Sequence[Resource], profile: Profile) -> list[str]:
    """Every fault of a stack in one sentence each, with the resource and the rule."""
    single = [
        f"{each.name} ({each.type}): {fault} [{rule.name}]"
        for rule in rules_of(profile)
        for each in resources
        for fault in rule.faults(each.type, each.inputs)
    ]
    whole = [
        f"{fault} [{rule.name}]"
        for rule in stack_rules_of(profile)
        for fault in rule.faults(resources)
    ]
    return single + whole
