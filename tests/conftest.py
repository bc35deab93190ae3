"""Fixtures for every room's tests."""

from hypothesis import settings

pytest_plugins = [
    "tests.support.servers",
    "tests.support.reference_nodes",
    "tests.support.longest_seen",
]

# How long one example takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
