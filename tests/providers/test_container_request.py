"""From arguments to Docker's API, from Docker's API to arguments."""

import base64
import io
import tarfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.docker.codec import Properties, Secret, Value
from providers.docker.container_request import creation_request, further_networks
from providers.docker.container_state import drifted_inputs, imported_inputs, published_ports
from providers.docker.container_uploads import uploads_archive
from providers.docker.durations import duration_text, nanoseconds

MINIMAL: Properties = {"name": "node-1", "image": "debian"}


def _seen(running: bool = True, **host: Any) -> dict[str, Any]:
    return {
        "Id": "0123456789abcdef",
        "Name": "/node-1",
        "Config": {"Image": "debian"},
        "HostConfig": {"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, **host},
        "NetworkSettings": {"Networks": {}},
        "State": {"Running": running, "ExitCode": 0},
    }


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    assert file is not None
    return file.read()


def test_what_is_not_asked_for_is_left_to_docker() -> None:
    """A minimal container has a minimal request."""
    assert creation_request(MINIMAL) == {
        "Image": "debian",
        "HostConfig": {
            "ReadonlyRootfs": False,
            "Init": False,
            "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
        },
    }


def test_memory_is_counted_in_mebibytes_and_minus_one_has_no_limit() -> None:
    """As the real plugin counts."""
    host = creation_request({**MINIMAL, "memory": 64, "memorySwap": -1})["HostConfig"]
    assert (host["Memory"], host["MemorySwap"]) == (64 * 1024 * 1024, -1)


def test_kernel_settings_belong_to_the_containers_network_and_come_back_on_import() -> None:
    sysctls = {"net.ipv4.tcp_retries2": "5"}
    request = creation_request({**MINIMAL, "sysctls": sysctls})
    assert request["HostConfig"]["Sysctls"] == sysctls
    assert imported_inputs(_seen(Sysctls=sysctls), {})["sysctls"] == sysctls


def test_the_first_network_stands_in_place_of_the_default_one() -> None:
    """The others are connected before the start."""
    networks = [{"name": "front", "aliases": ["app"]}, {"name": "back", "ipv4Address": "10.1.2.3"}]
    arguments = {**MINIMAL, "networksAdvanced": networks}
    request = creation_request(arguments)
    assert request["HostConfig"]["NetworkMode"] == "front"
    assert request["NetworkingConfig"]["EndpointsConfig"] == {"front": {"Aliases": ["app"]}}
    assert further_networks(arguments) == [("back", {"IPAMConfig": {"IPv4Address": "10.1.2.3"}})]


def test_ports_are_exposed_and_bound() -> None:
    """A missing outer number lets Docker choose."""
    ports = [
        {"internal": 80, "external": 8080, "ip": "127.0.0.1"},
        {"internal": 53, "protocol": "udp"},
    ]
    request = creation_request({**MINIMAL, "ports": ports})
    assert request["ExposedPorts"] == {"80/tcp": {}, "53/udp": {}}
    assert request["HostConfig"]["PortBindings"] == {
        "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}],
        "53/udp": [{"HostIp": "0.0.0.0", "HostPort": ""}],  # noqa: S104 - the real plugin's default
    }


def test_the_number_docker_chose_is_shown() -> None:
    """And a given one is kept."""
    seen = {"NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "", "HostPort": "32768"}]}}}
    given_port: Value = {"internal": 443, "external": 8443}
    assert published_ports([{"internal": 80}, given_port], seen) == [
        {"internal": 80, "external": 32768},
        given_port,
    ]


def test_volumes_are_bound_with_their_mode() -> None:
    """By name, by path of this machine, or without a source."""
    volumes = [
        {"volumeName": "data", "containerPath": "/data"},
        {"hostPath": "/srv", "containerPath": "/srv", "readOnly": True},
        {"containerPath": "/scratch"},
    ]
    request = creation_request({**MINIMAL, "volumes": volumes})
    assert request["HostConfig"]["Binds"] == ["data:/data:rw", "/srv:/srv:ro"]
    assert request["Volumes"] == {"/scratch": {}}


def test_uploads_belong_to_root_and_have_their_modes() -> None:
    """Text and base64, with and without permissions."""
    archive = uploads_archive(
        [
            {"file": "/etc/a", "content": "grüß", "permissions": "0400"},
            {"file": "/etc/b", "contentBase64": base64.b64encode(b"\0\1").decode()},
            {"file": "/bin/c", "content": "#!/bin/sh", "executable": True},
        ]
    )
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        entries = {entry.name: entry for entry in tar}
        assert {name: entry.mode for name, entry in entries.items()} == {
            "etc/a": 0o400,
            "etc/b": 0o644,
            "bin/c": 0o744,
        }
        assert {(entry.uid, entry.gid) for entry in entries.values()} == {(0, 0)}
        assert _read(tar, "etc/a") == "grüß".encode()
        assert _read(tar, "etc/b") == b"\0\1"


def test_only_what_can_change_in_a_living_container_drifts() -> None:
    """And what was not asked for does not."""
    inputs: Properties = {**MINIMAL, "memory": Secret(64), "envs": ["A=b"]}
    same = _seen(Memory=64 << 20, MemorySwap=128 << 20)
    assert drifted_inputs(inputs, same) == inputs
    changed = _seen(Memory=32 << 20, RestartPolicy={"Name": "always", "MaximumRetryCount": 0})
    assert drifted_inputs(inputs, changed) == {**inputs, "memory": 32, "restart": "always"}


def test_a_container_that_stands_still_need_not_run_until_the_program_says_so() -> None:
    """Which is then a difference that starts it."""
    assert drifted_inputs(MINIMAL, _seen(running=False))["mustRun"] is False
    kept: Properties = {**MINIMAL, "mustRun": False}
    assert drifted_inputs(kept, _seen(running=False)) == kept


def test_an_import_leaves_out_what_comes_from_the_image() -> None:
    """And what Docker adds by itself."""
    seen = _seen(
        Binds=["data:/data:ro"], PortBindings={"80/tcp": [{"HostIp": "", "HostPort": "8"}]}
    )
    seen["Config"] |= {"Env": ["PATH=/bin", "A=b"], "Cmd": ["bash"], "Labels": {"a": "1", "b": "2"}}
    seen["NetworkSettings"]["Networks"] = {"net": {"Aliases": ["app", "0123456789ab"]}}
    image = {"Config": {"Env": ["PATH=/bin"], "Cmd": ["bash"], "Labels": {"a": "1"}}}
    assert imported_inputs(seen, image) == {
        "image": "debian",
        "name": "node-1",
        "envs": ["A=b"],
        "labels": [{"label": "b", "value": "2"}],
        "networksAdvanced": [{"name": "net", "aliases": ["app"]}],
        "ports": [{"internal": 80, "external": 8}],
        "volumes": [{"containerPath": "/data", "volumeName": "data", "readOnly": True}],
        "restart": "no",
    }


@pytest.mark.parametrize(
    ("text", "count_ns"),
    [
        ("0", 0),
        ("0s", 0),
        ("500ms", 500_000_000),
        ("1.5s", 1_500_000_000),
        ("1h2m3s", 3_723 * 10**9),
    ],
)
def test_durations_are_gos(text: str, count_ns: int) -> None:
    """What Go's `time.ParseDuration` makes of them."""
    assert nanoseconds(text) == count_ns


@given(st.one_of(st.integers(0, 10**15), st.integers(0, 10**6).map(lambda s: s * 10**9)))
def test_a_duration_written_is_read_the_same(count_ns: int) -> None:
    """However odd."""
    assert nanoseconds(duration_text(count_ns)) == count_ns
