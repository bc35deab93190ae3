"""The second region: all that the cluster needs to come up is there, under a key of that region."""

from typing import Any

import pytest

from components.aws.ecr_reference import in_region, repository_name
from tests.components.aws.stacks import configuration, record_aws
from tests.support.recorder import Recording

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scipio-erp@sha256:" + "0" * 64


@pytest.fixture(scope="module")
def prod() -> Recording:
    return record_aws("prod")


def test_the_copies_key_is_one_of_that_region_and_stays(prod: Recording) -> None:
    key = prod.named("kms/key:Key", "scipio-prod-copy-key")

    assert "::scipio-prod-copies" in key.provider
    assert key.retain_on_delete
    assert "logs.eu-west-1.amazonaws.com" in key.inputs["policy"]


def test_backups_and_secrets_are_copied_under_it(prod: Recording) -> None:
    key = prod.named("kms/key:Key", "scipio-prod-copy-key").outputs["arn"]
    vault = prod.named("backup/vault:Vault", "scipio-prod-backup-copy")

    assert vault.inputs["kmsKeyArn"] == key
    # Another key would be another vault, and the copies would be left in the old one.
    assert "kmsKeyArn" in vault.ignore_changes
    for secret in prod.of_type("secretsmanager/secret:Secret"):
        assert secret.inputs["replicas"] == [{"region": "eu-west-1", "kmsKeyId": key}]


def test_the_image_is_copied_where_the_stack_asks_for_it(prod: Recording) -> None:
    [made] = prod.of_type("ReplicationConfiguration")
    [rule] = made.inputs["replicationConfiguration"]["rules"]

    assert rule["destinations"] == [{"region": "eu-west-1", "registryId": "123456789012"}]
    assert rule["repositoryFilters"] == [{"filter": "scipio-erp", "filterType": "PREFIX_MATCH"}]


def test_the_outputs_name_what_another_stack_needs(prod: Recording) -> None:
    [stack] = [each for each in prod.registered_outputs.values() if "recovery" in each.values]
    recovery = stack.values["recovery"]

    assert recovery["region"] == "eu-west-1"
    assert recovery["image"].startswith("123456789012.dkr.ecr.eu-west-1.amazonaws.com/scipio-erp@")
    vault = prod.named("backup/vault:Vault", "scipio-prod-backup-copy")
    assert recovery["vault"] == vault.outputs["name"]


def test_without_a_second_region_there_is_nothing_of_it() -> None:
    alone = record_aws("prod", {"backup": {"copyRegion": None}, "image": {"replicate": False}})

    assert [each.name for each in alone.of_type("kms/key:Key")] == ["scipio-prod-key"]
    assert all("replicas" not in each.inputs for each in alone.of_type("secret:Secret"))


def test_an_image_has_the_same_digest_elsewhere() -> None:
    assert in_region(IMAGE, "eu-west-1") == IMAGE.replace("eu-central-1", "eu-west-1")
    assert in_region("registry.example.com/scipio-erp:1", "eu-west-1") is None
    assert repository_name(IMAGE, "eu-central-1") == "scipio-erp"
    assert repository_name(IMAGE, "eu-west-1") is None


def test_the_recovery_stack_begins_with_copies_in_the_second_region() -> None:
    prod_file, recovery_file = configuration("prod"), configuration("recovery")
    recording = record_aws("recovery")
    [database] = recording.of_type("rds/instance:Instance")
    [provider] = [
        each
        for each in recording.of_type("pulumi:providers:aws")
        if each.name == "scipio-recovery-provider"
    ]

    assert recovery_file["aws"]["region"] == prod_file["backup"]["copyRegion"]
    assert provider.inputs["region"] == "eu-west-1"
    assert database.inputs["snapshotIdentifier"].startswith("awsbackup:copyjob-")
    assert _of_files(recording) == {"fs-0123456789abcdef0"}
    assert not [each for each in recording if each.type.endswith("fileSystem:FileSystem")]
    # Nothing of it is asked of the region that is gone.
    assert "eu-central-1" not in str(recovery_file)


def _of_files(recording: Recording) -> set[Any]:
    return {each.inputs["fileSystemId"] for each in recording.of_type("MountTarget")}
