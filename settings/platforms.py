"""The platforms a cluster can run on: the model of each one's settings, and its rules."""

from collections.abc import Mapping
from typing import Literal

from contract.faults import Fault
from settings import rules
from settings.aws import rules as aws_rules
from settings.aws.settings import AwsSettings
from settings.models import Settings
from settings.profiles import ProfileName, defaults, profile_names
from settings.section import Section

PlatformName = Literal["docker", "aws"]

AnySettings = Settings | AwsSettings
"""The settings of a stack on one of the platforms; `isinstance` tells which."""

MODELS: Mapping[PlatformName, type[AnySettings]] = {"docker": Settings, "aws": AwsSettings}


def platform_of(profile: ProfileName) -> PlatformName:
    """Where a stack of this profile runs."""
    name: PlatformName = defaults(profile)["platform"]
    return name


def profiles_of(platform: PlatformName) -> tuple[ProfileName, ...]:
    """The profiles whose stacks run there."""
    return tuple(name for name in profile_names() if platform_of(name) == platform)


def section_model(platform: PlatformName, name: str) -> type[Section] | None:
    """The model of a section; None for a single value, and for what the platform lacks."""
    for info in MODELS[platform].model_fields.values():
        model = info.annotation
        if info.alias == name and isinstance(model, type) and issubclass(model, Section):
            return model
    return None


def section_keys(platform: PlatformName, name: str) -> list[str]:
    """The keys of a section; none for a single value, and none for what the platform lacks."""
    model = section_model(platform, name)
    return [] if model is None else [str(info.alias) for info in model.model_fields.values()]


def section_names(platform: PlatformName | None = None) -> list[str]:
    """The keys that may follow `scipio:`, as a stack file spells them; None: of any platform."""
    wanted = MODELS if platform is None else (platform,)
    names = [str(info.alias) for one in wanted for info in MODELS[one].model_fields.values()]
    return list(dict.fromkeys(names))


def broken_rules(settings: AnySettings) -> list[Fault]:
    """The faults of every rule of the platform, places without a prefix."""
    if isinstance(settings, AwsSettings):
        return aws_rules.broken_rules(settings)
    return rules.broken_rules(settings)
