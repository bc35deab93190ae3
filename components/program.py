"""The Pulumi program: from the stack's configuration to the platform and the stack's outputs."""

import os

import pulumi

from components import collector
from components.configuration import stack_configuration
from settings.aws.settings import AwsSettings
from settings.cluster_document import aws_cluster_of, cluster_of
from settings.config_keys import Overrides
from settings.errors import SettingsError
from settings.load import load
from settings.models import Settings
from settings.platforms import AnySettings

__all__ = ["Overrides", "load_aws", "program"]


def program(overrides: Overrides | None = None) -> None:
    """Declare the cluster of the selected stack and export `cluster`, `url` and what else its
    operators need.

    `__main__.py` calls it, and so do programs that drive the engine from Python; `overrides` are
    settings for this run alone. Raises `pulumi.RunError`, which the engine prints without a
    traceback, for settings that cannot be used.
    """
    stack = pulumi.get_stack()
    try:
        settings = _settings(stack, overrides)
        with collector.at_rest():
            if isinstance(settings, AwsSettings):
                _on_aws(aws_cluster_of(stack, settings), settings)
            else:
                _with_docker(cluster_of(stack), settings)
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from error


def _settings(stack: str, overrides: Overrides | None) -> AnySettings:
    where = f"stack {stack}"
    return load(stack_configuration(), where=where, overrides=overrides)


def _with_docker(cluster: str, settings: Settings) -> None:
    if settings.app.home is not None:
        raise pulumi.RunError(
            f"app.home: {settings.app.home} is packed by `make up`, not by Pulumi itself. Run "
            "`make up`, or `make image HOME_DIR=…` and set app.image to the image that it names."
        )
    # Each platform's packages take a while to load: only the one that is asked for does.
    from components.docker.engine_choice import refuse_two_engines
    from components.docker.platform import DockerPlatform, DockerPlatformArgs

    refuse_two_engines(os.environ, stack_configuration())

    platform = DockerPlatform(cluster, DockerPlatformArgs(cluster=cluster, settings=settings))
    pulumi.export("cluster", platform.outputs)
    pulumi.export("url", platform.url)
    pulumi.export("administratorPassword", platform.administrator_password)
    pulumi.export("colours", platform.colours)


def load_aws() -> None:
    """The part of the program that stacks on AWS need is loaded: most of such a program's time,
    and it can be spent before it begins. Not while it runs.
    """
    from components.aws import platform, services

    assert platform  # loaded for its own sake
    services.load()


def _on_aws(cluster: str, settings: AwsSettings) -> None:
    from components.aws.platform import AwsPlatform, AwsPlatformArgs

    platform = AwsPlatform(cluster, AwsPlatformArgs(cluster=cluster, settings=settings))
    pulumi.export("cluster", platform.outputs)
    pulumi.export("url", platform.url)
    for name, value in platform.for_operators.items():
        if value is not None:
            pulumi.export(name, value)
