"""What is wrong with arguments is said all at once, in words that help, without a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.docker import container_arguments
from providers.docker.codec import UNKNOWN, Properties, Secret, Value
from providers.docker.container_arguments import ARGUMENTS, TOKEN
from providers.docker.schema import faults

GOOD: Properties = {"name": "node-1", "image": "debian:bookworm-slim"}


def _faults(**arguments: Value) -> list[str]:
    return faults(ARGUMENTS, {**GOOD, **arguments}, TOKEN)


def test_what_a_cluster_uses_is_valid() -> None:
    """Every argument that a node of the local cluster has."""
    assert (
        _faults(
            hostname="node-1",
            networksAdvanced=[{"name": "net", "aliases": ["app"]}],
            ports=[{"internal": 443, "external": 8443, "ip": "127.0.0.1"}],
            volumes=[{"volumeName": "data", "containerPath": "/data", "readOnly": True}],
            tmpfs={"/tmp": "rw,size=16m"},
            uploads=[{"file": "/etc/x", "contentBase64": "YWI=", "permissions": "0444"}],
            envs=["A=b", "EMPTY="],
            healthcheck={"tests": ["CMD", "true"], "interval": "1m30s", "retries": 3},
            capabilities={"drops": ["ALL"]},
            securityOpts=["no-new-privileges"],
            memory=512,
            memorySwap=-1,
        )
        == []
    )


def test_all_faults_come_at_once_each_with_its_place() -> None:
    """A list, a map and a name that nobody knows."""
    found = _faults(
        ports=[{"internal": 99999}],
        healthcheck={"interval": "fast"},
        uploads=[{"content": "x"}],
        cpus="2",
    )
    assert [sentence.split("'")[1] for sentence in found] == [
        "ports[0].internal",
        "healthcheck.interval",
        "uploads[0].file",
        "cpus",
    ]
    assert "got 99999; must be a whole number from 1 to 65535" in found[0]
    assert "must be a duration such as 500ms, 5s or 1m30s" in found[1]
    assert "is missing; must be an absolute path" in found[2]
    assert f"argument 'cpus' of {TOKEN} is not supported" in found[3]
    assert "it knows here: capabilities, command" in found[3]


def test_an_unsupported_argument_inside_a_list_is_named_with_its_place() -> None:
    """Nothing is ignored, however deep."""
    (found,) = _faults(networksAdvanced=[{"name": "net", "gwPriority": 1}])
    assert "argument 'networksAdvanced[0].gwPriority'" in found


def test_what_is_not_known_yet_is_not_judged() -> None:
    """A preview has unknown values anywhere."""
    assert faults(ARGUMENTS, {"name": UNKNOWN, "image": UNKNOWN, "envs": UNKNOWN}, TOKEN) == []
    assert _faults(envs=[UNKNOWN], ports=[{"internal": UNKNOWN}]) == []


@given(st.text("äöü{}'", min_size=3))
def test_a_wrong_secret_is_never_shown(text: str) -> None:
    """Only the rule is."""
    (found,) = _faults(restart=Secret("\0" + text))
    assert text not in found
    assert "the secret value must be no, on-failure" in found


def test_a_truth_is_no_number_and_a_number_no_truth() -> None:
    """Python thinks otherwise."""
    assert "must be a whole number" in _faults(memory=True)[0]
    assert "must be true or false" in _faults(wait=1)[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"readOnly": True, "uploads": [{"file": "/x", "content": "y"}]},
            "Docker puts no file into a container whose root is read-only",
        ),
        ({"uploads": [{"file": "/x"}]}, "'uploads[0]'"),
        ({"uploads": [{"file": "/x", "content": "a", "contentBase64": "YQ=="}]}, "exactly one of"),
        (
            {"volumes": [{"containerPath": "/x", "volumeName": "v", "hostPath": "/h"}]},
            "one of 'volumeName' and 'hostPath'",
        ),
    ],
)
def test_arguments_that_exclude_each_other_are_refused_before_anything_is_made(
    arguments: Properties, sentence: str
) -> None:
    """Docker would refuse them half way."""
    (found,) = container_arguments.rules({**GOOD, **arguments})
    assert sentence in found
