"""Pulumi's provider protocol around the resources."""

# ruff: noqa: N802, ARG002 - the protocol gives the methods their names and parameters

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.engine.doubles.aws import functions, resources
from tests.engine.doubles.aws.arguments import ENGINES_OWN, VERSIONS, resource
from tests.engine.doubles.aws.codec import UnreadableValueError, opened, read, write
from tests.engine.doubles.aws.differences import Difference, differences
from tests.engine.doubles.aws.errors import AwsRefusalError, NotServedError
from tests.engine.doubles.aws.surroundings import Surroundings, configured

Call = grpc.ServicerContext


class AwsServicer(provider_pb2_grpc.ResourceProviderServicer):
    """One provider of one engine; what it refuses reaches the person as its own text."""

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._where = Surroundings()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Call
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: plugin_pb2.PluginAttach, context: Call) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Call) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSIONS[self._plugin])

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Call
    ) -> provider_pb2.GetSchemaResponse:
        schema = {"name": self._plugin, "version": VERSIONS[self._plugin]}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Call
    ) -> provider_pb2.CheckResponse:
        """Refuse arguments that the provider does not have."""
        with _answering(context):
            known = resource("pulumi:providers:aws")["inputs"] if self._plugin == "aws" else {}
            unknown = sorted(set(read(request.news)) - set(known) - ENGINES_OWN)
        return provider_pb2.CheckResponse(
            inputs=request.news, failures=_failures([f"{name} is no argument" for name in unknown])
        )

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Call
    ) -> provider_pb2.DiffResponse:
        """Another region is another place for everything; the rest changes in place."""
        with _answering(context):
            olds, news = read(request.old_inputs), read(request.news)
            found = differences("pulumi:providers:aws", olds, news)
        return _diff_response([each for each in found if each.argument not in ENGINES_OWN], False)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Call
    ) -> provider_pb2.ConfigureResponse:
        with _answering(context):
            self._where = configured(read(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: Call
    ) -> provider_pb2.InvokeResponse:
        with _answering(context):
            given: dict[str, Any] = opened(read(request.args))
            result = functions.call(request.tok, given, self._where)
        response = provider_pb2.InvokeResponse()
        # The field has a name that Python keeps to itself.
        getattr(response, "return").CopyFrom(write(result))
        return response

    def Cancel(self, request: empty_pb2.Empty, context: Call) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Check(
        self, request: provider_pb2.CheckRequest, context: Call
    ) -> provider_pb2.CheckResponse:
        with _answering(context):
            inputs, faults = resources.checked(
                request.urn, read(request.news), read(request.olds), request.randomSeed, self._where
            )
        return provider_pb2.CheckResponse(inputs=write(inputs), failures=_failures(faults))

    def Diff(self, request: provider_pb2.DiffRequest, context: Call) -> provider_pb2.DiffResponse:
        with _answering(context):
            olds, news = read(request.old_inputs), read(request.news)
            ignored = {path.split(".")[0].split("[")[0] for path in request.ignoreChanges}
            found = [
                each
                for each in differences(resources.type_of(request.urn), olds, news)
                if each.argument not in ignored
            ]
            old_first = resources.names_itself(request.urn, opened(olds), opened(news))
        return _diff_response(found, old_first)

    def Create(
        self, request: provider_pb2.CreateRequest, context: Call
    ) -> provider_pb2.CreateResponse:
        with _answering(context):
            inputs = read(request.properties)
            if request.preview:
                planned = resources.planned(request.urn, inputs)
                return provider_pb2.CreateResponse(properties=write(planned))
            id_, properties = resources.created(request.urn, inputs, self._where)
        return provider_pb2.CreateResponse(id=id_, properties=write(properties))

    def Read(self, request: provider_pb2.ReadRequest, context: Call) -> provider_pb2.ReadResponse:
        with _answering(context):
            there = resources.exists(request.urn, request.id)
        if not there:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: Call
    ) -> provider_pb2.UpdateResponse:
        with _answering(context):
            olds, inputs = read(request.olds), read(request.news)
            if request.preview:
                properties = resources.planned_change(request.urn, olds, inputs)
            else:
                properties = resources.updated(request.urn, request.id, olds, inputs)
        return provider_pb2.UpdateResponse(properties=write(properties))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Call) -> empty_pb2.Empty:
        with _answering(context):
            resources.deleted(request.urn, request.id)
        return empty_pb2.Empty()


@contextmanager
def _answering(context: Call) -> Iterator[None]:
    try:
        yield
    except (AwsRefusalError, NotServedError, UnreadableValueError) as refusal:
        context.abort(grpc.StatusCode.UNKNOWN, str(refusal))


def _failures(sentences: list[str]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(reason=sentence) for sentence in sentences]


def _diff_response(found: list[Difference], old_first: bool) -> provider_pb2.DiffResponse:
    kinds = provider_pb2.PropertyDiff.Kind
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if found else response.DIFF_NONE,
        diffs=sorted({each.argument for each in found}),
        replaces=sorted({each.argument for each in found if each.replaces}),
        deleteBeforeReplace=old_first,
        hasDetailedDiff=True,
        detailedDiff={
            each.path: provider_pb2.PropertyDiff(
                kind=kinds.Value(each.protocols_kind), inputDiff=True
            )
            for each in found
        },
    )
