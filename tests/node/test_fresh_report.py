"""A report counts while it is fresh; one from before the clock was set back is not."""

import json
import os
import time
from pathlib import Path

import pytest

from node.fresh_report import fresh_report
from node.health_file import READY_MAX_AGE_S, is_ready

HOUR_S = 3600


@pytest.mark.parametrize(
    ("age_s", "fresh"), [(0, True), (29, True), (31, False), (-0.5, True), (-HOUR_S, False)]
)
def test_the_age_of_a_report(tmp_path: Path, age_s: float, fresh: bool) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps({"at": time.time() - age_s}))
    assert (fresh_report(file, 30) is not None) is fresh


@pytest.mark.parametrize(
    ("age_s", "ready"), [(0, True), (READY_MAX_AGE_S + 1, False), (-HOUR_S, False)]
)
def test_the_age_of_the_sign_of_readiness(tmp_path: Path, age_s: float, ready: bool) -> None:
    file = tmp_path / "ready"
    file.touch()
    at = time.time() - age_s
    os.utime(file, (at, at))
    assert is_ready(tmp_path) is ready
