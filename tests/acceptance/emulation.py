"""An emulator of AWS, and what the stacks ask of it."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.gaps import NOT_MADE, NOT_READ_BACK, Gap, Gaps, met
from tests.acceptance.translation import Json, Translation
from tests.support.server_process import ServerProcess, free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ROOT / ".cache" / "acceptance" / "bin" / "moto_server"
"""Where `make acceptance-test` puts it, apart from the project's own packages. One that is found
elsewhere may be of another version, with other gaps."""

CREDENTIALS = {
    "access_key": "emulated",
    "secret_key": "emulated",
    "s3_use_path_style": True,
    "skip_metadata_api_check": "true",
    "max_retries": 2,
}

OVERRIDES: Mapping[str, Json] = {
    # No instance of the emulator's ever starts to serve.
    "aws_autoscaling_group": {"wait_for_capacity_timeout": "0"},
}
"""Type → arguments that are ours here, because AWS would do what no emulator does."""

ZONE = {"aws_route53_zone": {"given": {"name": "example.com"}}}
ZONE_ID = "${aws_route53_zone.given.zone_id}"
"""A stack is given the zone of its domain."""


FRESH = (str(COMMAND.with_name("python")), str(Path(__file__).with_name("fresh_account.py")))
"""The emulator with the quotas of an account that was opened today."""


LISTENING = (
    str(COMMAND.with_name("python")),
    str(Path(__file__).with_name("listening_account.py")),
)
"""The emulator, noting each call in the file `calls_beside` its log."""


def calls_beside(log: Path) -> Path:
    """Where the listening emulator notes what it was asked."""
    return log.with_suffix(".calls")


@contextmanager
def emulator(log: Path, command: Sequence[str] = (str(COMMAND),)) -> Iterator[str]:
    """While entered, an empty AWS answers at that address."""
    port = free_port()
    server = ServerProcess(
        "moto",
        [*command, "-H", "127.0.0.1", "-p", str(port)],
        log=log,
        environment=os.environ
        | {
            "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
            "EMULATOR_CALLS": str(calls_beside(log)),
        },
    )
    try:
        server.wait_until_usable(lambda: _accepts(port), within_s=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.end()


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def emulated(
    made: Translation,
    *,
    not_made: Gaps = NOT_MADE,
    not_read_back: Gaps = NOT_READ_BACK,
) -> dict[str, dict[str, Json]]:
    """The resources as the emulator can make them, in the zone that it has been given."""
    missing = {address for address, _ in met(not_made, made.resources)}
    ignored = list(met(not_read_back, made.resources))
    found: dict[str, dict[str, Json]] = {}
    for type_, named in made.resources.items():
        for name, arguments in named.items():
            address = f"{type_}.{name}"
            if address not in missing:
                body = _in_zone(arguments) | _waiting(arguments, missing)
                body |= OVERRIDES.get(type_, {}) | _ignoring(arguments, ignored, address)
                found.setdefault(type_, {})[name] = body
    return found | ZONE


def _in_zone(arguments: Json) -> Json:
    return arguments | ({"zone_id": ZONE_ID} if "zone_id" in arguments else {})


def _waiting(arguments: Json, missing: set[str]) -> Json:
    there = [each for each in arguments.get("depends_on", []) if each not in missing]
    return {"depends_on": there} if "depends_on" in arguments else {}


def _ignoring(arguments: Json, gaps: Sequence[tuple[str, Gap]], address: str) -> Json:
    already = arguments.get("lifecycle", {}).get("ignore_changes", [])
    ignored = sorted({*already, *(gap.attribute for at, gap in gaps if at == address)})
    return {"lifecycle": {"ignore_changes": ignored}} if ignored else {}
