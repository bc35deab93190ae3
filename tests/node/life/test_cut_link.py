"""A keeper whose link to the database is cut: packets are dropped without a reset. With TLS."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.life.session import CONNECT_TIMEOUT_S, DEAD_PEER_MS
from node.membership import LEASE_S
from node.uptime import uptime_s
from tests.node.life.running_keeper import RunningKeeper
from tests.node.life.shared_database import SharedDatabase
from tests.support.certificates import make_server_certificate
from tests.support.cut_link import cut_connections, cut_link
from tests.support.longest_seen import LongestSeen
from tests.support.postgres_tls import KEY_STORE_PASSWORD, tls_on
from tests.support.server_process import wait_until

KNOWN_WITHIN_S = DEAD_PEER_MS / 1000 + CONNECT_TIMEOUT_S + 2


@pytest.fixture
def keeper(tmp_path: Path, shared: SharedDatabase) -> Iterator[RunningKeeper]:
    """It speaks to the database as in the product, and its node is one of the cluster."""
    certificate = make_server_certificate(KEY_STORE_PASSWORD)
    authority = tmp_path / "authority.pem"
    authority.write_text(certificate.authority_pem)
    with tls_on(shared.postgres, certificate):
        log_in = replace(shared.log_in("replaced"), tls="verify-full", authority=str(authority))
        running = RunningKeeper(tmp_path, shared, "app-1", log_in=log_in)
        try:
            running.wait_for(state="alive")
            assert shared.rows(
                "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                " WHERE application_name = 'keeper of app-1'"
            ) == [(True,)]
            yield running
        finally:
            running.remove()


def confirmed_s_ago(keeper: RunningKeeper) -> float:
    return uptime_s() - float(keeper.membership["confirmedUptimeS"])


def test_a_node_that_is_cut_off_says_so_and_is_confirmed_again_by_itself(
    keeper: RunningKeeper, shared: SharedDatabase, longest_seen: LongestSeen
) -> None:
    """Its place is not confirmed meanwhile, so it serves no visitor after its lease."""
    began = time.monotonic()
    with cut_link(shared.postgres.port):
        keeper.wait_for(state="cut off")
        known_s = time.monotonic() - began
        assert known_s < KNOWN_WITHIN_S
        assert confirmed_s_ago(keeper) > DEAD_PEER_MS / 1000 - 2
        assert keeper.membership["sentence"].startswith("The database does not answer for long")
    mended = time.monotonic()
    keeper.wait_for(state="alive")
    back_s = time.monotonic() - mended
    longest_seen("a node loses its way to the database: known", known_s)
    longest_seen("a node loses its way to the database: confirmed after its return", back_s)
    assert back_s < CONNECT_TIMEOUT_S + 2
    assert confirmed_s_ago(keeper) < 2


def test_a_database_that_answers_elsewhere_under_its_name_costs_no_visitor(
    keeper: RunningKeeper, shared: SharedDatabase, longest_seen: LongestSeen
) -> None:
    """As after a failover: the old connection is dead, a new one is served. Within the lease."""
    longest_s = 0.0
    with cut_connections(shared.postgres.port) as cut:
        assert cut > 0
        began = time.monotonic()

        def confirmed_anew() -> bool:
            nonlocal longest_s
            longest_s = max(longest_s, confirmed_s_ago(keeper))
            return time.monotonic() - began > DEAD_PEER_MS / 1000 and confirmed_s_ago(keeper) < 1

        wait_until("confirmed anew", confirmed_anew, within_s=60)
    longest_seen("the database answers elsewhere: without a confirmation", longest_s)
    assert longest_s < KNOWN_WITHIN_S < LEASE_S
