"""Rules between keys: what each refuses, and that it says what to do."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from settings.models import Settings
from settings.profiles import defaults
from settings.rules import RULES, broken_rules
from settings.time_zones import known_time_zones


def stack(**sections: dict[str, Any]) -> Settings:
    plain = defaults("local")
    for section, values in sections.items():
        plain[section] = {**plain[section], **values}
    return Settings.model_validate({"profile": "local", **plain})


def test_the_profile_keeps_all_rules() -> None:
    assert broken_rules(stack()) == []


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            {"nodes": {"count": 10}},
            "database.maxConnections: too few database connections: 11 nodes (count 10 + surge 1) "
            "× (poolMax 33 + 1 for the agent) + reserve 20 = 394, and maxConnections 270 - 3 kept "
            "for superusers = 267. Raise database.maxConnections to 397 or lower database.poolMax "
            "to 21 at most.",
            id="connections",
        ),
        pytest.param(
            {"database": {"maxConnections": 88}},
            "database.maxConnections: too few database connections: 3 nodes (count 2 + surge 1) × "
            "(poolMax 33 + 1 for the agent) + reserve 20 = 122, and maxConnections 88 - 3 kept for "
            "superusers = 85. Raise database.maxConnections to 125.",
            id="no pool is small enough",
        ),
        pytest.param(
            {"mail": {"redirectTo": "trial@example.com"}},
            "mail.redirectTo: is for mail that is handed to a relay, and there is none. Name one "
            "in mail.relayHost, or leave this out.",
            id="mail without a relay",
        ),
        pytest.param(
            {"balancer": {"maintenance": {"text": "Soon.", "stillIn": ["192.0.2.1/24"]}}},
            "balancer.maintenance.stillIn[0]: 192.0.2.1/24 is no block of IPv4 addresses, or not "
            "its first address.",
            id="maintenance for no addresses",
        ),
        pytest.param(
            {"database": {"poolMin": 34}},
            "database.poolMin: poolMin 34 is more than poolMax 33. Set poolMin to 33 at most.",
            id="pool bounds",
        ),
        pytest.param(
            {"database": {"poolMax": 20}},
            "database.poolMax: too small a pool: a thread holds up to 3 connections at once, so (4 "
            "request threads + jobThreads 2 + 4 others) × 2 + 1 = 21, and poolMax is 20; with "
            "fewer, requests wait for each other's connections. Raise database.poolMax to 21 at "
            "least, or lower nodes.jobThreads to 1.",
            id="pool and threads",
        ),
        pytest.param(
            {"database": {"poolMax": 10}},
            "database.poolMax: too small a pool: a thread holds up to 3 connections at once, so (4 "
            "request threads + jobThreads 2 + 4 others) × 2 + 1 = 21, and poolMax is 10; with "
            "fewer, requests wait for each other's connections. Raise database.poolMax to 21 at "
            "least.",
            id="a pool too small for any job thread",
        ),
        pytest.param(
            {"nodes": {"instanceIdPrefix": "production-cluster-a"}},
            'nodes.instanceIdPrefix: makes the instance id "production-cluster-a-2": prefix 20 + '
            "number 2 = 22 characters, and the ERP's limit is 20. Shorten the prefix to 18 "
            "characters.",
            id="instance id too long",
        ),
        pytest.param(
            {"nodes": {"instanceIds": ["a", "b", "c"]}},
            "nodes.instanceIds: names 3 nodes, and nodes.count is 2. Name as many as there are, or "
            "set null to number them from instanceIdPrefix.",
            id="ids and count",
        ),
        pytest.param(
            {"release": {"mode": "bluegreen", "green": {"count": 6}}},
            "database.maxConnections: too few database connections: 9 nodes (blue 2 + green 6 + "
            "surge 1) × (poolMax 33 + 1 for the agent) + reserve 20 = 326, and maxConnections 270 "
            "- 3 kept for superusers = 267. Raise database.maxConnections to 329 or lower "
            "database.poolMax to 26 at most.",
            id="connections of both colours",
        ),
        pytest.param(
            {
                "nodes": {"instanceIdPrefix": "production-erp"},
                "release": {"mode": "bluegreen", "green": {}},
            },
            'nodes.instanceIdPrefix: makes the instance id "production-erp-green-2": prefix 14 + '
            "number 8 = 22 characters, and the ERP's limit is 20. Shorten the prefix to 12 "
            "characters.",
            id="green's instance id too long",
        ),
        pytest.param(
            {
                "nodes": {"instanceIds": ["erp", "scipio-GREEN-1"]},
                "release": {"mode": "bluegreen", "green": {}},
            },
            'nodes.instanceIds[1]: "scipio-GREEN-1" is the name of a green node too. Green nodes '
            "are named by instanceIdPrefix: change one of them.",
            id="a blue node named as a green one",
        ),
        pytest.param(
            {"nodes": {"instanceIds": ["a", "b"]}, "release": {"blue": {"count": 3}}},
            "nodes.instanceIds: names 2 nodes, and release.blue.count is 3. Name as many as there "
            "are, or set null to number them from instanceIdPrefix.",
            id="ids and blue's count",
        ),
        pytest.param(
            {"release": {"mode": "bluegreen", "active": "green"}},
            "release.active: green gets all visitors, and release.green is null: there are no "
            "green nodes. Say release.green (an empty section, {}, will do), or make blue active.",
            id="active colour",
        ),
        pytest.param(
            {"release": {"green": {}}},
            "release.green: there are green nodes too, and mode rolling has the active colour "
            "alone. Set release.green to null, or release.mode to bluegreen.",
            id="two colours in mode rolling",
        ),
        pytest.param(
            {"release": {"mode": "bluegreen"}, "balancer": {"stickinessS": 86_400}},
            "balancer.stickinessS: 86400 s from each request on: who works here every day never "
            "leaves the old colour. Set it to a session's time, and to 43200 at most.",
            id="a colour that never empties",
        ),
        pytest.param(
            {
                "app": {"image": "erp:1"},
                "nodes": {"heapMib": 1024, "memoryMib": 2048},
                "release": {"mode": "bluegreen", "green": {"image": "erp:2"}},
            },
            "release.blue.image: blue names no image, so that a new one would replace its nodes "
            "too. Name the image that it runs now.",
            id="two colours of one image",
        ),
        pytest.param(
            {"nodes": {"instanceIds": ["erp", "ERP"]}},
            'nodes.instanceIds[1]: "ERP" names another node too. Two nodes of one id would take '
            "each other's running jobs for crashed.",
            id="one id twice",
        ),
        pytest.param(
            {"nodes": {"heapMib": 400}},
            "nodes.memoryMib: too little memory: heap 400 + the JVM beside it 160 + agent 80 = 640 "
            "MiB, and memoryMib is 512; the kernel would kill the node when its heap fills. Raise "
            "nodes.memoryMib to 640 or lower nodes.heapMib.",
            id="memory",
        ),
        pytest.param(
            {"app": {"image": "scipio-erp:3.0.1"}},
            "nodes.heapMib: the ERP needs a heap of 640 MiB at least, and heapMib is 128. A "
            "practical start is heapMib 1024 with memoryMib 1440.",
            id="heap of the ERP",
        ),
        pytest.param(
            {"app": {"home": "/opt/scipio"}},
            "nodes.heapMib: the ERP needs a heap of 640 MiB at least, and heapMib is 128. A "
            "practical start is heapMib 1024 with memoryMib 1440.",
            id="heap of the ERP of a tree",
        ),
        pytest.param(
            {
                "app": {"image": "erp:1", "home": "/opt/scipio"},
                "nodes": {"heapMib": 1024, "memoryMib": 1440},
            },
            "app.home: a tree /opt/scipio and an image erp:1: only one of them can run. Set "
            "app.image to null to build the tree, or app.home to null to run the image.",
            id="a tree and an image",
        ),
        pytest.param(
            {"search": {"enabled": True}},
            "search.enabled: the reference node has no Solr. Set app.home to your built Scipio "
            "tree, or search.enabled to false.",
            id="search without the ERP",
        ),
        pytest.param(
            {
                "app": {"image": "erp:3"},
                "nodes": {"heapMib": 1024, "memoryMib": 2048},
                "search": {"enabled": True, "heapMib": 700, "memoryMib": 1000},
            },
            "search.memoryMib: too little memory for the ERP: heapMib is 700, memoryMib 1000, and "
            "heap 700 + the JVM beside it 336 + agent 80 = 1116 MiB. Set search.heapMib to 700 and "
            "search.memoryMib to 1116.",
            id="memory of search",
        ),
        pytest.param(
            {"balancer": {"httpPort": 8443}},
            "balancer.httpsPort: httpsPort and httpPort are both 8443. Give each a port of its "
            "own.",
            id="two ports equal",
        ),
        pytest.param(
            {"balancer": {"httpPort": 9000, "httpsPort": 9000, "statisticsPort": 9000}},
            "balancer.httpsPort: httpsPort, httpPort, statisticsPort are all 9000. Give each a "
            "port of its own.",
            id="three ports equal",
        ),
        pytest.param(
            {"balancer": {"cookieName": "JSESSIONID"}},
            'balancer.cookieName: "JSESSIONID" is the ERP\'s own session cookie. Take another '
            "name, so that neither overwrites the other.",
            id="the ERP's cookie",
        ),
    ],
)
def test_a_broken_rule_is_one_sentence_with_the_sum_done(
    sections: dict[str, dict[str, Any]], line: str
) -> None:
    assert [str(fault) for fault in broken_rules(stack(**sections))] == [line]


@pytest.mark.parametrize(
    "name", ["Europe/Berlinn", "localtime", "posix/Europe/Berlin", "right/UTC", "ROC", "Factory"]
)
def test_a_time_zone_that_java_would_not_know_is_refused(name: str) -> None:
    """Also one that the database of this machine has: the node's JVM would run in GMT."""
    (fault,) = broken_rules(stack(nodes={"timeZone": name}))
    assert str(fault).startswith(
        f'nodes.timeZone: "{name}" is no time zone that Java 17 knows, and a JVM would silently '
        "run in GMT. "
    )


def test_a_name_that_is_nearly_one_is_suggested() -> None:
    (fault,) = broken_rules(stack(nodes={"timeZone": "Europe/Berlinn"}))
    assert fault.hint == "Did you mean Europe/Berlin?"


def test_the_real_jdk_knows_every_time_zone_that_is_accepted() -> None:
    """A newer JDK may know more; `America/Coyhaique` came in 2025."""
    source = Path(__file__).with_name("ZoneNames.java")
    java = ["java", "-XX:TieredStopAtLevel=1", str(source)]
    asked = subprocess.run(java, check=True, capture_output=True, text=True)
    assert known_time_zones() <= set(asked.stdout.split())
    assert {"UTC", "Europe/Berlin", "America/New_York"} <= known_time_zones()


def test_the_values_that_just_pass() -> None:
    """(7 + 1) × (21 + 1) + 91 = 267 = 270 - 3; (4 + 2 + 4) × 2 + 1 = 21; 272 + 160 + 80 = 512."""
    settings = stack(
        nodes={"count": 7, "heapMib": 272, "instanceIdPrefix": "eighteen-character"},
        database={"poolMin": 21, "poolMax": 21, "reserve": 91},
    )
    assert broken_rules(settings) == []


def test_every_rule_says_in_its_first_line_what_it_demands() -> None:
    for rule in RULES:
        first = (rule.__doc__ or "").splitlines()[0]
        assert first.endswith("."), f"{rule.__name__}: docs/settings.md prints this line"
