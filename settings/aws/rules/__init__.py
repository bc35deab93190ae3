"""Rules between keys of a stack on AWS: each a function from settings to the faults it found.

The first line of a rule's docstring is the rule, as docs/settings.md prints it.
"""

from contract.faults import Fault
from settings.aws.rules import (
    cdn,
    database,
    messaging,
    names,
    network,
    operations,
    release,
    servers,
)
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings

RULES: tuple[Rule, ...] = (
    *names.RULES,
    *network.RULES,
    *cdn.RULES,
    *servers.RULES,
    *release.RULES,
    *database.RULES,
    *messaging.RULES,
    *operations.RULES,
)


def broken_rules(settings: AwsSettings) -> list[Fault]:
    """The faults of every rule, places without a prefix."""
    return [fault for rule in RULES for fault in rule(settings)]
