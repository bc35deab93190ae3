"""What the local stack registers keeps the tree of its components and the form of its providers."""

import components.docker
from tests.components.component_classes import component_classes
from tests.support.recorder import Recording


def test_each_component_is_there_once_with_its_outputs(erp: Recording) -> None:
    """Without registered outputs the engine takes a component for unfinished."""
    for component in component_classes(components.docker):
        registrations = erp.of_type(f"scipio:docker:{component.__name__}")
        assert len(registrations) == 1, component
        assert registrations[0].urn in erp.registered_outputs, component


def test_everything_that_is_made_has_a_component_for_a_parent(local: Recording) -> None:
    """The tree that `pulumi up` prints is the tree of the components."""
    by_urn = {each.urn: each for each in local}
    orphans = [
        each.name
        for each in local
        if each.custom and not by_urn[each.parent].type.startswith("scipio:docker:")
    ]

    assert orphans == []
    roots = [each.type for each in local if each.parent and by_urn[each.parent].parent == ""]
    assert roots == ["scipio:docker:DockerPlatform"]


def test_providers_of_generated_values_are_pickled_by_name_alone(local: Recording) -> None:
    """A pickle with code in it would differ from one Python to the next and replace passwords."""
    for each in local:
        if each.type.startswith("pulumi-python:dynamic/"):
            assert len(each.inputs["__provider"]) < 400, each.name
            assert each.is_secret("__provider")
