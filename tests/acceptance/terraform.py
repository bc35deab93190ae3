"""Terraform with its AWS provider, on a configuration in a folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.schema import Schema

MIRROR_VARIABLE = "SCIPIO_TERRAFORM_PLUGINS"
"""A folder in the layout of `terraform providers mirror`; unset: where Terraform itself looks, and
else it downloads the provider."""
SOURCE = "hashicorp/aws"
VERSIONS = ">= 5.100.0, < 7.0.0"
TIMEOUT_S = 2400
PREPARED = Path(__file__).resolve().parents[2] / ".cache" / "acceptance" / "terraform"
"""The provider, and what it says of its resources; made once, used by every working folder."""
LOCK = ".terraform.lock.hcl"


class TerraformError(Exception):
    """Terraform refused; the message is its own."""


@dataclass(frozen=True)
class Terraform:
    """One working folder."""

    folder: Path
    endpoint: str | None = None
    """Of an emulator of AWS; None: nothing is asked of AWS."""

    @classmethod
    def beginning(cls, folder: Path, endpoint: str | None = None) -> "Terraform":
        """An empty one that uses the provider of `prepare`."""
        shutil.copy(PREPARED / LOCK, folder / LOCK)
        terraform = cls(folder, endpoint)
        terraform.require_provider()
        return terraform

    def require_provider(self) -> None:
        """The configuration names the provider."""
        settings = {"required_providers": {"aws": {"source": SOURCE, "version": VERSIONS}}}
        self.write("terraform", {"terraform": settings})

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """One file of the configuration."""
        text = json.dumps(content, indent=1, sort_keys=True)
        (self.folder / f"{name}.tf.json").write_text(text, encoding="utf-8")

    def faults(self) -> list[str]:
        """What the provider would not take, each with the resource that has it."""
        said = self._completed("validate", "-json").stdout
        return [
            f"{each.get('address') or _place(each)}: {each['summary']}. {each.get('detail', '')}"
            for each in json.loads(said)["diagnostics"]
            if each["severity"] == "error"
        ]

    def apply(self) -> None:
        """Everything of the configuration exists at the emulator."""
        self.run("apply", "-auto-approve", "-input=false")

    def changes(self) -> dict[str, list[str]]:
        """Address → the arguments of which another `apply` would change the value; empty: no
        resource would be touched."""
        self.run("plan", "-input=false", "-out=plan")
        plan = json.loads(self.run("show", "-json", "plan"))
        return {
            each["address"]: _differences(each["change"])
            for each in plan.get("resource_changes", [])
            if each["change"]["actions"] not in (["no-op"], ["read"])
        }

    def refusal(self, addresses: Iterable[str]) -> str:
        """What is said when these are to be made, and what they need. Empty: they are made."""
        targets = [f"-target={each}" for each in sorted(addresses)]
        done = self._completed("apply", "-auto-approve", "-input=false", *targets)
        return done.stderr if done.returncode != 0 else ""

    def teardown(self) -> list[str]:
        """Remove everything; what could not be, each with the reason."""
        done = self._completed("destroy", "-auto-approve", "-input=false")
        return [each.strip() for each in done.stderr.split("Error: ")[1:]]

    def run(self, *words: str) -> str:
        """Its standard output. Raises `TerraformError`."""
        done = self._completed(*words)
        if done.returncode != 0:
            raise TerraformError(f"terraform {words[0]}: {done.stderr or done.stdout}")
        return done.stdout

    def _completed(self, *words: str) -> subprocess.CompletedProcess[str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        colour = () if words[0] in {"providers", "show"} else ("-no-color",)
        return subprocess.run(
            ["terraform", *words[:1], *colour, *words[1:]],
            cwd=self.folder,
            env=own
            | {
                "TF_CLI_CONFIG_FILE": str(PREPARED / "cli.tfrc"),
                "TF_DATA_DIR": str(PREPARED / ".terraform"),
                "CHECKPOINT_DISABLE": "1",
            }
            | ({"AWS_ENDPOINT_URL": self.endpoint} if self.endpoint else {}),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )


def prepare() -> None:
    """The provider and its schema are in `PREPARED`. Raises `TerraformError`."""
    if shutil.which("terraform") is None:
        raise TerraformError("there is no `terraform` on PATH: install 1.9 or newer")
    PREPARED.mkdir(parents=True, exist_ok=True)
    (PREPARED / "cli.tfrc").write_text(_installation(), encoding="utf-8")
    terraform = Terraform(PREPARED)
    terraform.require_provider()
    terraform.run("init", "-input=false", "-backend=false")
    written = terraform.run("providers", "schema", "-json")
    (PREPARED / "schema.json").write_text(written, encoding="utf-8")


def prepared_schema() -> Schema | None:
    """What the provider says of its resources; None: `prepare` was not called."""
    written = PREPARED / "schema.json"
    return Schema.parsed(written.read_text(encoding="utf-8")) if written.is_file() else None


def _installation() -> str:
    mirror = os.environ.get(MIRROR_VARIABLE)
    if not mirror:
        return ""
    return f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n'


def _differences(change: Mapping[str, Any]) -> list[str]:
    before, after = change["before"] or {}, change["after"] or {}
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _place(diagnostic: Mapping[str, Any]) -> str:
    return str((diagnostic.get("snippet") or {}).get("context"))


if __name__ == "__main__":
    try:
        prepare()
    except TerraformError as cause:
        sys.exit(
            f"{cause}\nThe acceptance tests need Terraform and its AWS provider. Terraform itself "
            f"downloads the provider; without the internet, {MIRROR_VARIABLE} names a folder with "
            "a mirror of it."
        )
