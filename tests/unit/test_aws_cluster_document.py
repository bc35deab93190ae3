"""Settings of a stack on AWS become the cluster document, with references to secrets alone."""

from typing import Any

from contract.cluster_document import ClusterDocument
from contract.document_reading import check_document
from settings.cluster_document import (
    ADMINISTRATOR_PASSWORD,
    BROKER_APP_PASSWORD,
    DATABASE_ADMIN_PASSWORD,
    DATABASE_APP_PASSWORD,
    RDS_AUTHORITIES_FILE,
    AwsEndpoints,
    aws_cluster_document,
)
from settings.routing import HEALTH_PATH, routing_rules
from tests.support.aws_settings import aws_settings

ENDPOINTS = AwsEndpoints(
    database="db.example.rds.amazonaws.com",
    brokers=("b-1.mq.eu-central-1.amazonaws.com", "b-2.mq.eu-central-1.amazonaws.com"),
    search="search.internal",
)


def document(endpoints: AwsEndpoints = ENDPOINTS, **sections: Any) -> ClusterDocument:
    return aws_cluster_document(
        aws_settings(**sections), cluster="scipio-prod", endpoints=endpoints
    )


def test_every_setting_that_a_node_needs_reaches_the_document() -> None:
    """One value each that differs from its default, so that a field left out shows."""
    made = document(
        nodes={
            "heapMib": 2000,
            "jobThreads": 7,
            "bootTimeoutS": 77,
            "stopTimeoutS": 17,
            "timeZone": "Europe/Berlin",
            "locale": "de_DE",
        },
        balancer={"host": "other.example.com", "idleTimeoutS": 71},
        database={"poolMin": 3, "poolMax": 31},
        messaging={"topic": "OtherTopic", "appUser": "other"},
        cacheClear={"mode": "stock", "entityExpireS": 61},
        seed={"readers": ["seed"]},
        files={"path": "/srv/other"},
        search={"port": 8984},
    )
    node, database, messaging = made.node, made.database, made.messaging
    assert (made.cluster, made.document_version) == ("scipio-prod", 1)
    assert (made.public_endpoint.host, made.public_endpoint.https_port) == (
        "other.example.com",
        443,
    )
    assert (node.heap_mib, node.job_threads, node.health_path) == (2000, 7, HEALTH_PATH)
    assert (node.boot_timeout_s, node.stop_timeout_s) == (77, 17)
    assert node.keep_alive_timeout_s == 71 + 30
    assert (node.time_zone, node.locale) == ("Europe/Berlin", "de_DE")
    assert (database.host, database.pool_min, database.pool_max) == (ENDPOINTS.database, 3, 31)
    assert tuple(broker.host for broker in messaging.brokers) == ENDPOINTS.brokers
    assert (messaging.topic, messaging.user) == ("OtherTopic", "other")
    assert (made.cache_clear.mode, made.cache_clear.entity_expire_s) == ("stock", 61)
    assert made.seed.readers == ("seed",)
    assert made.shared_files.path == "/srv/other"
    assert made.search is not None
    assert (made.search.host, made.search.port) == ("search.internal", 8984)


def test_database_and_broker_are_reached_over_tls() -> None:
    made = document()
    assert (made.database.tls, made.database.ca_certificate) == ("verify-full", None)
    assert made.database.ca_certificate_file == RDS_AUTHORITIES_FILE
    assert (made.messaging.tls, made.messaging.ca_certificate) == (True, None)


def test_secrets_are_files_that_the_server_fetches() -> None:
    """A container has no credentials by which it could ask."""
    made = document()
    assert made.database.app_password == DATABASE_APP_PASSWORD
    assert made.database.admin_password == DATABASE_ADMIN_PASSWORD
    assert made.messaging.password == BROKER_APP_PASSWORD
    assert made.administrator.password == ADMINISTRATOR_PASSWORD


def test_without_a_search_the_document_names_none() -> None:
    assert document(ENDPOINTS._replace(search=None)).search is None


def test_the_document_is_short_and_reads_back_the_same() -> None:
    """User data holds 16 KiB, and this is the longest part of it."""
    made = document()
    text = made.model_dump_json()
    assert len(text) < 4096
    assert check_document(text) == made


def test_the_routing_rules_are_those_of_every_balancer_with_this_ones_values() -> None:
    rules = routing_rules(
        aws_settings(
            balancer={
                "stickinessS": 600,
                "rootRedirect": "/shop/",
                "backOfficeCidrs": ["203.0.113.0/24"],
                "publicPaths": ["/store"],
                "blockedPaths": ["/solr", "*/control/SOAPService", "/own/secret"],
                "viewPaths": ["/authview"],
                "healthIntervalS": 15,
                "healthyThreshold": 3,
                "unhealthyThreshold": 4,
            }
        )
    )
    assert (rules.health_path, rules.cookie_name) == (HEALTH_PATH, "AWSALB")
    assert [(each.path, each.match) for each in rules.blocked] == [
        ("/solr", "prefix"),
        ("/control/SOAPService", "any-webapp"),
        ("/own/secret", "prefix"),
    ]
    assert rules.blocked[2].reason == "named in balancer.blockedPaths"
    assert (rules.public_paths, rules.view_paths) == (("/store",), ("/authview",))
    assert (rules.stickiness_s, rules.root_redirect) == (600, "/shop/")
    assert rules.back_office_cidrs == ("203.0.113.0/24",)
    assert (rules.health_interval_s, rules.healthy_threshold, rules.unhealthy_threshold) == (
        15,
        3,
        4,
    )
