"""Runs a Pulumi program without an engine and records what it registers.

Tests then read plain values. What the engine alone can know (what an update would replace, what
the state file holds) is not to be seen here.
"""

import asyncio
import base64
import contextvars
import hashlib
import json
import logging
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast
from unittest.mock import patch

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import run_in_stack, set_all_config
from pulumi.runtime.mocks import MockEngine, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key, unwrap_rpc_secret
from pulumi.runtime.settings import SETTINGS, Settings

from tests.support import aws_stand_ins

Path = tuple[str | int, ...]
"""Where in a registration's inputs a value stands: `("uploads", 0, "content")`."""

STACK = "pulumi:pulumi:Stack"


class NeverSetError(KeyError):
    """A test asked for an input that was not registered, most often a slip in its name."""


class Inputs(dict[str, Any]):
    """Inputs by their camelCase names; one that was not registered is an error, never a default."""

    def __missing__(self, key: str) -> NoReturn:
        raise NeverSetError(f"{key!r} was not registered; registered were {sorted(self)}")

    def get(self, key: str, default: Any = None) -> NoReturn:  # noqa: ARG002 - dict's signature
        raise TypeError(f"read inputs as inputs[{key!r}]: a default would hide a slip in the name")


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource as the engine would have been told of it."""

    urn: str
    id: str
    """What the stand-in for the provider called it; empty for a component."""
    type: str
    name: str
    parent: str
    """The parent's URN; empty for the stack."""
    custom: bool
    protect: bool
    inputs: Inputs = field(repr=False)
    secret_paths: frozenset[Path]
    """Inputs that arrived marked as secret; all below such a path is secret as well."""
    depends_on: frozenset[str]
    """URNs of what this waits for: the option `depends_on` and what its inputs come from."""
    additional_secret_outputs: frozenset[str]
    ignore_changes: frozenset[str]
    """Inputs of which a later difference is nothing to the engine, in camelCase."""
    delete_before_replace: bool
    retain_on_delete: bool
    provider: str
    """Reference of the explicit provider; empty for the default one."""
    outputs: Inputs = field(repr=False)
    """What the stand-in for the provider answered."""

    def is_secret(self, *path: str | int) -> bool:
        """Whether the input at `path` is within a secret."""
        return any(path[: len(secret)] == secret for secret in self.secret_paths)


@dataclass(frozen=True, kw_only=True)
class RegisteredOutputs:
    """Outputs of a component or of the stack; secret values are unwrapped and named."""

    values: Inputs = field(repr=False)
    secret: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Recording:
    """All that one run registered, by URN: the order of arrival differs from run to run."""

    registrations: tuple[Registration, ...]
    registered_outputs: Mapping[str, "RegisteredOutputs"]
    """What `register_outputs` was called with, by URN."""

    def __iter__(self) -> Iterator[Registration]:
        return iter(self.registrations)

    def of_type(self, suffix: str) -> tuple[Registration, ...]:
        """Those whose type ends so, by name; none is an error, because such a test sees nothing."""
        found = [each for each in self if each.type.endswith(suffix)]
        if not found:
            types = sorted({each.type for each in self})
            raise LookupError(f"nothing of type …{suffix} was registered; there were {types}")
        return tuple(sorted(found, key=lambda each: each.name))

    def named(self, suffix: str, name: str) -> Registration:
        """The one of that type and name."""
        matches = [each for each in self.of_type(suffix) if each.name == name]
        if len(matches) != 1:
            names = [each.name for each in self.of_type(suffix)]
            raise LookupError(f"{len(matches)} of type …{suffix} are called {name!r}; all: {names}")
        return matches[0]

    @property
    def exports(self) -> "RegisteredOutputs":
        """The stack's outputs."""
        stack = next(urn for urn in self.registered_outputs if f"::{STACK}::" in urn)
        return self.registered_outputs[stack]


def record(
    program: Callable[[], None],
    *,
    stack: str = "local",
    config: Mapping[str, object] | None = None,
    preview: bool = False,
) -> Recording:
    """Run `program` as the engine's language host would; `config` as in a stack file.

    With `preview`, outputs that a provider computes are unknown, as at a first preview.
    """
    monitor = RecordingMonitor(StandIns(preview=preview))
    # An Output in a text is an error, not the text "Calling __str__ on an Output …".
    strict = patch.dict(os.environ, {"PULUMI_ERROR_OUTPUT_STRING": "true"})

    def run() -> None:
        # All of Pulumi's settings are variables of this run's own context; Pulumi's mock settings
        # leave one out, and a run that failed would leave its unfinished tasks to the next one.
        Settings(
            project="scipio",
            stack=stack,
            monitor=monitor,
            engine=MockEngine(None),
            dry_run=preview,
        )
        set_all_config({key: _as_config(value) for key, value in (config or {}).items()})
        asyncio.run(run_in_stack(lambda: _settled(program)))

    # As Pulumi's language host does: tasks that a failed program leaves behind are no news. Their
    # report is written whenever they are collected, in the middle of whatever Python does then.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with strict:
        contextvars.Context().run(run)
    return Recording(
        registrations=tuple(sorted(monitor.registrations, key=lambda each: each.urn)),
        registered_outputs=dict(monitor.registered_outputs),
    )


async def _settled(program: Callable[[], None]) -> None:
    """Runs `program` until its outputs are known.

    The SDK looks at all that is pending again whenever one is known; half of a run's time.
    """
    program()
    while pending := [output for output in SETTINGS.outputs if not output.done()]:
        await asyncio.wait(pending)


def _as_config(value: object) -> str:
    """The engine hands over text; what is structured in a stack file arrives as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


class RecordingMonitor(MockMonitor):
    """Pulumi's own mock of the engine, which forgets options; this one keeps them."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registrations: list[Registration] = []
        self.registered_outputs: dict[str, RegisteredOutputs] = {}

    def RegisterResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call] # Pulumi's
        inputs, secret_paths = _plain(request.object)
        outputs, _ = _plain(response.object)
        self.registrations.append(
            Registration(
                urn=response.urn,
                id=response.id,
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=request.custom,
                protect=request.protect,
                inputs=inputs,
                secret_paths=secret_paths,
                depends_on=frozenset(request.dependencies),
                additional_secret_outputs=frozenset(request.additionalSecretOutputs),
                ignore_changes=frozenset(request.ignoreChanges),
                delete_before_replace=request.deleteBeforeReplace,
                retain_on_delete=request.retainOnDelete,
                provider=request.provider,
                outputs=outputs,
            )
        )
        return cast("resource_pb2.RegisterResourceResponse", response)

    def RegisterResourceOutputs(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> Any:
        values, secret_paths = _plain(request.outputs)
        self.registered_outputs[request.urn] = RegisteredOutputs(
            values=values, secret=frozenset(str(path[0]) for path in secret_paths)
        )
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call] # Pulumi's


class Unknown:
    """A value that the engine does not know before an update."""

    def __repr__(self) -> str:
        return "<unknown>"


def _plain(struct: Struct) -> tuple[Inputs, frozenset[Path]]:
    """Plain values and the paths of the secrets among them."""
    secrets: set[Path] = set()

    def convert(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            if value.get(_special_sig_key) == _special_secret_sig:
                secrets.add(path)
                return convert(value["value"], path)
            return Inputs({key: convert(inner, (*path, key)) for key, inner in value.items()})
        if isinstance(value, list):
            return [convert(inner, (*path, index)) for index, inner in enumerate(value)]
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return Unknown() if value == UNKNOWN else value

    inputs = convert(MessageToDict(struct), ())
    return cast("Inputs", inputs), frozenset(secrets)


Outputs = Mapping[str, Any]

ASKING_AWS = {"pulumi-python:dynamic/scipio:RestoredSettings"}
"""Dynamic resources whose creation calls AWS: tests/acceptance tries it against a recorder."""


class StandIns(Mocks):
    """Answers in the place of the providers, from one table."""

    def __init__(self, *, preview: bool) -> None:
        self._preview = preview

    def call(self, args: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        answer = aws_stand_ins.ANSWERS.get(args.token)
        if answer is None:
            raise NotImplementedError(f"no function is expected to be called, but {args.token} was")
        return dict(answer), []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom:
            return None, {}
        stand_in = _outputs_of(args.typ)
        if self._preview:
            return None, dict(args.inputs)
        inputs = {key: unwrap_rpc_secret(value) for key, value in args.inputs.items()}
        outputs = stand_in(args.name, inputs)
        # Inputs are echoed with their secrecy, as the engine does.
        return aws_stand_ins.id_of(args.typ, args.name), {**outputs, **args.inputs}


def _outputs_of(type_: str) -> Callable[[str, Mapping[str, Any]], Outputs]:
    if type_ in ASKING_AWS:
        return lambda _name, inputs: dict(inputs)
    if type_.startswith("pulumi-python:dynamic/"):
        asks = _ASK_AWS.get(type_.rsplit(":", maxsplit=1)[-1])
        return _dynamic if asks is None else lambda _name, inputs: asks(inputs)
    if type_.startswith(("aws:", "pulumi:providers:")):
        return aws_stand_ins.outputs_of(type_)
    if type_ not in _OUTPUTS:
        raise LookupError(f"the recorder has no stand-in for {type_}: add it to its table")
    return _OUTPUTS[type_]


_ASK_AWS: Mapping[str, Callable[[Mapping[str, Any]], Outputs]] = {
    "GroupRollout": lambda inputs: {"version": inputs["wanted"]},
    "ServersInService": lambda _inputs: {},
    "VisitorShares": lambda inputs: {"settled": inputs["weights"]},
}
"""Dynamic resources that ask AWS of what is new, and what they answer then."""


def _dynamic(_name: str, inputs: Mapping[str, Any]) -> Outputs:
    """What the provider really creates: it is unpickled as the engine's plugin would."""
    provider = pickle.loads(base64.b64decode(inputs["__provider"]))  # noqa: S301 - our own pickle
    outs = provider.create(dict(inputs)).outs
    return cast("Outputs", outs)


def _auto_named(name: str, inputs: Mapping[str, Any]) -> str:
    suffix = hashlib.sha256(name.encode()).hexdigest()[:7]
    return str(inputs.get("name", f"{name}-{suffix}"))


def _named(name: str, inputs: Mapping[str, Any]) -> Outputs:
    return {"name": _auto_named(name, inputs)}


def _image(_name: str, inputs: Mapping[str, Any]) -> Outputs:
    name = str(inputs["imageName"])
    digest = f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
    pushed = not inputs.get("skipPush")
    return {
        "repoDigest": f"{name.rpartition(':')[0]}@{digest}" if pushed else digest,
        "baseImageName": name,
    }


def _remote_image(_name: str, inputs: Mapping[str, Any]) -> Outputs:
    digest = hashlib.sha256(str(inputs["name"]).encode()).hexdigest()
    return {"imageId": f"sha256:{digest}", "repoDigest": f"{inputs['name']}@sha256:{digest}"}


_OUTPUTS: Mapping[str, Callable[[str, Mapping[str, Any]], Outputs]] = {
    "docker:index/network:Network": _named,
    "docker:index/volume:Volume": _named,
    "docker:index/container:Container": _named,
    "docker:index/image:Image": _image,
    "docker:index/remoteImage:RemoteImage": _remote_image,
}


def urns(registrations: Sequence[Registration]) -> set[str]:
    """Their URNs, to compare with `depends_on`."""
    return {each.urn for each in registrations}


__all__ = [
    "Inputs",
    "NeverSetError",
    "Recording",
    "Registration",
    "Unknown",
    "record",
    "urns",
]
