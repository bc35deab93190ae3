"""The balancer's image: HAProxy runs on a right configuration, or says what is wrong with it."""

import docker
import pytest

from tests.image.conftest import Images
from tests.image.container import container

pytestmark = pytest.mark.docker

FILE = "/etc/haproxy-cluster/haproxy.cfg"
GOOD = """\
global
    log stdout format raw local0
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend statistics
    bind 127.0.0.1:8404
    monitor-uri /alive
"""


def test_it_is_healthy_when_its_statistics_port_answers(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.balancer, files={FILE: GOOD}) as trial:
        assert trial.wait_for("balancer-health") == "balancer-health: HTTP/1.1 200 OK\n"
        assert trial.ask("cat", "/proc/1/comm") == (0, "haproxy\n")


def test_it_ends_with_exit_code_0_when_it_is_told_to(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.balancer, files={FILE: GOOD}) as trial:
        trial.wait_for("balancer-health")
        trial.container.stop(timeout=20)
        assert trial.end()[0] == 0


def test_an_answer_that_is_not_200_is_not_healthy(
    engine: docker.DockerClient, images: Images
) -> None:
    paused = GOOD.replace("monitor-uri /alive", "monitor-uri /alive\n    monitor fail if TRUE")
    with container(engine, images.balancer, files={FILE: paused}) as trial:
        trial.wait_for("balancer-health | grep 503")
        code, verdict = trial.ask("balancer-health")
    assert code == 1
    assert "must answer 200 to /alive, got 'HTTP/1.1 503" in verdict


def test_it_is_not_healthy_while_nothing_listens(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.balancer, entrypoint=["sleep", "60"]) as trial:
        assert trial.ask("balancer-health") == (
            1,
            "balancer-health: nothing listens on port 8404\n",
        )


def test_a_wrong_line_is_quoted_and_nothing_starts(
    engine: docker.DockerClient, images: Images
) -> None:
    wrong = GOOD.replace("mode http", "mode htttp")
    with container(engine, images.balancer, files={FILE: wrong}) as trial:
        code, log = trial.end()
    assert code == 78
    assert "unknown proxy mode 'htttp'" in log
    assert "is refused by haproxy, see above; nothing was started" in log


def test_a_missing_configuration_is_one_message(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.balancer) as trial:
        assert trial.end() == (
            78,
            f"balancer: {FILE} is missing or unreadable for haproxy. Mount it.\n",
        )
