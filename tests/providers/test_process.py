"""The provider as the engine starts it: a port, the protocol, an end. No Docker is needed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from providers.docker.autoname import DEFAULTS_KEY
from providers.docker.codec import UNKNOWN, Properties, Secret, decode, encode

ROOT = Path(__file__).resolve().parents[2]
NO_ENGINE = "127.0.0.1:9"
END_LIMIT_S = 15

CONTAINER = "urn:pulumi:test::project::docker:index/container:Container::node"
NETWORK = "urn:pulumi:test::project::scipio:docker:Platform$docker:index/network:Network::net"


@contextmanager
def _provider(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "providers.docker", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.fixture(scope="module")
def provider() -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    """A running provider, over its port."""
    with _provider(NO_ENGINE) as process, grpc.insecure_channel(f"127.0.0.1:{_port(process)}") as c:
        yield provider_pb2_grpc.ResourceProviderStub(c)


def test_it_ends_when_the_engine_is_gone() -> None:
    """The engine's end of stdin closes, however the engine ended."""
    with _provider(NO_ENGINE) as process:
        _port(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(END_LIMIT_S) == 0


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_asked(signum: signal.Signals) -> None:
    """As the engine does when it is done."""
    with _provider(NO_ENGINE) as process:
        _port(process)
        process.send_signal(signum)
        assert process.wait(END_LIMIT_S) == 0


def test_by_hand_it_says_what_it_is_for() -> None:
    """One sentence, no traceback."""
    with _provider() as process:
        _, errors = process.communicate(timeout=END_LIMIT_S)
    assert process.returncode == 1
    assert errors.startswith("pulumi-resource-docker: got no argument; must be the engine's")


def test_it_introduces_itself(provider: provider_pb2_grpc.ResourceProviderStub) -> None:
    """As the plugin whose SDK the program uses; it takes secrets as secrets."""
    assert provider.GetPluginInfo(empty_pb2.Empty()).version == "5.2.0"
    assert provider.Handshake(provider_pb2.ProviderHandshakeRequest()).accept_secrets is True
    assert '"name": "docker"' in provider.GetSchema(provider_pb2.GetSchemaRequest()).schema


def test_a_check_makes_a_name_and_keeps_it(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """The same at every later check of the same resource."""
    news = encode({"image": "debian"})
    request = provider_pb2.CheckRequest(urn=CONTAINER, news=news, randomSeed=b"seed")
    first = decode(provider.Check(request).inputs)
    assert str(first["name"]).startswith("node-")
    assert first[DEFAULTS_KEY] == ["name"]
    later = provider_pb2.CheckRequest(
        urn=CONTAINER, news=news, olds=encode(first), randomSeed=b"another"
    )
    assert decode(provider.Check(later).inputs) == first


def test_the_engines_own_naming_is_obeyed(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """A proposed name is taken; without any, the name is missing."""
    options = provider_pb2.CheckRequest.AutonamingOptions
    proposed = options(proposed_name="given", mode=options.ENFORCE)
    request = provider_pb2.CheckRequest(urn=NETWORK, news=encode({}), autonaming=proposed)
    assert decode(provider.Check(request).inputs)["name"] == "given"
    none = options(mode=options.DISABLE)
    request = provider_pb2.CheckRequest(urn=NETWORK, news=encode({}), autonaming=none)
    (failure,) = provider.Check(request).failures
    assert "argument 'name' of docker:index/network:Network is missing" in failure.reason


def test_faults_of_a_check_name_no_property(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """With one the engine would print the value beside it."""
    news = encode({"image": "debian", "gpus": Secret("all")})
    request = provider_pb2.CheckRequest(urn=CONTAINER, news=news, randomSeed=b"seed")
    (failure,) = provider.Check(request).failures
    assert failure.property == ""
    assert "argument 'gpus'" in failure.reason


def test_a_preview_of_a_creation_knows_what_was_asked_for(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """And that the rest is not known yet; Docker is not asked."""
    inputs: Properties = {
        "image": UNKNOWN,
        "name": "node-1",
        "envs": [Secret("A=b")],
        "__defaults": ["name"],
    }
    request = provider_pb2.CreateRequest(urn=CONTAINER, properties=encode(inputs), preview=True)
    outputs = decode(provider.Create(request).properties)
    assert outputs["envs"] == [Secret("A=b")]
    assert outputs["networkDatas"] is UNKNOWN
    assert "__defaults" not in outputs


def _diff(
    provider: provider_pb2_grpc.ResourceProviderStub, urn: str, old: Properties, new: Properties
) -> provider_pb2.DiffResponse:
    request = provider_pb2.DiffRequest(
        id="1",
        urn=urn,
        olds=encode(old),
        old_inputs=encode(old),
        news=encode(new),
    )
    answer: provider_pb2.DiffResponse = provider.Diff(request)
    return answer


def test_a_container_always_goes_before_its_replacement(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """Its name and its ports are taken until then."""
    answer = _diff(provider, CONTAINER, {"name": "a", "image": "x"}, {"name": "b", "image": "y"})
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(answer.replaces) == ["image", "name"]
    assert answer.deleteBeforeReplace is True
    kind = answer.detailedDiff["image"].kind
    assert kind == provider_pb2.PropertyDiff.UPDATE_REPLACE


def test_a_network_with_a_new_name_comes_before_the_old_one_goes(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """With the same name it cannot."""
    renamed = _diff(provider, NETWORK, {"name": "a"}, {"name": "b"})
    assert renamed.deleteBeforeReplace is False
    same = _diff(provider, NETWORK, {"name": "a"}, {"name": "a", "internal": True})
    assert same.deleteBeforeReplace is True


def test_a_container_that_never_started_is_replaced(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """Even when its arguments are the same."""
    inputs = encode({"name": "a", "image": "x"})
    left = encode({"name": "a", "image": "x", "__unfinished": "start"})
    request = provider_pb2.DiffRequest(
        id="1", urn=CONTAINER, olds=left, old_inputs=inputs, news=inputs
    )
    assert list(provider.Diff(request).replaces) == ["mustRun"]


def test_a_function_is_refused_by_name(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """With what is served instead."""
    with pytest.raises(grpc.RpcError) as caught:
        provider.Invoke(provider_pb2.InvokeRequest(tok="docker:index/getNetwork:getNetwork"))
    assert "function docker:index/getNetwork:getNetwork is not served" in str(
        caught.value.details()
    )


def test_a_cancelled_provider_still_answers(
    provider: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    """The engine ends it afterwards."""
    provider.Cancel(empty_pb2.Empty())
    assert provider.GetPluginInfo(empty_pb2.Empty()).version == "5.2.0"
