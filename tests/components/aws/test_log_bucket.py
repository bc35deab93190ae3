"""Buckets of logs: written by one service, read by nobody outside, gone after a time."""

import json
from typing import Any

import pytest

from components.aws.access_logs import BALANCER_ACCOUNTS, AccessLogs, AccessLogsArgs
from components.aws.surroundings import AwsSurroundings
from tests.components.aws.sections import recorded, surroundings
from tests.support.aws_stand_ins import ACCOUNT_ID
from tests.support.recorder import Recording


def access_logs(place: AwsSurroundings | None = None, retention_days: int = 90) -> Recording:
    args = AccessLogsArgs(surroundings=place or surroundings(), retention_days=retention_days)
    return recorded(lambda: AccessLogs("access-logs", args))


def in_region(region: str) -> AwsSurroundings:
    return AwsSurroundings(
        cluster="scipio-prod",
        region=region,
        partition="aws",
        account_id=ACCOUNT_ID,
        tags={},
        protect=True,
    )


def statements(recording: Recording) -> dict[str, Any]:
    [policy] = recording.of_type("BucketPolicy")
    return {each["Sid"]: each for each in json.loads(policy.inputs["policy"])["Statement"]}


def test_nothing_of_it_can_be_made_public() -> None:
    [block] = access_logs().of_type("BucketPublicAccessBlock")

    assert {key: block.inputs[key] for key in block.inputs if key != "bucket"} == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }


def test_it_is_encrypted_with_s3s_own_keys_as_load_balancers_demand() -> None:
    [encryption] = access_logs().of_type("BucketServerSideEncryptionConfiguration")
    [rule] = encryption.inputs["rules"]

    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}


def test_access_lists_are_off() -> None:
    [ownership] = access_logs().of_type("BucketOwnershipControls")

    assert ownership.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_without_tls_nobody_gets_anything() -> None:
    refusal = statements(access_logs())["NothingWithoutTls"]

    assert refusal["Effect"] == "Deny"
    assert refusal["Principal"] == "*"
    assert refusal["Action"] == "s3:*"
    assert len(refusal["Resource"]) == 2
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_load_balancers_write_to_this_accounts_folder_and_do_nothing_else() -> None:
    allowed = [each for each in statements(access_logs()).values() if each["Effect"] == "Allow"]
    [writing] = allowed

    assert writing["Action"] == "s3:PutObject"
    [bucket] = access_logs().of_type("bucket:Bucket")
    assert writing["Resource"] == f"{bucket.outputs['arn']}/load-balancer/AWSLogs/{ACCOUNT_ID}/*"


def test_older_regions_write_in_an_accounts_name_and_newer_ones_in_the_services() -> None:
    old = statements(access_logs(in_region("eu-central-1")))["LogsAreWritten"]["Principal"]
    new = statements(access_logs(in_region("eu-central-2")))["LogsAreWritten"]["Principal"]

    assert old == {"AWS": "arn:aws:iam::054676820928:root"}
    assert new == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert all(len(account) == 12 for account in BALANCER_ACCOUNTS.values())


def test_files_go_after_their_time() -> None:
    [lifecycle] = access_logs(retention_days=13).of_type("BucketLifecycleConfiguration")
    [rule] = lifecycle.inputs["rules"]

    assert rule["status"] == "Enabled"
    assert rule["expiration"] == {"days": 13}


@pytest.mark.parametrize("protect", [True, False])
def test_it_goes_with_its_logs_only_where_the_stack_is_not_protected(protect: bool) -> None:
    [bucket] = access_logs(surroundings(protect=protect)).of_type("bucket:Bucket")

    assert bucket.protect is protect
    assert bucket.inputs["forceDestroy"] is not protect
    assert "bucket" not in bucket.inputs


def test_the_policy_comes_after_what_else_changes_the_access() -> None:
    """S3 answers 409 to two changes at the same time."""
    recording = access_logs()
    [policy] = recording.of_type("BucketPolicy")

    for kind in ("BucketPublicAccessBlock", "BucketOwnershipControls"):
        assert recording.of_type(kind)[0].urn in policy.depends_on
