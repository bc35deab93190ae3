"""The published schemas of all documents are current, and agree with the models."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contract import schema
from contract.check_report import CheckReport, CheckResult
from contract.entrances import AnonymousRequest, Entrances, MountedWebapp, ViewLink
from contract.health import HealthReport
from contract.inside_report import InsideReport, InsideResult
from contract.patterns import MEANINGS
from contract.stack_outputs import (
    BalancerOutput,
    BrokerOutput,
    DatabaseOutput,
    NodeOutput,
    StackOutputs,
)
from settings.cluster_document import cluster_document
from settings.routing import routing_rules
from settings.schema import stack_schema
from tests.support.docker_settings import docker_settings

LOCAL = docker_settings({"profile": "local"})

EXAMPLES = {
    "cluster-document.v1": cluster_document(
        LOCAL, cluster="local", database_host="database", brokers=("broker-1",), broker_ca=None
    ),
    "entrances.v1": Entrances(
        release="3.0.1",
        webapps=(
            MountedWebapp(
                mount_point="/admin",
                component="webtools",
                visitors="staff",
                reason="its base-permission is OFBTOOLS",
                anonymous_requests=(
                    AnonymousRequest(name="ping", event="service ping", shows_views=True),
                ),
                views=("main",),
            ),
        ),
        view_links=(ViewLink(link="view/x", file="widget/Menus.xml", needs_log_in=False),),
    ),
    "health-report.v1": HealthReport(
        instance_id="scipio-1", phase="serving", ready=True, sentence="Serves.", observed_at=1.5
    ),
    "check-report.v1": CheckReport(
        cluster="local",
        results=(
            CheckResult(
                name="tls",
                promise="Visitors are served over TLS.",
                verdict="pass",
                seconds=0.5,
                evidence="TLSv1.3",
                figures={"median_ms": 3.0},
            ),
        ),
    ),
    "inside-report.v1": InsideReport(
        cluster="local",
        instance_id="scipio-1",
        role="app",
        observed_at=1.5,
        results=(
            InsideResult(
                name="database.clock",
                verdict="pass",
                evidence="2 ms apart",
                figures={"skew_ms": 2.0},
            ),
        ),
    ),
    "stack-outputs.v1": StackOutputs(
        cluster="local",
        platform="docker",
        implementation="reference",
        balancer=BalancerOutput(
            https_url="https://localhost:8443", http_url="http://localhost:8080"
        ),
        routing=routing_rules(LOCAL),
        nodes=(NodeOutput(instance_id="scipio-1"),),
        brokers=(BrokerOutput(name="broker-1"),),
        database=DatabaseOutput(host="database", port=5432, name="scipio", app_user="scipio_app"),
    ),
}


@pytest.mark.parametrize(
    ("path", "text"), schema.schema_files().items(), ids=lambda it: str(it)[-30:]
)
def test_the_committed_schema_is_current(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run: python -m contract.schema --write"


def test_no_schema_is_left_over() -> None:
    assert set(schema.FOLDER.glob("*.json")) == set(schema.schema_files())


@pytest.mark.parametrize("name", schema.DOCUMENTS)
def test_what_the_model_writes_keeps_the_schema(name: str) -> None:
    published = json.loads((schema.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    written = json.loads(EXAMPLES[name].model_dump_json())
    jsonschema.Draft202012Validator(published).validate(written)


@pytest.mark.parametrize("name", schema.DOCUMENTS)
def test_every_document_must_say_its_version(name: str) -> None:
    published = json.loads((schema.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    written = json.loads(EXAMPLES[name].model_dump_json())
    (version,) = [key for key in written if key.endswith("Version")]
    del written[version]
    assert not jsonschema.Draft202012Validator(published).is_valid(written)


PROVIDERS = r"^(?!scipio:)[^:]+:.+$"
"""Of keys in a stack file that are not ours: nobody is told what they must be."""


def patterns(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
        found |= set(node.get("patternProperties", {})) - {PROVIDERS}
        return found.union(*(patterns(inner) for inner in node.values()))
    if isinstance(node, list):
        return set().union(*(patterns(inner) for inner in node))
    return set()


def test_every_pattern_has_words_and_no_words_are_left_over() -> None:
    used = patterns(stack_schema()).union(
        *(patterns(json.loads(text)) for text in schema.schema_files().values())
    )
    assert used == set(MEANINGS)


@pytest.mark.parametrize("pattern", MEANINGS)
def test_the_example_of_a_pattern_keeps_it(pattern: str) -> None:
    jsonschema.validate(MEANINGS[pattern].example, {"pattern": pattern})
