"""Fixtures for every room's tests."""

import os

from hypothesis import settings

pytest_plugins = [
    "pytester",
    "tests.support.built_tree",
    "tests.support.servers",
    "tests.support.reference_nodes",
    "tests.support.longest_seen",
    "tests.support.waiting_tests",
]

# How long one example takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# Where Debian puts haproxy and iptables; the PATH of an ordinary user lacks it.
os.environ["PATH"] = f"{os.environ['PATH']}:/usr/sbin"
