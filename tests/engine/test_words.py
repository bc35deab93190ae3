"""Every command on both platforms, wherever the state is: it serves the stack, or says what does,
and one that reads changes neither stack files nor states.
"""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import pulumi
import pytest
from pulumi import automation
from typer.testing import CliRunner

from account.plan import Plan
from automation import __main__ as commands
from automation import (
    artifacts,
    base_image,
    docker_engine,
    node_boot_bench,
    offline_preview,
    paths,
    ports,
    summary,
)
from automation.backend import LOCAL_PASSPHRASE
from automation.local_stack import Engine, LocalStack
from automation.words import WORDS
from contract.check_report import CheckReport
from contract.stack_outputs import (
    BalancerOutput,
    BrokerOutput,
    DatabaseOutput,
    NodeOutput,
    StackOutputs,
)
from settings.models import Settings
from settings.routing import routing_rules
from settings.stack_file import load_stack
from tests.automation.fake_docker import FakeEngine
from tests.support.server_process import wait_until

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]

Platform = Literal["docker", "aws"]
STACK: dict[Platform, str] = {"docker": "local", "aws": "prod"}

Situation = Literal["no state", "local state", "backend variable", "log-in", "kms"]
SITUATIONS: tuple[Situation, ...] = (
    "no state",
    "local state",
    "backend variable",
    "log-in",
    "kms",
)
"""Where the stack's state is. `kms`: as `backend variable`, its secrets encrypted by a KMS key."""

KNOWN: dict[Platform, set[Situation]] = {
    "docker": {"local state", "backend variable", "kms"},
    "aws": {"backend variable", "log-in", "kms"},
}
"""Where the commands of a platform find a state: a log-in that is meant for AWS does not move a
cluster of this machine, and the folder of such clusters holds no stack on AWS."""

COLOURS = {
    "blue": {
        "weight": 100,
        "stickinessS": 3600,
        "place": {"statisticsUrl": "http://127.0.0.1:9/"},
    }
}
"""Of a balancer that does not answer."""

KMS = "awskms://alias/scipio-state?region=eu-central-1"
KMS_LINES = f"secretsprovider: {KMS}\nencryptedkey: AQICAHhabc==\n"


def outputs(platform: Platform) -> StackOutputs:
    local = load_stack("local", ROOT / "stacks")
    assert isinstance(local, Settings)
    return StackOutputs(
        cluster=f"scipio-{STACK[platform]}",
        platform=platform,
        implementation="scipio",
        balancer=BalancerOutput(https_url="https://erp.test", http_url="http://erp.test"),
        routing=routing_rules(local),
        nodes=(NodeOutput(instance_id="scipio-1"),) if platform == "docker" else (),
        brokers=(BrokerOutput(name="broker-a"),),
        database=DatabaseOutput(host="database", port=5432, name="scipio", app_user="scipio_app"),
    )


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory, pulumi_cli: Path) -> Path:
    """A folder with a real state of each platform's stack, made by a program of outputs alone."""
    folder = tmp_path_factory.mktemp("states")
    (folder / "kept").mkdir()
    for platform, stack in STACK.items():
        values = json.loads(outputs(platform).model_dump_json(by_alias=True))

        def program(values: Any = values) -> None:
            pulumi.export("cluster", values)
            pulumi.export("colours", COLOURS)
            pulumi.export("administratorPassword", pulumi.Output.secret("correct horse"))

        automation.create_stack(
            stack_name=stack,
            project_name="scipio",
            program=program,
            opts=automation.LocalWorkspaceOptions(
                pulumi_home=str(folder / "home"),
                pulumi_command=automation.PulumiCommand(
                    root=str(pulumi_cli.parent.parent), skip_version_check=True
                ),
                env_vars={
                    "PULUMI_BACKEND_URL": (folder / "kept").as_uri(),
                    "PULUMI_CONFIG_PASSPHRASE": LOCAL_PASSPHRASE,
                },
            ),
        ).up()
    return folder / "kept"


@dataclass
class Checkout:
    """A fresh clone as the commands see it."""

    folder: Path
    elsewhere: Path
    docker: FakeEngine
    opened: list[str]
    """Stacks that were updated or destroyed."""

    def run(self, word: str, stack: str, *options: str) -> Any:
        words = {"faults": ["check", "--faults"]}.get(word, [word])
        if word == "up":
            options = ("--no-check", *options)
        return CliRunner().invoke(commands.app, [*words, "--stack", stack, *options])

    def contents(self) -> dict[str, str]:
        """A digest of every stack file and of every file of every state."""
        roots = (self.folder / "stacks", self.folder / ".state", self.elsewhere)
        return {
            str(file): hashlib.sha256(file.read_bytes()).hexdigest()
            for root in roots
            for file in root.rglob("*")
            if file.is_file()
        }


@pytest.fixture
def checkout(
    tmp_path: Path, pulumi_cli: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Checkout]:
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "stacks", folder / "stacks")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    made = Checkout(folder, tmp_path / "elsewhere", FakeEngine(), [])
    monkeypatch.setattr(paths, "ROOT", folder)
    monkeypatch.setattr(paths, "STATE", folder / ".state")
    monkeypatch.setattr(offline_preview, "ROOT", folder)
    plain = Engine.ensure

    def engine() -> Engine:
        return Engine(cli=plain().cli, plugin_folders=(), project=folder)

    def note(local: LocalStack, **_: Any) -> dict[str, int]:
        made.opened.append(local.name)
        return {}

    monkeypatch.setattr("automation.plugins.ensure", lambda _cli: [])
    monkeypatch.setattr(Engine, "ensure", engine)
    monkeypatch.setattr(LocalStack, "up", note)
    monkeypatch.setattr(LocalStack, "destroy", note)
    monkeypatch.setattr(LocalStack, "preview", lambda *_, **__: {"create": 3})
    monkeypatch.setattr(docker_engine, "ensure", lambda: made.docker)
    monkeypatch.setattr(docker_engine, "client", lambda: made.docker)
    for module, name in ((base_image, "ensure"), (ports, "check"), (summary, "show")):
        monkeypatch.setattr(module, name, lambda *_, **__: None)
    monkeypatch.setattr(ports, "published_by", lambda *_, **__: frozenset())
    monkeypatch.setattr(artifacts, "ensure_java", lambda: None)
    monkeypatch.setattr(artifacts, "ensure_python", lambda _engine: None)
    monkeypatch.setattr(node_boot_bench, "run", lambda *_: None)
    monkeypatch.setattr("automation.planned.planned", lambda *_: Plan(()))
    report = CheckReport(cluster="scipio", results=())
    monkeypatch.setattr("checks.run.run_checks", lambda *_, **__: report)
    others = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "AWS_"))}
    path = os.pathsep.join([str(pulumi_cli.parent), os.environ["PATH"]])
    own = {"PATH": path, "PULUMI_HOME": str(tmp_path / "home"), "AWS_EC2_METADATA_DISABLED": "true"}
    with patch.dict(os.environ, {**others, **own}, clear=True):
        yield made


def prepare(checkout: Checkout, states: Path, platform: Platform, situation: Situation) -> None:
    """The state is where `situation` says, and nowhere else."""
    checkout.elsewhere.mkdir()
    if situation == "no state":
        return
    kept = checkout.folder / ".state" if situation == "local state" else checkout.elsewhere
    shutil.copytree(states, kept, dirs_exist_ok=True)
    home = Path(os.environ["PULUMI_HOME"])
    if situation == "log-in":
        home.mkdir()
        url = kept.as_uri()
        noted = {"current": url, "accessTokens": {url: ""}, "accounts": {url: {}}}
        (home / "credentials.json").write_text(json.dumps(noted))
    elif situation != "local state":
        os.environ["PULUMI_BACKEND_URL"] = kept.as_uri()
    if situation == "kms":
        os.environ.pop("PULUMI_CONFIG_PASSPHRASE", None)
        file = checkout.folder / "stacks" / f"Pulumi.{STACK[platform]}.yaml"
        text = re.sub(r"^encryptionsalt:.*\n", "", file.read_text(), flags=re.MULTILINE)
        file.write_text(text + KMS_LINES)
        checkpoint = kept / ".pulumi" / "stacks" / "scipio" / f"{STACK[platform]}.json"
        state = json.loads(checkpoint.read_text())
        state["checkpoint"]["latest"]["secrets_providers"] = {
            "type": "cloud",
            "state": {"url": KMS, "encryptedkey": "AQICAHhabc=="},
        }
        checkpoint.write_text(json.dumps(state))


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("platform", STACK)
@pytest.mark.parametrize("word", [word for word in WORDS if word != "erp-cache-clear-bench"])
def test_each_word_serves_a_platform_or_says_what_does(
    word: str, platform: Platform, situation: Situation, checkout: Checkout, states: Path
) -> None:
    prepare(checkout, states, platform, situation)
    before = checkout.contents()

    asked = checkout.run(word, STACK[platform])

    seen = f"{asked.output}\n{asked.exception!r}"
    refused = WORDS[word].instead(platform) is not None
    if refused or WORDS[word].reads:
        assert checkout.contents() == before, seen
        assert checkout.opened == [], seen
    if refused:
        assert type(asked.exception).__name__ == "WrongPlatformError", seen
        assert asked.exception.exit_code == 2
        said = f"Stack {STACK[platform]} runs on {platform}, and `make {word}` is for"
        assert said in str(asked.exception)
        return
    expected = expectation(word, platform, situation)
    assert (type(asked.exception).__name__ if asked.exception else "fine") == expected, seen


def expectation(word: str, platform: Platform, situation: Situation) -> str:
    """The error's type, or `fine`."""
    if word in {"preview", "down", "permissions"} or (word, platform) == ("unlock", "docker"):
        # Where no state has it there is nothing to remove or unlock, and a first update to show.
        return "fine"
    if word == "preflight":
        return "AccountError"  # these tests have no credentials
    if situation in KNOWN[platform]:
        if word == "release":
            return "NotConfirmedError"
        # An existing stack of ours is never encrypted by a key that these tests have.
        return "UpdateFailedError" if (word, situation) == ("password", "kms") else "fine"
    if word == "up":
        return "NotDeployedError"  # it was brought up by a stand-in that makes no outputs
    nobody_logged_in = platform == "aws" and situation in {"no state", "local state"}
    return "NoStateChosenError" if nobody_logged_in else "NotDeployedError"


@pytest.mark.parametrize("situation", ["local state", "backend variable"])
def test_the_password_alone_is_printed(
    situation: Situation, checkout: Checkout, states: Path
) -> None:
    prepare(checkout, states, "docker", situation)
    assert checkout.run("password", "local").stdout == "correct horse\n"


@pytest.mark.parametrize("situation", ["backend variable", "log-in", "kms"])
def test_outputs_of_a_stack_on_aws_are_printed_without_a_key(
    situation: Situation, checkout: Checkout, states: Path
) -> None:
    prepare(checkout, states, "aws", situation)
    assert StackOutputs.model_validate_json(checkout.run("outputs", "prod").stdout) == outputs(
        "aws"
    )


def test_a_new_stack_is_encrypted_as_its_file_says(checkout: Checkout, states: Path) -> None:
    """By the passphrase of trials it would be made in silence, and the key's lines would go."""
    prepare(checkout, states, "docker", "no state")
    file = checkout.folder / "stacks" / "Pulumi.local.yaml"
    file.write_text(re.sub(r"^encryptionsalt:.*\n", "", file.read_text(), flags=re.MULTILINE))
    with file.open("a") as text:
        text.write(f"secretsprovider: {KMS}\n")
    before = file.read_text()
    asked = checkout.run("up", "local")
    assert type(asked.exception).__name__ == "UpdateFailedError"
    assert "KMS" in str(asked.exception)
    assert file.read_text() == before


def hold(checkout: Checkout, host: str, pid: int) -> Path:
    """A lock as Pulumi's engine writes it, in the state that PULUMI_BACKEND_URL names."""
    folder = checkout.elsewhere / ".pulumi" / "locks" / "organization" / "scipio" / "local"
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "0e4f.json"
    since = "2026-11-30T10:04:05Z"
    held = {"pid": pid, "username": "anna", "hostname": host, "timestamp": since}
    lock.write_text(json.dumps(held))
    return lock


def test_the_lock_of_another_host_goes_when_that_is_confirmed_and_only_then(
    checkout: Checkout, states: Path
) -> None:
    prepare(checkout, states, "docker", "backend variable")
    lock = hold(checkout, "build-7f3c", 4242)
    asked = checkout.run("unlock", "local")
    assert type(asked.exception).__name__ == "NotConfirmedError"
    assert f"anna@build-7f3c, pid 4242, since 2026-11-30T10:04:05Z: {lock}" in asked.output
    assert lock.exists()

    before = {file: digest for file, digest in checkout.contents().items() if file != str(lock)}
    freed = checkout.run("unlock", "local", "--confirm", "local")
    assert freed.exception is None, freed.output
    assert checkout.contents() == before

    again = checkout.run("unlock", "local")
    assert "Stack local is not locked" in again.output


def test_the_lock_of_a_process_at_work_here_stays(
    checkout: Checkout, states: Path, tmp_path: Path
) -> None:
    prepare(checkout, states, "docker", "backend variable")
    program = tmp_path / "pulumi"
    shutil.copy(str(shutil.which("sleep")), program)
    with subprocess.Popen([program, "60"]) as lives:
        wait_until(
            "it has its name",
            lambda: "(pulumi)" in Path(f"/proc/{lives.pid}/stat").read_text(),
            within_s=10,
        )
        lock = hold(checkout, socket.gethostname(), lives.pid)
        asked = checkout.run("unlock", "local", "--confirm", "local")
        lives.kill()
    assert type(asked.exception).__name__ == "StillAtWorkError"
    assert f"kill -INT {lives.pid}" in str(asked.exception)
    assert lock.exists()


def test_every_word_of_the_makefile_that_takes_a_stack_is_known() -> None:
    recipes = re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)
    taking = {word for word, recipe in recipes if '--stack "$(STACK)"' in recipe}
    assert taking == set(WORDS)


@pytest.mark.parametrize("word", ["true", "local", ""])
def test_a_wrong_word_for_what_is_forgotten_removes_nothing(checkout: Checkout, word: str) -> None:
    """Else the cluster of this state would go in the place of the other one."""
    asked = checkout.run("down", "local", "--confirm", "local", "--forgotten", word)
    assert asked.exit_code == 2
    assert "yes" in asked.output
    assert checkout.opened == []


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"PULUMI_BACKEND_URL": "file:///gone"}, "PULUMI_BACKEND_URL names it"),
        ({"PULUMI_BACKEND_URL": "nonsense"}, "the state at nonsense"),
        ({}, "the last `pulumi login` named it"),
    ],
)
def test_a_state_that_cannot_be_read_is_named_with_what_chose_it(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], says: str
) -> None:
    home = Path(os.environ["PULUMI_HOME"])
    home.mkdir()
    (home / "credentials.json").write_text('{"current": "file:///gone"}')
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    asked = checkout.run("outputs", "staging")
    assert type(asked.exception).__name__ == "UpdateFailedError"
    assert says in str(asked.exception)
    assert "stderr:" not in str(asked.exception)


def test_the_cli_asks_the_password_database_for_a_home(tmp_path: Path, pulumi_cli: Path) -> None:
    """`contract.state_place.home` follows it; HOME may name another place."""
    (tmp_path / ".pulumi").mkdir()
    (tmp_path / ".pulumi" / "credentials.json").write_text('{"current": "file:///named-by-home"}')
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    asked = subprocess.run(
        [pulumi_cli, "whoami", "--verbose", "--non-interactive"],
        env={**kept, "HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "named-by-home" not in asked.stdout + asked.stderr
