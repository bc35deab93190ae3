"""Every component of every platform has the same form, so that who has read one has read all."""

import dataclasses
import inspect
import re
from typing import Any

import pytest

import components.aws
import components.docker
from tests.components.component_classes import component_classes

PLATFORMS = [components.aws, components.docker]
COMPONENTS = [each for platform in PLATFORMS for each in component_classes(platform)]


def title(component: type) -> str:
    return component.__name__


def platform_of(component: type) -> str:
    return component.__module__.split(".")[1]


def named(component: type) -> str:
    return f"{platform_of(component)}-{title(component)}"


def source(component: type) -> str:
    module = inspect.getmodule(component)
    assert module is not None
    return inspect.getsource(module)


def test_the_components_are_found() -> None:
    """An empty list would pass every test below."""
    on_aws = {
        "AwsPlatform",
        "Broker",
        "DataTier",
        "Database",
        "FrontDoor",
        "Passages",
        "ServerTier",
    }
    on_docker = {"AppNodes", "Balancer", "Brokers", "Database", "DockerPlatform"}

    assert on_aws <= {title(each) for each in COMPONENTS if platform_of(each) == "aws"}
    assert on_docker <= {title(each) for each in COMPONENTS if platform_of(each) == "docker"}


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_its_type_says_project_platform_and_class(component: type) -> None:
    """The token is in every URN: renaming it replaces everything below."""
    assert f'"scipio:{platform_of(component)}:{title(component)}"' in source(component)


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_it_takes_a_name_its_args_and_options(component: type) -> None:
    """One form of constructor for all."""
    parameters = inspect.signature(component).parameters

    assert list(parameters) == ["name", "args", "opts"]
    assert parameters["args"].annotation.__name__ == f"{title(component)}Args"
    assert parameters["opts"].default is None


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_its_args_are_frozen_and_given_by_name(component: type) -> None:
    """Nobody writes into what a component was given."""
    args: Any = inspect.signature(component).parameters["args"].annotation

    assert args.__module__ == component.__module__
    assert all(field.kw_only for field in dataclasses.fields(args))
    blank = object.__new__(args)
    with pytest.raises(dataclasses.FrozenInstanceError):
        blank.anything = None
    assert args.__doc__, f"{title(args)} must say what its fields mean"


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_it_has_a_file_of_its_own_and_says_what_exists_afterwards(component: type) -> None:
    """One component a file."""
    assert component.__doc__
    assert [each for each in COMPONENTS if each.__module__ == component.__module__] == [component]


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_it_registers_its_outputs(component: type) -> None:
    """Without that the engine takes it for unfinished."""
    assert "self.register_outputs(" in source(component)


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_no_field_of_its_args_goes_unread(component: type) -> None:
    """A field that nobody reads is a promise that nobody keeps."""
    args = inspect.signature(component).parameters["args"].annotation
    for field in dataclasses.fields(args):
        by_others = re.search(rf"args\.{field.name}\b", source(component))
        by_itself = re.search(rf"self\.{field.name}\b", inspect.getsource(args))
        assert by_others or by_itself, f"{args.__name__}.{field.name}"
