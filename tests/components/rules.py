"""What holds for every container, network and volume of a cluster: rules over registrations.

Each rule returns its faults as sentences that name the resource, so that a test shows them all.
"""

from collections.abc import Callable, Iterator
from typing import Any

from components.docker.labels import ROLE_LABEL
from contract.labels import CLUSTER_LABEL, STATE_LABEL
from policies import containers as policies
from policies.rule import Rule as Policy
from tests.support.recorder import Inputs, NeverSetError, Recording, Registration

LABELLED = (policies.CONTAINER, "docker:index/network:Network", "docker:index/volume:Volume")

Rule = Callable[[Recording], list[str]]


def containers(recording: Recording) -> list[Registration]:
    return [each for each in recording if each.type == policies.CONTAINER]


def everything_is_labelled(recording: Recording) -> list[str]:
    """Leftovers are found by these labels alone."""
    faults = []
    for each in recording:
        if each.type not in LABELLED:
            continue
        given = {label["label"] for label in value(each, "labels") or []}
        missing = {CLUSTER_LABEL, ROLE_LABEL, STATE_LABEL} - given
        faults += [f"{each.name}: label {label} is missing" for label in sorted(missing)]
    return faults


def published_on_loopback_alone(recording: Recording) -> list[str]:
    """Nothing of a trial cluster is open to the network around the machine."""
    return broken(policies.PUBLISHED_ON_LOOPBACK, recording)


def memory_is_bounded(recording: Recording) -> list[str]:
    """Both limits, or the plugin shows a difference at every preview; equal ones leave no swap."""
    return broken(policies.MEMORY_IS_BOUNDED, recording)


def logs_are_bounded(recording: Recording) -> list[str]:
    """A container that talks for weeks does not fill the disk."""
    return [
        f"{each.name}: logs {value(each, 'logDriver')} {value(each, 'logOpts')}"
        for each in containers(recording)
        if value(each, "logDriver") != "json-file"
        or set(value(each, "logOpts") or {}) != {"max-size", "max-file"}
    ]


def health_is_waited_for(recording: Recording) -> list[str]:
    """Order is by health: every container has a check, and its creation waits for it."""
    return broken(policies.HEALTH_IS_WATCHED, recording)


def comes_back_after_a_crash(recording: Recording) -> list[str]:
    """A process that ends, or a machine that restarts, needs nobody's hand."""
    return [
        f"{each.name}: restart {value(each, 'restart')}"
        for each in containers(recording)
        if value(each, "restart") != "unless-stopped"
    ]


def stops_in_order(recording: Recording) -> list[str]:
    """Docker waits as long as the service needs, at a removal as at a stop."""
    return [
        f"{each.name}: stop {value(each, 'stopTimeout')}, removal "
        f"{value(each, 'destroyGraceSeconds')}"
        for each in containers(recording)
        if not value(each, "stopTimeout")
        or value(each, "stopTimeout") != value(each, "destroyGraceSeconds")
    ]


def nothing_is_privileged(recording: Recording) -> list[str]:
    """No container reaches out of itself, and none runs as another user than its image's."""
    forbidden = {
        "privileged", "capabilities", "devices", "networkMode", "pidMode", "ipcMode", "usernsMode",
        "user", "hosts", "mounts",
    }  # fmt: skip
    found = [
        f"{each.name}: {key} is set"
        for each in containers(recording)
        for key in sorted(forbidden & set(each.inputs))
    ]
    return found + [
        f"{each.name}: {volume['hostPath']} of the machine is mounted"
        for each in containers(recording)
        for volume in value(each, "volumes") or []
        if "hostPath" in volume
    ]


def generated_secrets_stay_secret(recording: Recording) -> list[str]:
    """No generated value and no private key is in an input that is not marked as a secret.

    The state file encrypts what is marked and nothing else.
    """
    secrets = generated_secrets(recording)
    return [
        f"{each.name}: {'.'.join(map(str, path))} holds {name} in clear"
        for each in recording
        for path, text in texts(each.inputs)
        for name, secret in secrets.items()
        if secret in text and not each.is_secret(*path)
    ]


def environments_hold_no_secret(recording: Recording) -> list[str]:
    """`docker inspect` shows the environment to everybody who may talk to Docker."""
    return [
        f"{each.name}: an environment variable is a secret"
        for each in containers(recording)
        if any(path[0] == "envs" for path in each.secret_paths)
    ]


RULES: tuple[Rule, ...] = (
    everything_is_labelled,
    published_on_loopback_alone,
    memory_is_bounded,
    logs_are_bounded,
    health_is_waited_for,
    comes_back_after_a_crash,
    stops_in_order,
    nothing_is_privileged,
    generated_secrets_stay_secret,
    environments_hold_no_secret,
)


def broken(rule: Policy, recording: Recording) -> list[str]:
    """The faults of one rule of the policy pack, with their resources."""
    return [
        f"{each.name}: {fault}"
        for each in recording
        for fault in rule.faults(each.type, each.inputs)
    ]


def generated_secrets(recording: Recording) -> dict[str, str]:
    """Every secret that the run drew, by the name of its resource and output."""
    return {
        f"{each.name}.{key}": each.outputs[key]
        for each in recording
        if each.type.startswith("pulumi-python:dynamic/")
        for key in each.additional_secret_outputs
        if key in each.outputs
    }


def value(registration: Registration, key: str) -> Any:
    """The input, or None where it was left out: these rules are about what is left out too."""
    return or_none(registration.inputs, key)


def or_none(inputs: Inputs, key: str) -> Any:
    try:
        return inputs[key]
    except NeverSetError:
        return None


def texts(
    value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text within a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, (*path, index))
