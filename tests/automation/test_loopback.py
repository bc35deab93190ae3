"""Proxy variables, in all their spellings, never stand before this machine's own addresses."""

import urllib.request

import pytest

from automation.loopback import OWN_ADDRESSES, reach_directly

PROXY = "http://127.0.0.1:9"
SPELLINGS = [
    spelling
    for name in ("http_proxy", "https_proxy", "grpc_proxy", "all_proxy")
    for spelling in (name, name.upper())
]


@pytest.mark.parametrize("proxy", SPELLINGS)
def test_this_machine_is_reached_without_a_proxy(proxy: str) -> None:
    environ = {proxy: PROXY}
    reach_directly(environ)
    for spelling in ("no_proxy", "NO_PROXY"):
        assert set(environ[spelling].split(",")) >= set(OWN_ADDRESSES)
    assert environ[proxy] == PROXY


@pytest.mark.parametrize("spelling", ["no_proxy", "NO_PROXY"])
def test_what_the_user_excluded_stays_excluded_in_both_spellings(spelling: str) -> None:
    environ = {spelling: ".corp, 10.0.0.0/8", "http_proxy": PROXY}
    reach_directly(environ)
    for each in ("no_proxy", "NO_PROXY"):
        assert environ[each] == ".corp,10.0.0.0/8,127.0.0.1,localhost,::1"


def test_two_lists_of_the_user_become_one() -> None:
    environ = {"no_proxy": ".corp", "NO_PROXY": ".example", "http_proxy": PROXY}
    reach_directly(environ)
    assert environ["no_proxy"] == environ["NO_PROXY"]
    assert environ["no_proxy"].startswith(".corp,.example,")


def test_grpcs_own_exclusion_is_completed_where_it_is_set() -> None:
    environ = {"no_grpc_proxy": ".corp", "http_proxy": PROXY}
    reach_directly(environ)
    assert environ["no_grpc_proxy"] == ".corp,127.0.0.1,localhost,::1"


def test_a_star_means_no_proxy_at_all() -> None:
    """gRPC does not know the star, and beside another entry nobody does."""
    environ = {"no_proxy": "*", "http_proxy": PROXY, "HTTPS_PROXY": PROXY}
    reach_directly(environ)
    assert environ == {"no_proxy": "*"}


def test_without_a_proxy_nothing_is_set() -> None:
    environ = {"HOME": "/root"}
    reach_directly(environ)
    assert environ == {"HOME": "/root"}


def test_saying_it_twice_changes_nothing() -> None:
    environ = {"http_proxy": PROXY, "no_proxy": ".corp"}
    reach_directly(environ)
    once = dict(environ)
    reach_directly(environ)
    assert environ == once


@pytest.mark.parametrize("own", OWN_ADDRESSES)
def test_pythons_own_clients_understand_it(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"http_proxy": PROXY}
    reach_directly(environ)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert urllib.request.proxy_bypass(own)
    assert not urllib.request.proxy_bypass("registry.example")
