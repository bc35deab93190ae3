"""The addresses of a VPC: fixed places, no overlap, room enough, for every block and zone."""

from ipaddress import IPv4Network
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from settings.aws.subnets import VPC_PREFIXES, ZONE_SLOTS, subnet_plan

ZONES = ("a", "b", "c")

BLOCKS = st.builds(
    lambda address, prefix: IPv4Network((address, prefix), strict=False),
    st.integers(IPv4Network("10.0.0.0/8").network_address.__int__(), 10 * 2**24 + 2**24 - 1),
    st.sampled_from(VPC_PREFIXES),
)


def test_the_plan_of_the_usual_block() -> None:
    a, b, c = subnet_plan(IPv4Network("10.42.0.0/16"), ZONES)
    assert [str(block) for block in (a.private, a.public, a.isolated)] == [
        "10.42.0.0/19",
        "10.42.32.0/20",
        "10.42.48.0/20",
    ]
    assert [str(block) for block in (b.private, b.public, b.isolated)] == [
        "10.42.64.0/19",
        "10.42.96.0/20",
        "10.42.112.0/20",
    ]
    assert (str(c.private), c.zone) == ("10.42.128.0/19", "c")


@given(BLOCKS, st.integers(1, ZONE_SLOTS))
def test_subnets_lie_in_the_vpc_and_never_overlap(vpc: IPv4Network, zones: int) -> None:
    plan = subnet_plan(vpc, [str(zone) for zone in range(zones)])
    assert len(plan) == zones
    subnets = [block for zone in plan for block in (zone.public, zone.private, zone.isolated)]
    assert all(block.subnet_of(vpc) for block in subnets)
    assert not any(one.overlaps(two) for one, two in combinations(subnets, 2))


@given(BLOCKS)
def test_one_zone_more_moves_nobody(vpc: IPv4Network) -> None:
    assert subnet_plan(vpc, ZONES)[:2] == subnet_plan(vpc, ZONES[:2])
    assert subnet_plan(vpc, ZONES[:2])[:1] == subnet_plan(vpc, ZONES[:1])


@given(BLOCKS)
def test_there_is_room_for_a_load_balancer_and_twice_for_servers(vpc: IPv4Network) -> None:
    """AWS wants a /27 with eight free addresses for an ALB, and keeps five of every subnet."""
    for zone in subnet_plan(vpc, ZONES):
        assert zone.public.prefixlen <= 27
        assert zone.private.num_addresses == 2 * zone.public.num_addresses
        assert zone.isolated.num_addresses - 5 > 8
