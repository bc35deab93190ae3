"""Pulumi's provider protocol: messages to typed calls, results and errors back to messages."""

# ruff: noqa: N802, ARG002 - the protocol gives the methods their names and parameters

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import (
    engine_pb2,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

from providers.docker.autoname import random_name, with_name
from providers.docker.codec import UNKNOWN, Properties, decode, encode
from providers.docker.configuration import CONFIGURATION, OWNER
from providers.docker.container import Container
from providers.docker.daemon import Daemon
from providers.docker.diff import Change, Kind, changes
from providers.docker.engine_log import EngineLog, ResourceLog
from providers.docker.errors import DaemonError, InitFailedError, ProviderError
from providers.docker.image import Image
from providers.docker.network import Network
from providers.docker.remote_image import RemoteImage
from providers.docker.resource_type import Live, Operation, ResourceType, visible
from providers.docker.schema import faults
from providers.docker.volume import Volume

VERSION = "5.2.0"
"""Of the pulumi-docker SDK whose types are served: the engine wants the plugin to be as new."""

ANNOUNCEMENT = (
    "Docker provider of this project (no plugin download): it stands in for the pulumi-docker "
    "plugin and serves only what the local cluster uses."
)

RESOURCE_TYPES: Sequence[ResourceType] = (
    Network(),
    Volume(),
    Image(),
    RemoteImage(),
    Container(),
)

_KINDS = {
    (Kind.ADD, False): provider_pb2.PropertyDiff.ADD,
    (Kind.ADD, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (Kind.DELETE, False): provider_pb2.PropertyDiff.DELETE,
    (Kind.DELETE, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (Kind.UPDATE, False): provider_pb2.PropertyDiff.UPDATE,
    (Kind.UPDATE, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}

Call = grpc.ServicerContext


class UnsupportedError(ProviderError):
    """The program asks for a type or a function that is not served."""

    def __init__(self, kind: str, token: str) -> None:
        served = ", ".join(resource.token for resource in RESOURCE_TYPES)
        super().__init__(
            f"{kind} {token} is not served by the Docker provider of this project, which stands "
            f"in where the pulumi-docker plugin cannot be downloaded; it serves the types "
            f"{served}. Leave it out, or run where the plugin can be had."
        )


class DockerServicer(provider_pb2_grpc.ResourceProviderServicer):
    """One provider for one engine. Every `ProviderError` reaches the person as its own text."""

    def __init__(self, engine: EngineLog) -> None:
        self._engine = engine
        self._types = {resource.token: resource for resource in RESOURCE_TYPES}
        self._daemon = Daemon()
        self._cancelled = threading.Event()
        self._announced = threading.Lock()

    # --- the provider itself

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Call
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Secrets as secrets; outputs and resources in their plain form, which is all we need."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, supports_autonaming_configuration=True
        )

    def Attach(self, request: plugin_pb2.PluginAttach, context: Call) -> empty_pb2.Empty:
        """Talk to this engine from now on: how a provider that already runs is debugged."""
        self._engine = EngineLog(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Call) -> plugin_pb2.PluginInfo:
        """The version of the SDK whose types are served."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Call
    ) -> provider_pb2.GetSchemaResponse:
        """Name and version: programs use the SDK that the real schema made."""
        schema = {"name": "docker", "version": VERSION, "description": ANNOUNCEMENT}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Call
    ) -> provider_pb2.CheckResponse:
        """Only what is supported may be configured."""
        with self._answering(context):
            news = decode(request.news)
            found = faults(CONFIGURATION, news, OWNER)
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(found))

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Call
    ) -> provider_pb2.DiffResponse:
        """Another address is a change in place: the resources are then looked for there."""
        with self._answering(context):
            olds = decode(request.old_inputs if request.HasField("old_inputs") else request.olds)
            found = changes(CONFIGURATION, olds, decode(request.news))
        return _diff_response([change for change in found if change.argument == "host"], False)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Call
    ) -> provider_pb2.ConfigureResponse:
        """Docker answers, or the run ends here with what to do."""
        with self._answering(context):
            host = decode(request.args).get("host")
            if host is not UNKNOWN:
                self._daemon = Daemon(str(host) if host else None)
                self._daemon.client()
        # A lock taken once and kept: however often it is configured, it is said once.
        if self._announced.acquire(blocking=False):
            self._engine.say(engine_pb2.INFO, ANNOUNCEMENT)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: Call
    ) -> provider_pb2.InvokeResponse:
        """No function is served."""
        with self._answering(context):
            raise UnsupportedError("function", request.tok)

    def Cancel(self, request: empty_pb2.Empty, context: Call) -> empty_pb2.Empty:
        """Waits, builds and pulls end soon, with what exists kept in the state."""
        self.stop_work()
        return empty_pb2.Empty()

    def stop_work(self) -> None:
        """Let nothing wait any longer."""
        self._cancelled.set()

    # --- resources

    def Check(
        self, request: provider_pb2.CheckRequest, context: Call
    ) -> provider_pb2.CheckResponse:
        """All faults at once, or the inputs with name and derived values filled in."""
        with self._answering(context):
            resource = self._type(request.urn)
            inputs, found = _checked(resource, request)
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=_failures(found))

    def Diff(self, request: provider_pb2.DiffRequest, context: Call) -> provider_pb2.DiffResponse:
        """What differs between then and now, and whether it needs a new one."""
        with self._answering(context):
            resource = self._type(request.urn)
            olds, news = decode(request.old_inputs), decode(request.news)
            found = [
                *resource.unfinished(decode(request.olds)),
                *changes(resource.arguments, olds, news),
            ]
            found = [c for c in found if c.argument not in _ignored(request)]
        # Two of one name cannot exist at a time: the old one then has to go first.
        same_name = olds.get("name") == news.get("name")
        return _diff_response(found, resource.always_deleted_first or same_name)

    def Create(
        self, request: provider_pb2.CreateRequest, context: Call
    ) -> provider_pb2.CreateResponse:
        """Make it, or in a preview say what would be known."""
        with self._answering(context):
            resource = self._type(request.urn)
            inputs = decode(request.properties)
            if request.preview:
                planned = resource.planned(inputs)
                return provider_pb2.CreateResponse(properties=encode(planned))
            made = resource.create(inputs, self._operation(request.urn))
        return provider_pb2.CreateResponse(id=made.id, properties=encode(made.outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: Call) -> provider_pb2.ReadResponse:
        """What exists now; an empty id when it is gone."""
        with self._answering(context):
            resource = self._type(request.urn)
            recorded = Live(request.id, decode(request.properties), decode(request.inputs))
            live = resource.read(recorded, self._operation(request.urn))
        if live is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=live.id, properties=encode(live.outputs), inputs=encode(live.inputs)
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: Call
    ) -> provider_pb2.UpdateResponse:
        """Change it in place, or in a preview say what would be known."""
        with self._answering(context):
            resource = self._type(request.urn)
            recorded = Live(request.id, decode(request.olds), decode(request.old_inputs))
            inputs = decode(request.news)
            if request.preview:
                outputs = resource.planned_update(recorded, inputs)
            else:
                outputs = resource.update(recorded, inputs, self._operation(request.urn))
        return provider_pb2.UpdateResponse(properties=encode(outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Call) -> empty_pb2.Empty:
        """It is gone afterwards; that it was gone before is no error."""
        with self._answering(context):
            recorded = Live(request.id, decode(request.properties), decode(request.old_inputs))
            self._type(request.urn).delete(recorded, self._operation(request.urn))
        return empty_pb2.Empty()

    # --- what they share

    def _type(self, urn: str) -> ResourceType:
        # urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>
        token = urn.split("::")[2].rsplit("$", maxsplit=1)[-1]
        if token not in self._types:
            raise UnsupportedError("type", token)
        return self._types[token]

    def _operation(self, urn: str) -> Operation:
        log = ResourceLog(self._engine, urn)
        return Operation(self._daemon.client(), log, self._cancelled)

    @contextmanager
    def _answering(self, context: Call) -> Iterator[None]:
        """End the call with the error's own text, and with what exists when something does."""
        try:
            yield
        except InitFailedError as failed:
            _abort_with_what_exists(failed, context)
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except OSError as cause:
            # requests' errors are OSErrors: Docker went away in the middle of a call.
            gone = DaemonError(self._daemon.address, cause)
            context.abort(grpc.StatusCode.UNKNOWN, str(gone))


def _checked(
    resource: ResourceType, request: provider_pb2.CheckRequest
) -> tuple[Properties, list[str]]:
    inputs: Properties = {k: v for k, v in decode(request.news).items() if v is not None}
    if resource.autonamed:
        inputs = with_name(inputs, decode(request.olds), _proposed_name(request))
    given = visible(inputs)
    found = faults(resource.arguments, given, resource.token) or resource.rules(given)
    return (inputs, found) if found else (resource.completed(inputs), [])


def _proposed_name(request: provider_pb2.CheckRequest) -> str | None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    if request.HasField("autonaming"):
        if request.autonaming.mode == options.DISABLE:
            return None
        return request.autonaming.proposed_name
    return random_name(request.urn.split("::")[-1], request.randomSeed)


def _ignored(request: provider_pb2.DiffRequest) -> set[str]:
    return {path.split(".")[0].split("[")[0] for path in request.ignoreChanges}


def _failures(sentences: list[str]) -> list[provider_pb2.CheckFailure]:
    # Without `property`: with it the engine prints the value beside it, be it secret or not.
    return [provider_pb2.CheckFailure(reason=sentence) for sentence in sentences]


def _diff_response(found: list[Change], deleted_first: bool) -> provider_pb2.DiffResponse:
    details = {
        change.path: provider_pb2.PropertyDiff(
            kind=_KINDS[change.kind, change.replaces], inputDiff=True
        )
        for change in found
    }
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some if found else none,
        diffs=sorted({change.argument for change in found}),
        replaces=sorted({change.argument for change in found if change.replaces}),
        # Also where we see no need for a new one: `replace_on_changes` and `--replace` may.
        deleteBeforeReplace=deleted_first,
        detailedDiff=details,
        hasDetailedDiff=True,
    )


def _abort_with_what_exists(failed: InitFailedError, context: Call) -> NoReturn:
    inputs = encode(failed.inputs) if failed.inputs is not None else None
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=failed.resource_id,
            properties=encode(failed.outputs),
            reasons=[str(failed)],
            inputs=inputs,
        )
    )
    code = grpc.StatusCode.UNKNOWN
    status = status_pb2.Status(code=code.value[0], message=str(failed), details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, str(failed))
