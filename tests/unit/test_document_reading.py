"""A cluster document is read whole, or refused with every fault named by the document's keys."""

import json
from typing import Any

import pytest

from contract.document_reading import DocumentError, check_document

VALID: dict[str, Any] = {
    "documentVersion": 1,
    "cluster": "local",
    "publicEndpoint": {"host": "localhost", "httpsPort": 8443},
    "node": {"heapMib": 128},
    "database": {
        "host": "database",
        "appPassword": {"store": "file", "name": "database-app-password"},
        "adminPassword": {"store": "file", "name": "database-admin-password"},
        "poolMax": 10,
    },
    "messaging": {
        "brokers": [{"host": "broker-1"}],
        "password": {"store": "file", "name": "broker-app-password"},
    },
    "administrator": {"password": {"store": "file", "name": "administrator-password"}},
}


def changed(**sections: Any) -> str:
    """The valid document with some keys of its sections replaced; None as a section removes it."""
    document = json.loads(json.dumps(VALID))
    for section, values in sections.items():
        if isinstance(values, dict):
            document[section] = {**document.get(section, {}), **values}
        elif values is None:
            del document[section]
        else:
            document[section] = values
    return json.dumps(document)


def error_of(text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        check_document(text, where="/etc/scipio/cluster.json")
    return str(caught.value)


def test_the_shortest_document_is_filled_with_defaults() -> None:
    document = check_document(json.dumps(VALID))
    assert (document.node.http_port, document.database.port) == (8081, 5432)
    assert document.messaging.failover.connection_timeout_ms == 1900


def test_a_newer_document_names_both_versions_and_the_way_out() -> None:
    assert error_of(changed(documentVersion=2, whatever={})) == (
        "/etc/scipio/cluster.json: found version 2, and this node reads version 1. "
        "The document was made by a newer program: use the image that belongs to it."
    )


def test_an_older_document_names_both_versions_and_the_way_out() -> None:
    assert error_of(changed(documentVersion=0)) == (
        "/etc/scipio/cluster.json: found version 0, and this node reads version 1. The document "
        "was made by an older program: deploy again with the one this image belongs to."
    )


@pytest.mark.parametrize("version", ["1", True, 1.0, [1]])
def test_a_version_is_a_whole_number(version: object) -> None:
    assert "documentVersion: got" in error_of(changed(documentVersion=version))


def test_a_document_without_a_version_is_refused() -> None:
    assert error_of(changed(documentVersion=None)) == (
        "/etc/scipio/cluster.json: documentVersion is missing; this node reads version 1."
    )


def test_text_that_is_no_json_is_named_with_line_and_column() -> None:
    assert error_of('{\n  "documentVersion": 1,\n}').startswith(
        "/etc/scipio/cluster.json: not JSON at line 3, column 1 ("
    )


@pytest.mark.parametrize(("text", "given"), [("[]", "an empty list"), ("null", "null"), ("1", "1")])
def test_json_that_is_no_object_is_refused(text: str, given: str) -> None:
    assert error_of(text) == f"/etc/scipio/cluster.json: got {given}; must be a JSON object."


def test_all_faults_come_at_once_with_paths_in_the_documents_own_keys() -> None:
    text = changed(
        node={"heapMib": "128", "heap_mib": 128},
        database={"poolMax": 1, "appPassword": {"store": "fiel", "name": "x"}},
        messaging={"brokers": [{"host": "broker-1", "prot": 61617}]},
        seach={"host": "solr", "port": 8983},
        administrator=None,
    )
    assert error_of(text).splitlines() == [
        "/etc/scipio/cluster.json has 7 faults:",
        '  - node.heapMib: got "128"; must be a whole number of at least 64. '
        "Write it without quotes: 128.",
        "  - node.heap_mib: unknown key. Did you mean heapMib?",
        "  - database.appPassword: does not say which kind it is; must be a section whose store is "
        'one of "aws-secrets-manager", "file".',
        "  - database.poolMax: got 1; must be a whole number of at least 2.",
        "  - messaging.brokers[0].prot: unknown key. Did you mean port?",
        "  - administrator: missing; must be a section with keys of its own (user, password).",
        "  - seach: unknown key. Did you mean search?",
    ]


def test_a_fault_within_a_secrets_reference_is_named_without_its_kind() -> None:
    text = changed(database={"appPassword": {"store": "file", "naem": "x"}})
    assert error_of(text).splitlines()[1:] == [
        "  - database.appPassword.name: missing; must be lower-case letters, digits and hyphens, "
        'the first a letter or digit, for example "database-password".',
        "  - database.appPassword.naem: unknown key. Did you mean name?",
    ]


@pytest.mark.parametrize(
    "place",
    [
        {"appPassword": "hunter2!"},
        {"appPassword": {"store": "file", "name": "hunter2!"}},
        {"appPassword": {"store": "file", "name": "a", "value": "hunter2!"}},
        {"appPassword": {"store": "hunter2!"}},
        {"password": "hunter2!"},
    ],
)
def test_a_secret_in_the_wrong_place_is_never_repeated(place: dict[str, Any]) -> None:
    assert "hunter2!" not in error_of(changed(database=place))


def test_the_cause_with_its_values_is_not_chained() -> None:
    """A traceback of the original error would print what was given."""
    with pytest.raises(DocumentError) as caught:
        check_document(changed(node={"heapMib": 1}))
    assert caught.value.__suppress_context__
