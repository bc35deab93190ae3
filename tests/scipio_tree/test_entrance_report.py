"""What `make image` says of a tree's entrances."""

from pathlib import Path

import pytest

from contract.routing import RoutingRules
from scipio_tree.entrance_report import facts, remarks
from scipio_tree.entrances import entrances_of
from settings.routing import blocked, default_routing_rules
from tests.scipio_tree.webapps_tree import add_webapps

RULES = default_routing_rules()


def said(home: Path, routing: RoutingRules = RULES) -> list[str]:
    return remarks(entrances_of(home, "3.0.1"), routing)


@pytest.fixture
def tree(home: Path) -> Path:
    return add_webapps(home)


def test_it_says_what_is_anonymous_and_what_of_it_is_shut(tree: Path) -> None:
    assert facts(entrances_of(tree, "3.0.1"), RULES) == [
        "8 mount points, of which for everyone: /ecommerce, /shop",
        "6 requests of 5 webapps for staff need no log-in; behind 4 of them one of 3 views could "
        "be named, which the balancer refuses",
        "refused to everyone: /solr, /admin/control/SOAPService, /admin/control/ping",
    ]


def test_mount_points_in_no_list_are_remarked_upon(tree: Path) -> None:
    closed, unclear, *_ = said(tree)
    assert closed.startswith(
        "/common: made for everyone or files alone, and not in balancer.public"
    )
    assert unclear.startswith("/feed, /own: the tree does not say for whom")
    named = {"public_paths": (*RULES.public_paths, "/common", "/feed", "/own")}
    listed = said(tree, RULES.model_copy(update=named))
    assert listed[0].startswith(
        "/feed: the tree does not say for whom, so it is taken to be for st"
    )
    assert "opens it to everyone" in listed[0]


def test_a_gateway_of_ones_own_is_open_until_it_is_blocked(tree: Path) -> None:
    [gateway] = [each for each in said(tree) if "runs services" in each]
    assert gateway.startswith("/admin/control/mySoap: runs services without a log-in.")
    shut = {"blocked": (*RULES.blocked, *blocked(["*/control/mySoap"]))}
    assert not [each for each in said(tree, RULES.model_copy(update=shut)) if "mySoap" in each]


def test_a_blocked_gateway_that_is_opened_is_said_to_be_open(tree: Path) -> None:
    opened = {"blocked": tuple(each for each in RULES.blocked if "SOAP" not in each.path)}
    [gateway] = [e for e in said(tree, RULES.model_copy(update=opened)) if "runs services" in e]
    assert "/admin/control/SOAPService" in gateway


def test_links_that_the_balancer_refuses_are_named_by_what_they_need(tree: Path) -> None:
    with_log_in, without = [each for each in said(tree) if "links of" in each]
    assert with_log_in.startswith("addrole/*, addrole/roles: links of your own pages (framework/w")
    assert without.startswith(
        "view/viewdatafile: links of the tree's pages (framework/webtools/wid"
    )
    allowed = {"view_paths": ("/addrole", "/view/viewdatafile")}
    assert not [e for e in said(tree, RULES.model_copy(update=allowed)) if "links of" in e]
