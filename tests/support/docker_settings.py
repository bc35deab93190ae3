"""Settings of a stack on this machine, for tests that read its own keys."""

from collections.abc import Mapping
from typing import Any

from settings.load import load
from settings.models import Settings
from settings.platforms import AnySettings


def on_docker(settings: AnySettings) -> Settings:
    """The same settings, which must be those of a stack on this machine."""
    assert isinstance(settings, Settings)
    return settings


def docker_settings(config: Mapping[str, Any]) -> Settings:
    """What `config` becomes; its profile is `local`."""
    return on_docker(load(config, where="stack local"))
