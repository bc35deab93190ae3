"""One line on standard output for each thing that happened: a sentence, and fields for machines."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from typing import Literal

from node.standard_output import StandardOutput

FORMAT_VARIABLE = "SCIPIO_LOG_FORMAT"
SHORTEST_HIDDEN = 4
"""A shorter secret would black out half of every line and guards nothing anyway."""

Level = Literal["info", "warning", "error"]


class Redaction:
    """Replaces every known secret value in a text, from any source."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def hide(self, secrets: Iterable[str]) -> None:
        """From now on these values never pass. Longest first: one may contain another."""
        known = {secret for secret in secrets if len(secret) >= SHORTEST_HIDDEN}
        self._secrets = tuple(sorted(known.union(self._secrets), key=len, reverse=True))

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text

    def __repr__(self) -> str:
        return f"Redaction({len(self._secrets)} secrets)"


class Log:
    """Text by default, JSON when `$SCIPIO_LOG_FORMAT` is `json`."""

    def __init__(
        self, output: StandardOutput, *, instance_id: str, as_json: bool, redact: Redaction
    ) -> None:
        self._output = output
        self._instance_id = instance_id
        self._as_json = as_json
        self._redact = redact

    def info(self, sentence: str, **fields: object) -> None:
        self._write("info", sentence, fields)

    def warning(self, sentence: str, **fields: object) -> None:
        self._write("warning", sentence, fields)

    def error(self, sentence: str, **fields: object) -> None:
        self._write("error", sentence, fields)

    def _write(self, level: Level, sentence: str, fields: Mapping[str, object]) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = (
            self._json_line(now, level, sentence, fields)
            if self._as_json
            else self._text_line(now, level, sentence, fields)
        )
        self._output.write(line.encode() + b"\n")

    def _json_line(
        self, now: str, level: Level, sentence: str, fields: Mapping[str, object]
    ) -> str:
        shown = {name: self._redact(str(value)) for name, value in fields.items()}
        return json.dumps(
            {
                "at": now,
                "level": level,
                "node": self._instance_id,
                "sentence": self._redact(sentence),
                **shown,
            },
            ensure_ascii=False,
        )

    def _text_line(
        self, now: str, level: Level, sentence: str, fields: Mapping[str, object]
    ) -> str:
        mark = "" if level == "info" else f"{level}: "
        shown = "".join(f" {name}={value}" for name, value in fields.items())
        line = self._redact(f"{mark}{sentence}{' |' if shown else ''}{shown}")
        return f"{now} [node {self._instance_id}] {line}"


def log_from_environment(output: StandardOutput, instance_id: str, redact: Redaction) -> Log:
    """The log of this process."""
    as_json = os.environ.get(FORMAT_VARIABLE, "text") == "json"
    return Log(output, instance_id=instance_id, as_json=as_json, redact=redact)
