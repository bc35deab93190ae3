"""Stacks on AWS for tests: valid as they are, and different by what a test says."""

from collections.abc import Mapping
from typing import Any

import pytest

from settings.aws.settings import AwsProfile, AwsSettings
from settings.errors import SettingsError
from settings.load import load
from settings.sections import laid_over

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scipio@sha256:" + "0" * 64
OTHER_IMAGE = IMAGE[:-1] + "1"

BASE: Mapping[str, Any] = {
    "aws": {"region": "eu-central-1", "allowedAccountIds": ["123456789012"]},
    "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
    "dns": {"zone": {"id": "Z0123456789ABCDEFGHIJ", "name": "example.com"}},
    "balancer": {"host": "erp.example.com"},
    "image": {"existing": IMAGE},
    "servers": {"ami": "ami-0123456789abcdef0"},
    "monitoring": {"alarmEmails": ["operations@example.com"]},
}
"""What a person has to say, in production too."""


def aws_config(profile: AwsProfile = "prod", **sections: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a stack; `sections` are laid over `BASE`."""
    return {"profile": profile, **laid_over(BASE, sections)}


def aws_settings(profile: AwsProfile = "prod", **sections: Mapping[str, Any]) -> AwsSettings:
    """The settings of such a stack."""
    settings = load(aws_config(profile, **sections), where="stack x")
    assert isinstance(settings, AwsSettings)
    return settings


def aws_faults(profile: AwsProfile = "prod", **sections: Mapping[str, Any]) -> list[str]:
    """The lines of the error that such a stack causes, without their indent."""
    with pytest.raises(SettingsError) as caught:
        load(aws_config(profile, **sections), where="stack x")
    head, *lines = str(caught.value).splitlines()
    assert head.startswith("stack x has ")
    return [line.removeprefix("  - ") for line in lines]
