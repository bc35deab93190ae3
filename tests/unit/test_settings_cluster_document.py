"""Settings become the cluster document that every node reads."""

from typing import Any

import pytest

from contract.cluster_document import ClusterDocument
from contract.document_reading import check_document
from settings.cluster_document import NODE_SECRETS, cluster_document, cluster_name
from settings.errors import SettingsError
from settings.routing import HEALTH_PATH
from tests.support.docker_settings import docker_settings

CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def document(**sections: Any) -> ClusterDocument:
    config = {"profile": "local", **sections}
    return cluster_document(
        docker_settings(config),
        cluster="local",
        database_host="database",
        brokers=("broker-1", "broker-2"),
        broker_ca=CA,
    )


def test_every_setting_that_a_node_needs_reaches_the_document() -> None:
    """One value each that differs from its default, so that a field left out shows."""
    made = document(
        nodes={
            "heapMib": 200,
            "jobThreads": 7,
            "bootTimeoutS": 77,
            "stopTimeoutS": 17,
            "timeZone": "Europe/Berlin",
            "locale": "de_DE",
        },
        balancer={"host": "erp.example.com", "httpsPort": 9443},
        database={"poolMin": 3, "poolMax": 31},
        messaging={"topic": "OtherTopic"},
        cacheClear={"entityExpireS": 61},
        seed={"readers": ["seed"]},
    )
    node, database = made.node, made.database
    assert (made.cluster, made.document_version) == ("local", 1)
    assert (made.public_endpoint.host, made.public_endpoint.https_port) == ("erp.example.com", 9443)
    assert (node.heap_mib, node.job_threads, node.health_path) == (200, 7, HEALTH_PATH)
    assert (node.boot_timeout_s, node.stop_timeout_s) == (77, 17)
    assert (node.time_zone, node.locale) == ("Europe/Berlin", "de_DE")
    assert (database.host, database.pool_min, database.pool_max) == ("database", 3, 31)
    assert [broker.host for broker in made.messaging.brokers] == ["broker-1", "broker-2"]
    assert (made.messaging.topic, made.messaging.ca_certificate) == ("OtherTopic", CA)
    assert (made.cache_clear.mode, made.cache_clear.entity_expire_s) == ("resilient", 61)
    assert made.seed.readers == ("seed",)


def test_unbounded_staleness_reaches_the_document_as_null() -> None:
    assert document(cacheClear={"entityExpireS": None}).cache_clear.entity_expire_s is None


def test_the_document_refers_to_secrets_by_the_names_of_their_files() -> None:
    made = document()
    references = (
        made.database.app_password,
        made.database.admin_password,
        made.messaging.password,
        made.administrator.password,
    )
    assert references == NODE_SECRETS
    assert [secret.name for secret in NODE_SECRETS] == [
        "database-app-password",
        "database-admin-password",
        "broker-app-password",
        "administrator-password",
    ]


def test_a_node_reads_back_what_the_platform_wrote() -> None:
    made = document()
    assert check_document(made.model_dump_json()) == made


@pytest.mark.parametrize("stack", ["Local", "1st", "a_b", "a.b", "", "x" * 31, "local\n"])
def test_a_name_that_cannot_name_containers_is_refused(stack: str) -> None:
    with pytest.raises(SettingsError, match="cluster name: got") as caught:
        cluster_name(stack)
    assert 'at most 30 characters, for example "local"' in str(caught.value)


def test_a_name_that_fits_is_returned() -> None:
    assert cluster_name("scipio-local-2") == "scipio-local-2"
