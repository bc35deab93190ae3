"""The built Scipio tree that tests marked `real_erp` run on."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def scipio_home() -> Path:
    """The folder that `SCIPIO_HOME` names; fails where it names no built tree."""
    named = os.environ.get("SCIPIO_HOME")
    if not named:
        pytest.fail(
            "SCIPIO_HOME is not set. Name a built Scipio tree and run the tests again: "
            "`make erp-test SCIPIO_HOME=/path`.",
            pytrace=False,
        )
    home = Path(named).resolve()
    if not (home / "ofbiz.jar").is_file():
        pytest.fail(
            f"SCIPIO_HOME={named} is not a built Scipio tree: there is no {home / 'ofbiz.jar'}. "
            "Build it (`./ant build`), or name another folder.",
            pytrace=False,
        )
    return home
