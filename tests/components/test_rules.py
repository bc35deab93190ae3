"""The local cluster keeps every rule, and a program that breaks one is found out."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_docker as docker
import pytest

from components.docker.labels import Owner, container_labels
from components.generated.password import GeneratedPassword
from components.generated.state_mark import StateMark
from tests.components import rules
from tests.components.rules import RULES, Rule
from tests.support.recorder import NeverSetError, Recording, record


def titles(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=titles)
def test_the_local_cluster_keeps_the_rule(rule: Rule, local: Recording) -> None:
    """Read the rules: each is a promise about every container."""
    assert rules.containers(local)
    assert rule(local) == []


@pytest.mark.parametrize("rule", RULES, ids=titles)
def test_a_cluster_of_the_erp_keeps_the_rule(rule: Rule, erp: Recording) -> None:
    """Another image and other sizes change no promise."""
    assert rule(erp) == []


def sound(**changes: Any) -> dict[str, Any]:
    """The arguments of a container that keeps every rule, some of them changed."""
    arguments: dict[str, Any] = {
        "image": "x",
        "labels": container_labels(Owner(cluster="c", mark=StateMark("state-mark")), "node"),
        "ports": [docker.ContainerPortArgs(internal=1, external=1, ip="127.0.0.1")],
        "memory": 64,
        "memory_swap": 64,
        "log_driver": "json-file",
        "log_opts": {"max-size": "1m", "max-file": "1"},
        "healthcheck": docker.ContainerHealthcheckArgs(tests=["CMD", "true"]),
        "wait": True,
        "wait_timeout": 1,
        "restart": "unless-stopped",
        "stop_timeout": 1,
        "destroy_grace_seconds": 1,
    }
    return {key: value for key, value in {**arguments, **changes}.items() if value is not None}


def one_container(make: Callable[[pulumi.Output[str]], dict[str, Any]]) -> Recording:
    def program() -> None:
        password = GeneratedPassword("password").value
        docker.Container("odd", **make(password))

    return record(program)


def in_clear(password: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.unsecret(password)


def test_a_sound_container_breaks_no_rule() -> None:
    """Otherwise the next test would prove nothing."""
    recording = one_container(lambda _: sound())

    assert {rule.__name__: rule(recording) for rule in RULES} == {
        rule.__name__: [] for rule in RULES
    }


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (rules.everything_is_labelled, {"labels": None}),
        (
            rules.published_on_loopback_alone,
            {"ports": [docker.ContainerPortArgs(internal=1, external=1, ip="0.0.0.0")]},  # noqa: S104 - the fault
        ),
        (
            rules.published_on_loopback_alone,
            {"ports": [docker.ContainerPortArgs(internal=1, external=1)]},
        ),
        (rules.memory_is_bounded, {"memory": None, "memory_swap": None}),
        (rules.memory_is_bounded, {"memory_swap": 128}),
        (rules.logs_are_bounded, {"log_opts": {"max-size": "1m"}}),
        (rules.health_is_waited_for, {"healthcheck": None}),
        (rules.health_is_waited_for, {"wait": None}),
        (rules.comes_back_after_a_crash, {"restart": "no"}),
        (rules.stops_in_order, {"destroy_grace_seconds": None}),
        (rules.nothing_is_privileged, {"privileged": True}),
        (
            rules.nothing_is_privileged,
            {"volumes": [docker.ContainerVolumeArgs(host_path="/", container_path="/host")]},
        ),
    ],
)
def test_a_container_that_breaks_a_rule_is_found_out(rule: Rule, changes: dict[str, Any]) -> None:
    """An assertion that should fail does fail, because the recorder saw the container."""
    faults = rule(one_container(lambda _: sound(**changes)))

    assert faults
    assert all(fault.startswith("odd") for fault in faults)


def test_a_secret_that_lost_its_mark_is_found_out() -> None:
    """One call of `unsecret` anywhere would write a password into the state in clear."""
    upload = docker.ContainerUploadArgs
    marked = one_container(lambda password: sound(uploads=[upload(file="/a", content=password)]))
    clear = one_container(
        lambda password: sound(uploads=[upload(file="/a", content=in_clear(password))])
    )

    assert rules.generated_secrets_stay_secret(marked) == []
    assert rules.generated_secrets_stay_secret(clear) == [
        "odd: uploads.0.content holds password.value in clear"
    ]


def test_a_secret_in_an_environment_is_found_out() -> None:
    """Marked or not: it does not belong there."""
    recording = one_container(lambda password: sound(envs=[pulumi.Output.concat("P=", password)]))

    assert rules.environments_hold_no_secret(recording)


def test_the_recorder_refuses_to_answer_for_what_was_never_set(local: Recording) -> None:
    """A slip in an input's name must not read as its absence."""
    database = local.named("Container", "database")

    with pytest.raises(NeverSetError, match="memory_swap"):
        database.inputs["memory_swap"]
    with pytest.raises(TypeError, match="a default would hide"):
        database.inputs.get("memorySwap")
    with pytest.raises(LookupError, match=r"nothing of type …Containr"):
        local.of_type("Containr")
    with pytest.raises(LookupError, match="'databse'"):
        local.named("Container", "databse")


def test_a_program_that_fails_spoils_no_later_recording() -> None:
    """Tasks that it left behind belong to its own run."""

    def fails() -> None:
        broken = GeneratedPassword("password").value.apply(lambda _: str(1 // 0))
        for number in range(5):
            docker.Container(f"c{number}", image=broken)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            record(fails)

    assert len(one_container(lambda _: sound()).of_type("Container")) == 1
