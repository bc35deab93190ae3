"""The lines of AWS's command line in the documentation, run at an emulator as far as it goes."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3  # type: ignore[import-untyped] # it ships no types
import pytest

from tests.acceptance import emulation
from tests.engine.test_printed_commands import FENCE, PAGES, SEPARATORS, blocks

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
"""The first one is the one in which a bucket has no location."""

NEWER = ("aws logs tail",)
"""Commands of the command line's version 2, which no package index has."""

MISUSED = re.compile(
    r"usage: aws|Unknown options|Parameter validation failed|[Ii]nvalid choice|error: argument|"
    r"must specify a region|Error parsing parameter|are required"
)

pytestmark = pytest.mark.acceptance


def printed() -> list[str]:
    """Every call of `aws`, in a block, between backticks or within `$(…)`; placeholders filled."""
    found: set[str] = set()
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        inline = [" ".join(each.split()) for each in re.findall(r"`([^`]+)`", FENCE.sub("", text))]
        lines = [line for block in blocks(page) for line in block.replace("\\\n", " ").split("\n")]
        for line in [*inline, *lines]:
            nested = re.findall(r"\$\(([^()]+)\)", line)
            for part in [*SEPARATORS.split(re.sub(r"\$\([^()]*\)", "x-1", line)), *nested]:
                call = part.strip().removeprefix("do ")
                # Three words name a command; a line to run says more.
                if re.match(r"aws [a-z0-9-]+ [a-z0-9-]+ \S", call):
                    found.add(filled(call.split(" #")[0]))
    return sorted(found)


def filled(call: str) -> str:
    """Something of the right form in the place of what the reader has to fill in."""
    call = re.sub(r"<(instance )?id>", "i-0123456789abcdef0", call)
    call = re.sub(r"<file system>", "arn:aws:elasticfilesystem:eu-central-1:1:file-system/x", call)
    call = call.replace("file://x-1", "file:///dev/stdin").replace('"$file"', "/dev/stdin")
    return re.sub(r"<[^>]+>|…", "x-1", call)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulation.emulator(tmp_path_factory.mktemp("account") / "emulator.log") as address:
        yield address


def shell(script: str, address: str, region: str | None) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    own = {
        "PATH": os.pathsep.join([str(emulation.COMMAND.parent), kept["PATH"]]),
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "emulated",
        "AWS_SECRET_ACCESS_KEY": "emulated",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
    } | ({"AWS_DEFAULT_REGION": region, "AWS_REGION": region} if region else {})
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={**kept, **own},
        cwd=ROOT,
        input='{"Version":"2012-10-17","Statement":[]}',
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("call", [each for each in printed() if not each.startswith(NEWER)])
def test_the_command_line_knows_each_call_and_its_options(call: str, account: str) -> None:
    """What it names is not there: AWS's own answer to that is as far as it goes."""
    done = shell(call, account, "eu-west-3")
    assert not MISUSED.search(done.stderr), done.stderr
    assert done.returncode == 0 or done.stderr.strip(), call


@pytest.mark.parametrize("region", REGIONS)
def test_the_state_has_a_place_and_a_key_in_every_region(
    region: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block as it is printed, but for the region."""
    [block] = [each for each in blocks("docs/operations.md") if "aws s3 mb" in each]
    script = block.replace("AWS_REGION=eu-central-1", f"AWS_REGION={region}")
    # Version 1 of the command line knows the older name of that variable alone.
    script = script.replace("export AWS_REGION", f"export AWS_DEFAULT_REGION={region} AWS_REGION")
    with emulation.emulator(tmp_path / "emulator.log") as address:
        done = shell(script, address, None)
        assert done.returncode == 0, done.stderr
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "emulated")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "emulated")
        s3 = boto3.client("s3", region_name=region, endpoint_url=address)
        kms = boto3.client("kms", region_name=region, endpoint_url=address)
        located = s3.get_bucket_location(Bucket="acme-scipio-state")["LocationConstraint"]
        assert (located or "us-east-1") == region
        assert s3.get_bucket_versioning(Bucket="acme-scipio-state")["Status"] == "Enabled"
        assert "alias/scipio-state" in {each["AliasName"] for each in kms.list_aliases()["Aliases"]}


def test_there_is_something_to_try() -> None:
    assert len(printed()) > 15
