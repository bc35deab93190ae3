"""Fixtures of the agent's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.database_site import Site
from tests.support.certificates import make_server_certificate
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="session")
def authority() -> str:
    """A private authority's certificate as PEM text."""
    return make_server_certificate("key-store").authority_pem


@pytest.fixture
def database_site(tmp_path: Path, postgres: PostgresServer) -> Iterator[Site]:
    """A database that does not exist yet, and nodes that prepare it."""
    made = Site(tmp_path, postgres)
    yield made
    made.remove()
