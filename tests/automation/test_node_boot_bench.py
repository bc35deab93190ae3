"""The boot bench: what it starts in the place of `java`, what it reads of a log, what it writes."""

import os
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from automation import node_boot_bench
from automation.errors import CommandFailedError
from automation.node_boot_bench import (
    ANSWERS,
    AS_IT_IS,
    MEASURES,
    SERVES,
    STARTED,
    Boot,
    Measure,
    moments,
    shadow,
    table,
)
from contract.stack_outputs import StackOutputs


def test_the_shadow_drops_and_adds_and_keeps_every_other_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "java"
    real.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    real.chmod(0o755)
    monkeypatch.setattr(node_boot_bench, "JAVA", str(real))
    program = tmp_path / "shadow"
    program.write_text(shadow(Measure(what="", drop=("-Xms*", "-XX:+A"), add=("-XX:+B",)), "-C d"))
    program.chmod(0o755)
    said = subprocess.run(
        [program, "-Xms128m", "-Xmx1g", "-XX:+A", "-Da=b c", "-jar", "x.jar"],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert said.stdout.splitlines() == ["-XX:+B", "-C d", "-Xmx1g", "-Da=b c", "-jar", "x.jar"]


def test_moments_are_the_first_of_each_sentence_with_parts_of_a_second() -> None:
    log = "\n".join(
        [
            "2026-11-24T20:00:00.5Z 2026-11-24T20:00:00Z [node a] The JVM runs; waiting until …",
            "2026-11-24T20:00:01.000000001Z Loaded component : [base]",
            "2026-11-24T20:00:20.25Z 2026-11-24T20:00:20Z [node a] The JVM answers; its first page",
            "2026-11-24T20:00:29.25Z 2026-11-24T20:00:29Z [node a] The JVM answers; waiting until",
            "2026-11-24T20:00:30.5Z 2026-11-24T20:00:30Z [node a] The node serves.",
        ]
    )
    at = moments(log)
    assert at[ANSWERS] - at[STARTED] == pytest.approx(19.75)
    assert at[SERVES] - at[STARTED] == pytest.approx(30.0)
    assert moments("") == {}


def test_the_table_has_medians_against_the_first_measure() -> None:
    def boots(*answers_s: float) -> list[Boot]:
        return [Boot(answers_s=a, serves_s=2 * a, cpu_s=a, resident_mib=100 * a) for a in answers_s]

    text = table({AS_IT_IS: boots(10, 11, 30), Measure(what="other"): boots(5.5, 5, 6)}, load=7.5)
    assert "load average 7.5 before; medians of 3" in text
    assert "| as the node starts | 11.0 s, 1.00× | 22.0 s, 1.00× | 11.0 s, 1.00× | 1100" in text
    assert "| other | 5.5 s, 0.50× | 11.0 s, 0.50× | 5.5 s, 0.50× | 550 MiB, 0.50× |" in text


def test_each_measure_has_a_name_of_its_own_and_the_first_changes_nothing() -> None:
    assert len({measure.what for measure in MEASURES}) == len(MEASURES)
    assert MEASURES[0] == Measure(what=MEASURES[0].what)


def test_the_reference_node_is_refused() -> None:
    outputs = cast(StackOutputs, type("Outputs", (), {"implementation": "reference"}))
    with pytest.raises(CommandFailedError, match=r"scipio:app\.image"):
        node_boot_bench.run(cast(Any, None), outputs, 1)
