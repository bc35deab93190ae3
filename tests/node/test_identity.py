"""The agent's plain copies of the contract say what the contract says."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contract.health import HealthReport
from contract.health import Phase as ContractPhase
from contract.names import INSTANCE_ID_MAX_LENGTH, InstanceId
from node.errors import ConfigurationError
from node.identity import MAX_LENGTH, instance_id
from node.paths import DATABASE_AUTHORITY, SEED_SYSTEM_PROPERTIES, SYSTEM_PROPERTIES
from node.situation import Phase
from templates.overlay import files


@pytest.mark.parametrize(
    "value",
    ["app-1", "i-0123456789abcdef0", "a" * 20, "a" * 21, "", "-a", "_a", "a b", "a\n", "ä", "A_1"],
)
def test_an_instance_id_is_accepted_exactly_when_the_contract_accepts_it(value: str) -> None:
    try:
        TypeAdapter(InstanceId).validate_python(value)
    except ValidationError:
        with pytest.raises(ConfigurationError, match="must be 1 to 20"):
            instance_id({"SCIPIO_INSTANCE_ID": value})
    else:
        assert instance_id({"SCIPIO_INSTANCE_ID": value}) == value


def test_an_instance_id_that_is_not_set_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SCIPIO_INSTANCE_ID: got ''"):
        instance_id({})


def test_the_longest_id_is_the_contracts() -> None:
    assert MAX_LENGTH == INSTANCE_ID_MAX_LENGTH


def test_every_phase_is_one_of_the_contracts() -> None:
    assert {str(phase) for phase in Phase} == set(ContractPhase.__args__)  # type: ignore[attr-defined] # a Literal
    assert HealthReport.model_fields.keys() == {
        "report_version", "instance_id", "phase", "ready", "sentence", "observed_at",
    }  # fmt: skip


def test_names_of_overlay_files_are_the_templates() -> None:
    assert files.SYSTEM_PROPERTIES.path == SYSTEM_PROPERTIES
    assert files.SEED_SYSTEM_PROPERTIES.path == SEED_SYSTEM_PROPERTIES
    assert files.DATABASE_CA.path == DATABASE_AUTHORITY
