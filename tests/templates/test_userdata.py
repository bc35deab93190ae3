"""The user data of a server: as cloud-init fills it, reads it, and as its scripts run."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.document_reading import check_document
from templates.errors import NotParsable, UnprintableValueError
from templates.renderer import TEMPLATES, render
from templates.syntax import cloud_config, systemd
from templates.userdata.context import NodeService
from templates.userdata.node import (
    USER_DATA_MAX_BYTES,
    NodeServer,
    ServerSecret,
    SharedFileSystem,
    UserDataTooLongError,
    ecr_registry,
    node_user_data,
)

FOLDER = TEMPLATES / "userdata"
INSTANCE_ID = "i-0a1b2c3d4e5f60718"
LONGEST_NAME = "scipio-production1"
"""As long as a cluster's name may be on AWS: 18."""

LONG_HOST = "b-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-1.mq.ap-southeast-2.amazonaws.com"
SECRET = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:{}-AbCdEf"


def secret(name: str) -> dict[str, str]:
    return {"store": "file", "name": name}


def fetched(name: str, key: str | None = None) -> ServerSecret:
    """As long as the service makes its name: a prefix of the cluster's, 26 digits, six letters."""
    return ServerSecret(name=name, arn=SECRET.format(f"{LONGEST_NAME}/{name}-{'0' * 26}"), key=key)


DOCUMENT: dict[str, Any] = {
    "documentVersion": 1,
    "cluster": LONGEST_NAME,
    "publicEndpoint": {"host": "a-rather-long-name.enterprise.example.com", "httpsPort": 443},
    "node": {
        "httpPort": 8081,
        "healthPath": "/images/busy.gif",
        "heapMib": 28_672,
        "jobThreads": 100,
        "bootTimeoutS": 3600,
        "stopTimeoutS": 3600,
        "timeZone": "America/Argentina/Buenos_Aires",
        "locale": "en_US",
    },
    "database": {
        "host": f"{LONGEST_NAME}-database-0a1b2c3.c0ffee0c0ffee.ap-southeast-2.rds.amazonaws.com",
        "appPassword": secret("database-app-password"),
        "adminPassword": secret("database-admin-password"),
        "poolMax": 1000,
        "tls": "verify-full",
    },
    "messaging": {
        "brokers": [{"host": LONG_HOST, "port": 61_617}, {"host": LONG_HOST, "port": 61_617}],
        "password": secret("broker-app-password"),
        "failover": {
            "startupMaxReconnectAttempts": 2,
            "initialReconnectDelayMs": 100,
            "maxReconnectDelayMs": 5000,
            "timeoutMs": 3000,
            "connectionTimeoutMs": 2000,
            "connectResponseTimeoutMs": 3000,
            "sendTimeoutMs": 3000,
        },
    },
    "cacheClear": {"mode": "stock", "entityExpireS": 604_800},
    "seed": {"readers": ["seed", "seed-initial", "ext", "ext-of-the-enterprise", "demo"]},
    "search": {
        "host": f"{LONGEST_NAME}-search-0a1b2c3.elb.ap-southeast-2.amazonaws.com",
        "port": 1,
    },
    "sharedFiles": {"path": "/srv/scipio/shared"},
    "administrator": {"password": secret("administrator-password")},
}
"""A document with long names everywhere and everything that is optional."""

SERVER = NodeServer(
    document=json.dumps(DOCUMENT, indent=1),
    image=f"123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/scipio/node@sha256:{'0a' * 32}",
    role="app",
    port=8081,
    health_port=8083,
    memory_mib=3000,
    region="ap-southeast-2",
    group=f"{LONGEST_NAME}-green",
    secrets=(fetched("database-app-password"), fetched("broker-app-password")),
    preparation_secrets=(
        ServerSecret(
            name="database-admin-password",
            arn=SECRET.format("rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"),
            key="password",
        ),
        fetched("administrator-password"),
    ),
    serving_profile=f"arn:aws:iam::123456789012:instance-profile/{LONGEST_NAME}-app-0a1b2c3",
    log_group=f"/{LONGEST_NAME}/nodes",
    shared_files=SharedFileSystem(
        file_system_id="fs-0a1b2c3d4e5f60718",
        access_point_id="fsap-0a1b2c3d4e5f60718",
        path="/srv/scipio/shared",
    ),
    ready_within_s=900,
    back_within_s=700,
    let_go_within_s=420,
    drain_within_s=900,
    stop_within_s=70,
)


def files_of(text: str) -> dict[str, str]:
    """Path → content, as cloud-init writes them."""
    return {file["path"]: file["content"] for file in cloud_config.parse(text)["write_files"]}


def environment_of(server: NodeServer) -> dict[str, str]:
    return systemd.parse_environment(files_of(node_user_data(server))["/etc/scipio/server.env"])


def test_the_document_is_in_it_as_text_that_people_can_read() -> None:
    """And that the node accepts."""
    text = node_user_data(SERVER)
    document = files_of(text)["/etc/scipio/cluster.json"]

    assert f'    "cluster": "{LONGEST_NAME}",\n' in text
    assert document == SERVER.document + "\n"
    assert check_document(document).cluster == LONGEST_NAME


def test_the_largest_user_data_leaves_room_below_the_limit_of_ec2() -> None:
    """Names and secrets of every stack are shorter than these."""
    assert len(node_user_data(SERVER).encode()) < USER_DATA_MAX_BYTES - 384


def test_user_data_over_the_limit_is_refused_with_its_length() -> None:
    """AWS would say so at the very end, of base64."""
    document = json.dumps({"certificate": "x" * USER_DATA_MAX_BYTES})
    with pytest.raises(UserDataTooLongError, match=r"got \d{5} bytes; must be at most 16384"):
        node_user_data(replace(SERVER, document=document))


def test_the_scripts_arrive_as_they_are_but_for_comments_and_indentation() -> None:
    """Two passes of Jinja2 touch nothing of them, though docker's formats look like it."""
    files = files_of(node_user_data(SERVER))

    for name in ("prepare-node", "start-node", "watch-lifecycle"):
        first, *lines = (FOLDER / f"{name}.sh").read_text().splitlines(keepends=True)
        wanted = [first, *(line for line in lines if not line.lstrip(" ").startswith("#"))]
        arrived = files[f"/usr/local/sbin/scipio-{name}"].splitlines()
        assert [line.lstrip(" ") for line in arrived] == [
            line.rstrip("\n").lstrip(" ") for line in wanted
        ]
    assert "{{println .}}" in files["/usr/local/sbin/scipio-start-node"]


@pytest.mark.parametrize("end", ["{% endraw %}", "{%- endraw -%}", "x {%endraw%} y"])
def test_what_would_end_the_raw_block_is_refused(end: str) -> None:
    """Everything behind it would be Jinja2 for cloud-init."""
    with pytest.raises(UnprintableValueError, match=r"node\.yaml\.j2:\d+: .*raw block"):
        node_user_data(replace(SERVER, document=end))


@pytest.mark.parametrize("sign", ["\r", "\0", "\x85", "\u2028", "\ufeff", "\x1b"])
def test_what_a_literal_block_would_change_is_refused(sign: str) -> None:
    """YAML ends lines at more signs than a script does."""
    with pytest.raises(UnprintableValueError, match=r"cannot hold U\+"):
        node_user_data(replace(SERVER, document=f"a{sign}b"))


@pytest.mark.parametrize("text", [" begins with a blank", "a\n\n  b\n\nc", "# no comment"])
def test_a_text_keeps_its_blanks_and_empty_lines(text: str) -> None:
    """Python of a document may be indented, and a script has empty lines."""
    files = files_of(node_user_data(replace(SERVER, document=text)))

    assert files["/etc/scipio/cluster.json"] == f"{text}\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("#cloud-config\n", 1, "must begin with"),
        (cloud_config.HEADER + "a: {{ v1.nothing }}\n", 0, "nothing"),
        (cloud_config.HEADER + "a: {% if %}\n", 3, "Jinja2"),
        (cloud_config.HEADER + "a: [\n", 4, "as cloud-init fills it"),
        (cloud_config.HEADER + "- a\n", 0, "must be a mapping"),
    ],
)
def test_a_broken_cloud_config_is_refused_with_its_line(text: str, line: int, problem: str) -> None:
    """Cloud-init would log a warning, and the server would stay as it is."""
    with pytest.raises(NotParsable, match=problem) as caught:
        cloud_config.parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["key=1\n", "[Service]\nno directive\n"])
def test_a_broken_unit_is_refused(text: str) -> None:
    """Systemd would leave out the line and start the unit all the same."""
    with pytest.raises(NotParsable, match="must be"):
        systemd.parse_unit(text)


def test_an_environment_file_of_another_form_is_refused() -> None:
    with pytest.raises(NotParsable, match="NAME=value"):
        systemd.parse_environment("export A=1\n")


def test_a_shell_reads_the_environment_as_systemd_does(tmp_path: Path) -> None:
    """A person may source it on the server."""
    value = "a b\"c'd$e`f\\g;h*"
    (tmp_path / "env").write_text(f"A={systemd.escape_variable(value)}\n")
    printed = subprocess.run(
        ["/bin/sh", "-c", '. ./env && printf %s "$A"'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == value


def test_the_unit_outlives_the_container_it_stops() -> None:
    """Systemd would otherwise kill docker's own command, and the container go on."""
    unit = systemd.parse_unit(render(NodeService(stop_within_s=70)))

    assert ("Service", "TimeoutStopSec=100") in unit
    assert ("Service", "Restart=always") in unit
    assert ("Unit", "StartLimitIntervalSec=0") in unit


@pytest.mark.parametrize(
    ("image", "host"),
    [
        (SERVER.image, "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com"),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
        ),
        ("registry.example.com/erp@sha256:0", None),
        ("erp", None),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/erp", None),
    ],
)
def test_the_credential_helper_is_for_ecr_alone(image: str, host: str | None) -> None:
    """Asked for another registry, it would refuse, and docker with it."""
    assert ecr_registry(image) == host
    assert environment_of(replace(SERVER, image=image))["SCIPIO_REGISTRY"] == (host or "")


def test_every_field_of_a_server_reaches_its_files() -> None:
    """A field that nobody reads is a promise that nobody keeps."""
    others: dict[str, Any] = {
        "document": "{}",
        "image": "other@sha256:0",
        "role": "search",
        "port": 8983,
        "health_port": None,
        "memory_mib": 1,
        "region": "eu-west-1",
        "group": "other",
        "secrets": (),
        "preparation_secrets": (),
        "serving_profile": "arn:other",
        "log_group": "other",
        "shared_files": None,
        "ready_within_s": 1,
        "back_within_s": 1,
        "let_go_within_s": 1,
        "drain_within_s": 1,
        "stop_within_s": 1,
    }
    assert set(others) == set(SERVER.__dataclass_fields__)
    usual = files_of(node_user_data(SERVER))
    for name, value in others.items():
        assert files_of(node_user_data(replace(SERVER, **{name: value}))) != usual, name


# --- with cloud-init itself


@pytest.fixture(scope="module")
def on_the_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user data as cloud-init's own Jinja2 leaves it on the instance `INSTANCE_ID`."""
    folder = tmp_path_factory.mktemp("cloud-init")
    (folder / "user-data").write_text(node_user_data(SERVER))
    (folder / "instance.json").write_text(json.dumps({"v1": {"instance_id": INSTANCE_ID}}))
    filled = subprocess.run(
        ["cloud-init", "devel", "render", "--instance-data", "instance.json", "user-data"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / "cloud-config").write_text(filled.stdout)
    return folder / "cloud-config"


def test_cloud_init_fills_in_the_instance_id_of_nineteen_characters(on_the_server: Path) -> None:
    """That, and nothing else."""
    config = yaml.safe_load(on_the_server.read_text())
    files = {file["path"]: file["content"] for file in config["write_files"]}

    assert len(INSTANCE_ID) == 19
    assert files.pop("/etc/scipio/instance.env") == f"SCIPIO_INSTANCE_ID={INSTANCE_ID}\n"
    ours = files_of(node_user_data(SERVER))
    del ours["/etc/scipio/instance.env"]
    assert files == ours
    assert "CI_MISSING_JINJA_VAR" not in on_the_server.read_text()


def test_cloud_init_accepts_it(on_the_server: Path) -> None:
    """By its own schema of a cloud-config."""
    answer = subprocess.run(
        ["cloud-init", "schema", "--config-file", str(on_the_server)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "Valid cloud-config" in answer.stdout


def test_cloud_init_would_refuse_a_wrong_one(on_the_server: Path) -> None:
    """So that the test above says something."""
    broken = on_the_server.with_name("broken")
    broken.write_text(on_the_server.read_text().replace("runcmd:", "runcmd: 1\nother:"))
    answer = subprocess.run(
        ["cloud-init", "schema", "--config-file", str(broken)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "runcmd" in answer.stdout + answer.stderr


def test_the_scripts_are_clean() -> None:
    """By ShellCheck, without an exception."""
    answer = subprocess.run(
        ["shellcheck", *map(str, sorted(FOLDER.glob("*.sh")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout
