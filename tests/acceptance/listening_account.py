"""Moto, which notes each call that it gets: run by the emulator's own Python.

Lines `service:Action` go to the file that EMULATOR_CALLS names, the service as requests are signed.
"""

import os
import sys
from typing import Any

from moto.core.responses import BaseResponse  # type: ignore[import-not-found] # in the emulator's
from moto.s3.responses import S3Response  # type: ignore[import-not-found] # in the emulator's
from moto.server import main  # type: ignore[import-not-found] # in the emulator's

CALLS = "EMULATOR_CALLS"

_call_action = BaseResponse.call_action
_authorize = S3Response._authenticate_and_authorize_s3_action


def note(response: Any, action: object) -> None:
    """Signed requests alone: others are none of a provider's."""
    _, _, scope = str(response.headers.get("Authorization", "")).partition("Credential=")
    parts = scope.split(",")[0].split("/")
    if len(parts) > 3:
        with open(os.environ[CALLS], "a", encoding="utf-8") as file:
            file.write(f"{parts[3]}:{action}\n")


def call_action(response: Any) -> Any:
    note(response, response._get_action())
    return _call_action(response)


def authorize(response: Any, *arguments: Any, **named: Any) -> Any:
    note(response, response.data.get("Action"))
    return _authorize(response, *arguments, **named)


if __name__ == "__main__":
    BaseResponse.call_action = call_action
    S3Response._authenticate_and_authorize_s3_action = authorize
    main(sys.argv[1:])
