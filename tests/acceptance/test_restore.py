"""Which calls a restore makes at RDS: the real provider's, and the program's own beside it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final, Literal

import pytest

from components.aws.restored import RestoredSettingsProvider
from tests.acceptance.emulation import CREDENTIALS
from tests.acceptance.rds_recorder import Parameters, RdsRecorder, rds_recorder
from tests.acceptance.schema import Schema
from tests.acceptance.terraform import Terraform, prepared_schema
from tests.acceptance.translation import translated
from tests.components.aws.stacks import record_aws
from tests.support.recorder import Recording

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]

SNAPSHOT: Final = {"kind": "snapshot", "snapshot": "scipio-prod-0a1b2c3d-final"}
MOMENT: Final = {"kind": "point-in-time", "source": "scipio-prod-0a1b2c3d"}

OF_ITS_OWN: Final = frozenset(
    {
        # Each run draws another one, and restores name it otherwise.
        "DBInstanceIdentifier",
        "TargetDBInstanceIdentifier",
        "SourceDBInstanceIdentifier",
        "DBSnapshotIdentifier",
        "UseLatestRestorableTime",
        # As the source has them; held by tests of their own.
        "AllocatedStorage",
        "MaxAllocatedStorage",
        "EngineVersion",
        "MasterUsername",
        "StorageEncrypted",
        "KmsKeyId",
        # How a change is asked for, not what it is.
        "ApplyImmediately",
        "AllowMajorVersionUpgrade",
        "Engine",
    }
)
"""Parameters in which a new database and a restored one differ."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = prepared_schema()
    if found is None:
        pytest.fail("Terraform's AWS provider is not here: `make acceptance-test` prepares it")
    return found


Beginning = Literal["new", "snapshot", "moment"]
BEGINNINGS: Final[Mapping[Beginning, Mapping[str, Any] | None]] = {
    "new": None,
    "snapshot": SNAPSHOT,
    "moment": MOMENT,
}


@pytest.fixture(scope="module")
def asked(
    schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[Beginning, RdsRecorder]:
    """What production's database asks RDS for when it is made; the provider waits for minutes."""
    recordings = {
        beginning: record_aws("prod", {"database": {"restore": restore, "storageGib": 50}})
        for beginning, restore in BEGINNINGS.items()
    }
    with ExitStack() as entered:
        recorders = {each: entered.enter_context(rds_recorder()) for each in BEGINNINGS}
        applied = []
        with ThreadPoolExecutor() as pool:
            for each, recorder in recorders.items():
                terraform = Terraform.beginning(tmp_path_factory.mktemp(each))
                terraform.write("stack", _configuration(recordings[each], schema, recorder))
                applied.append(pool.submit(terraform.apply))
        for one in applied:
            one.result()
        for each, recorder in recorders.items():
            _ask_for_the_rest(recordings[each], recorder)
    return recorders


def _ask_for_the_rest(recording: Recording, recorder: RdsRecorder) -> None:
    """As the engine does after the provider's own calls."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_RDS", recorder.endpoint)
        environment.setenv("AWS_ACCESS_KEY_ID", "recorded")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "recorded")
        for each in recording:
            if each.type.endswith(":RestoredSettings"):
                given = ("region", "identifier", "modification")
                RestoredSettingsProvider().create({key: each.inputs[key] for key in given})


def _configuration(
    recording: Recording, schema: Schema, recorder: RdsRecorder
) -> Mapping[str, Any]:
    """The database alone: what it refers to stands in it as text."""
    [instance] = recording.of_type("rds/instance:Instance")
    alone = Recording(registrations=(instance,), registered_outputs={})
    [body] = translated(alone, schema).resources["aws_db_instance"].values()
    for aside in ("provider", "depends_on", "lifecycle"):
        body.pop(aside, None)
    body["timeouts"] = {"create": "10m"}
    provider = {
        **CREDENTIALS,
        "region": "eu-central-1",
        "skip_credentials_validation": True,
        "skip_requesting_account_id": True,
        "endpoints": [{"rds": recorder.endpoint}],
    }
    return {"resource": {"aws_db_instance": {"d": body}}, "provider": {"aws": provider}}


def settings_of(recorder: RdsRecorder) -> Parameters:
    return {
        key: value
        for key, value in recorder.asked_for().items()
        if key not in OF_ITS_OWN and not key.startswith("Tags.")
    }


@pytest.mark.parametrize("beginning", ["snapshot", "moment"])
def test_a_restored_database_gets_all_settings_of_a_new_one_and_no_smaller_disk(
    beginning: Beginning, asked: Mapping[Beginning, RdsRecorder]
) -> None:
    """The source has 300 GiB and 16.13; the stack says 50 GiB and 16."""
    new, restored = asked["new"], asked[beginning]

    assert new.calls[0][0] == "CreateDBInstance"
    assert restored.calls[0][0].startswith("RestoreDBInstance")
    for _, given in restored.calls:
        assert int(given.get("AllocatedStorage", 300)) >= 300
        assert int(given.get("MaxAllocatedStorage", 330)) >= 330
        assert "EngineVersion" not in given
    assert settings_of(restored) == settings_of(new)
