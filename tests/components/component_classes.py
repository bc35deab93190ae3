"""Finds the components of a platform."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import pulumi


def component_classes(platform: ModuleType) -> list[type]:
    """Every class below `platform` that is a component and is defined there."""
    found = pkgutil.walk_packages(platform.__path__, f"{platform.__name__}.")
    modules = [importlib.import_module(module.name) for module in found]
    return [
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, pulumi.ComponentResource) and member.__module__ == module.__name__
    ]
