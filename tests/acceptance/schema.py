"""What Terraform's AWS provider says of its resources, and their names there."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]
"""`attributes` and `block_types`, as `terraform providers schema -json` prints them."""

UNLIKE_THE_REST = {
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:ec2/eip:Eip": "aws_eip",
    "aws:rds/instance:Instance": "aws_db_instance",
    "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
    "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
    "aws:cloudwatch/eventRule:EventRule": "aws_cloudwatch_event_rule",
}
"""Pulumi's token → Terraform's type, where the rule of the other names does not lead there."""

RENAMED = {
    "aws_cloudwatch_metric_alarm": {"name": "alarm_name"},
    "aws_sns_topic_subscription": {"topic": "topic_arn"},
}
"""Terraform's type → Pulumi's word → Terraform's, where the two are not one."""

MODULES = {"ec2": ("", "vpc_"), "vpc": ("vpc_",), "cloudwatch": ("cloudwatch_",), "s3": ("s3_",)}
"""Pulumi's module → what begins Terraform's type in the place of the module's own name."""


class NoSuchTypeError(Exception):
    """A token of Pulumi's for which Terraform's provider has no resource."""


@dataclass(frozen=True)
class Schema:
    """Terraform's types."""

    types: Mapping[str, Block]

    @classmethod
    def parsed(cls, text: str) -> "Schema":
        """Of what the command prints for a configuration with one provider."""
        [provider] = json.loads(text)["provider_schemas"].values()
        return cls({name: each["block"] for name, each in provider["resource_schemas"].items()})

    def type_of(self, token: str) -> str:
        """Terraform's type of a token such as `aws:ec2/vpc:Vpc`. Raises `NoSuchTypeError`."""
        for candidate in _types(token):
            if candidate in self.types:
                return candidate
        raise NoSuchTypeError(
            f"{token}: tried {', '.join(_types(token))}. Add it to UNLIKE_THE_REST."
        )


def _types(token: str) -> Iterator[str]:
    if token in UNLIKE_THE_REST:
        yield UNLIKE_THE_REST[token]
        return
    _, place, name = token.split(":")
    module = place.split("/")[0]
    plain = snake_case(name)
    for beginning in (f"{module}_", *MODULES.get(module, ()), ""):
        yield f"aws_{beginning}{plain}"


def snake_case(name: str) -> str:
    """`minTtl` → `min_ttl`, `cidrIpv4` → `cidr_ipv4`."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])", r"_\g<0>", name).lower()


def argument_of(block: Block, property_: str) -> str | None:
    """Terraform's argument for a property of Pulumi's; None: there is none."""
    known = {**block.get("attributes", {}), **block.get("block_types", {})}
    return next((name for name in names_of(property_) if name in known), None)


def names_of(property_: str) -> Iterator[str]:
    """What Terraform may call it: Pulumi says `tags` and `subnets` where Terraform has a block
    that is written several times, under its singular."""
    plain = snake_case(property_)
    yield plain
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        if plain.endswith(ending):
            yield plain.removesuffix(ending) + singular
