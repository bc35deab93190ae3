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


@pytest.fixture(scope="session")
def prepared_template(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A database that release 1.0 has prepared, to be copied."""
    made = Site(tmp_path_factory.mktemp("prepared"), postgres)
    code, said = made.prepare("app-1")
    assert code == 0, said
    yield made
    made.remove()


@pytest.fixture
def prepared_site(prepared_template: Site, tmp_path: Path) -> Iterator[Site]:
    """A database that release 1.0 has prepared, and nodes that prepare it again."""
    made = prepared_template.copy(tmp_path)
    yield made
    made.remove()


@pytest.fixture
def database_site(tmp_path: Path, postgres: PostgresServer) -> Iterator[Site]:
    """A database that does not exist yet, and nodes that prepare it."""
    made = Site(tmp_path, postgres)
    yield made
    made.remove()
