"""Everything that costs says which cluster it belongs to."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from policies import aws_types
from policies.places import argument, is_known, items_at, shown, value_at
from policies.rule import Fault, Inputs, Resource, Rule, StackRule, only

REQUIRED = ("Cluster",)

LAUNCHED = ("instance", "volume")
"""What a group launches, and the provider's default tags do not reach."""


@only(aws_types.LAUNCH_TEMPLATE)
def _launched(inputs: Inputs) -> list[Fault]:
    specifications = items_at(inputs, "tagSpecifications")
    if specifications is None:
        return []
    given = {value_at(each, "resourceType"): argument(each, "tags") for each in specifications}
    return [
        Fault(
            place=f"tagSpecifications: {kind}",
            seen=f"without {key}",
            change="Repeat the default tags there: they do not reach what a group launches.",
        )
        for kind in LAUNCHED
        for key in _missing(given.get(kind))
    ]


@only(aws_types.AUTO_SCALING_GROUP)
def _groups(inputs: Inputs) -> list[Fault]:
    tags = items_at(inputs, "tags")
    if tags is None:
        return []
    return [
        Fault(
            place="tags",
            seen=f"without {key}",
            change="Repeat the default tags there: they do not reach a group.",
        )
        for key in _missing({value_at(tag, "key"): value_at(tag, "value") for tag in tags})
    ]


def _provider(resources: Sequence[Resource]) -> list[Fault]:
    """Each provider with default tags, and no resource of AWS without one."""
    providers = [each for each in resources if each.type == aws_types.PROVIDER]
    found = [
        Fault(
            place=f"{each.name}: defaultTags",
            seen=f"without {key}",
            change="The program sets it; scipio:aws.tags adds others.",
        )
        for each in providers
        for key in _missing(_default_tags(each.inputs))
    ]
    if not providers and any(each.type.startswith("aws:") for each in resources):
        found.append(
            Fault(
                place="provider",
                seen=shown(None),
                change="Make one with default tags and give it to the components.",
            )
        )
    return found


def _default_tags(inputs: Inputs) -> Any:
    """A provider's own arguments travel as JSON."""
    given = value_at(inputs, "defaultTags")
    if isinstance(given, str):
        given = json.loads(given)
    return value_at(given, "tags") if isinstance(given, Mapping) else given


def _missing(tags: Any) -> list[str]:
    if not is_known(tags):
        return []
    return [key for key in REQUIRED if key not in (tags or {})]


RULES = (
    Rule(
        name="launched-servers-are-tagged",
        promise="Servers and their disks say which cluster they belong to.",
        faults=_launched,
    ),
    Rule(
        name="groups-are-tagged",
        promise="Groups of servers say which cluster they belong to.",
        faults=_groups,
    ),
)

STACK_RULES = (
    StackRule(
        name="default-tags-are-set",
        promise="Every resource says which cluster it belongs to.",
        faults=_provider,
    ),
)
