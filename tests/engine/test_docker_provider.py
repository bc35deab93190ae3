"""The life of a small cluster under the real engine and the real Docker."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker
import pytest

from tests.engine.docker_stack import DockerStack

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    # The SDK leaves the coroutine of a program behind when the engine stops it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

BASE = "debian:bookworm-slim"


@dataclass
class Cluster:
    """A small cluster; what a test changes between two runs are its fields."""

    stack: DockerStack
    count: int = 2
    files: Path = field(init=False)

    def __post_init__(self) -> None:
        self.files = self.stack.folder / "context"
        self.files.mkdir()
        (self.files / "Dockerfile").write_text(f"FROM {BASE}\nCOPY motd /etc/motd\n")
        (self.files / "motd").write_text("first")

    def __call__(self) -> None:
        name = self.stack.name
        network = docker.Network("network", name=name("net"))
        volume = docker.Volume("volume", name=name("data"))
        docker.RemoteImage("base", name=BASE, keep_locally=True)
        image = docker.Image(
            "image",
            image_name=name("image") + ":1",
            build=docker.DockerBuildArgs(context=str(self.files)),
            skip_push=True,
        )
        for index in range(self.count):
            node = docker.Container(
                f"node-{index}",
                name=name(f"node-{index}"),
                image=image.repo_digest,
                hostname=f"node-{index}",
                command=["sh", "-c", "cp /etc/given /tmp/ready; exec sleep 600"],
                init=True,
                envs=["COLOUR=blue", "SHAPE=round"],
                networks_advanced=[
                    docker.ContainerNetworksAdvancedArgs(name=network.name, aliases=["app"])
                ],
                volumes=[
                    docker.ContainerVolumeArgs(volume_name=volume.name, container_path="/data")
                ],
                tmpfs={"/tmp": "rw,size=16m"},
                uploads=[
                    docker.ContainerUploadArgs(
                        file="/etc/given",
                        content="ready",
                        permissions="0444",
                    )
                ],
                memory=64,
                memory_swap=64,
                restart="unless-stopped",
                labels=[docker.ContainerLabelArgs(label="role", value="node")],
                log_driver="json-file",
                log_opts={"max-size": "1m"},
                stop_timeout=1,
                destroy_grace_seconds=1,
                healthcheck=docker.ContainerHealthcheckArgs(
                    tests=["CMD", "test", "-f", "/tmp/ready"],
                    interval="300ms",
                    timeout="2s",
                    start_period="1s",
                    retries=20,
                ),
                wait=True,
                wait_timeout=30,
            )
            pulumi.export(f"address-{index}", node.network_datas[0].ip_address)
        pulumi.export("digest", image.repo_digest)


@pytest.fixture
def cluster(stack: DockerStack) -> Cluster:
    """Two nodes of one image, not yet made."""
    return Cluster(stack)


def test_a_cluster_is_made_kept_grown_rebuilt_and_removed(
    stack: DockerStack, cluster: Cluster
) -> None:
    """The whole life; each run touches exactly what changed."""
    made = stack.up(cluster)
    assert made.error == ""
    assert made.summary == {"create": 7}
    assert len({made.outputs["address-0"], made.outputs["address-1"]}) == 2
    node = stack.inspect(stack.name("node-0"))
    assert node["State"]["Health"]["Status"] == "healthy"
    assert node["Image"] == made.outputs["digest"]
    _is_as_asked_for(node, stack)
    assert made.said("waiting for health")
    assert made.said("Step 2/2 : COPY motd /etc/motd")
    assert {status for _, status, _ in made.said("Step 2/2")} == {True}

    announced = made.said("Docker provider of this project")
    assert [(severity, status) for severity, status, _ in announced] == [("info", False)]

    again = stack.up(cluster, refresh=True)
    assert (again.error, again.summary, again.steps) == ("", {}, {})
    assert len(again.said("Docker provider of this project")) == 1

    cluster.count = 3
    grown = stack.up(cluster)
    assert grown.steps == {"node-2": ["create"]}

    (cluster.files / "motd").write_text("second")
    seen = stack.preview(cluster)
    assert set(seen.steps) == {"image", "node-0", "node-1", "node-2"}
    assert seen.steps["image"] == ["update"]
    rebuilt = stack.up(cluster)
    assert rebuilt.error == ""
    assert rebuilt.steps["image"] == ["update"]
    assert rebuilt.summary == {"update": 1, "replace": 3}
    assert rebuilt.outputs["digest"] != made.outputs["digest"]
    assert stack.inspect(stack.name("node-1"))["Image"] == rebuilt.outputs["digest"]

    assert stack.destroy().summary["delete"] == 8
    assert stack.leftovers() == []


def _is_as_asked_for(node: dict[str, Any], stack: DockerStack) -> None:
    """What Docker says of a node is what the program gave."""
    config, host = node["Config"], node["HostConfig"]
    assert config["Hostname"] == "node-0"
    assert {"COLOUR=blue", "SHAPE=round"} <= set(config["Env"])
    assert config["Labels"]["role"] == "node"
    assert config["StopTimeout"] == 1
    assert config["Healthcheck"] == {
        "Test": ["CMD", "test", "-f", "/tmp/ready"],
        "Interval": 300_000_000,
        "Timeout": 2_000_000_000,
        "StartPeriod": 1_000_000_000,
        "Retries": 20,
    }
    assert host["Memory"] == 64 * 1024 * 1024
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "1m"}}
    assert host["Tmpfs"] == {"/tmp": "rw,size=16m"}
    assert host["Init"] is True
    networks = node["NetworkSettings"]["Networks"]
    assert list(networks) == [stack.name("net")]
    assert "app" in networks[stack.name("net")]["Aliases"]
    mount = next(m for m in node["Mounts"] if m["Destination"] == "/data")
    assert mount["Name"] == stack.name("data")
