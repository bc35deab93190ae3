"""The broker's image: of two on one store, one is live and one waits."""

from collections.abc import Mapping

import docker
import pytest

from templates.broker.context import BrokerCredentials, BrokerXml
from templates.renderer import render
from tests.image.conftest import Images
from tests.image.container import container, volume
from tests.support.certificates import make_server_certificate

pytestmark = pytest.mark.docker

STORE = "/var/lib/activemq"


@pytest.fixture(scope="module")
def configuration() -> Mapping[str, str | bytes]:
    """What the platform puts into both containers."""
    return {
        "/etc/activemq/activemq.xml": render(
            BrokerXml(broker_name="pair", topic="Topic", app_user="app", operator_user="operator")
        ),
        "/etc/activemq/credentials.properties": render(
            BrokerCredentials(
                key_store_password="of-the-store", app_password="a", operator_password="o"
            )
        ),
        "/etc/activemq/broker.p12": make_server_certificate("of-the-store").key_store,
    }


def test_one_is_live_the_other_waits_and_takes_over(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    with volume(engine) as store:
        mounted = {store: STORE}
        with container(engine, images.broker, files=configuration, volumes=mounted) as first:
            assert first.wait_for("broker-health").startswith("live: ")
            with container(engine, images.broker, files=configuration, volumes=mounted) as second:
                assert second.wait_for("broker-health").startswith("standby: ")
                first.container.kill()
                assert second.ask("broker-health")[0] in (0, 1)
                second.wait_for("broker-health | grep ^live:", within_s=30)
                first.container.start()
                assert first.wait_for("broker-health").startswith("standby: ")


def test_a_broker_that_neither_listens_nor_waits_is_not_healthy(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.broker, entrypoint=["sleep", "60"]) as trial:
        code, verdict = trial.ask("broker-health")
    assert code == 1
    assert verdict.startswith("starting: does not listen on 61617, and nobody holds")


def test_it_ends_within_seconds_when_it_is_told_to(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    with container(engine, images.broker, files=configuration) as trial:
        trial.wait_for("broker-health")
        trial.container.stop(timeout=20)
        code, log = trial.end()
    assert code == 143
    assert "is shutting down" in log
    assert "log4j" not in log.lower()


def test_it_runs_without_privileges_on_its_heap(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    with container(
        engine, images.broker, files=configuration, environment={"BROKER_HEAP_MIB": "96"}
    ) as trial:
        trial.wait_for("broker-health")
        _, command = trial.ask("sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline")
    assert "java -Xms96m -Xmx96m " in command
    assert "of-the-store" not in command


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "/etc/activemq/activemq.xml is missing or unreadable for activemq"),
        ({"BROKER_HEAP_MIB": "1g"}, "BROKER_HEAP_MIB is '1g'; must be whole MiB"),
    ],
)
def test_what_it_cannot_start_with_is_one_message(
    engine: docker.DockerClient,
    images: Images,
    configuration: Mapping[str, str | bytes],
    environment: Mapping[str, str],
    message: str,
) -> None:
    files = configuration if environment else {}
    with container(engine, images.broker, files=files, environment=environment) as trial:
        code, log = trial.end()
    assert code == 78
    assert message in log
    assert len(log.splitlines()) == 1
