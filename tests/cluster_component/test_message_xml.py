"""The component and the ERP read each other's messages alike; the component's way costs less."""

import re
import subprocess
from pathlib import Path

import pytest

from automation import tree_adapter
from tests.support.java_artifacts import cluster_component

pytestmark = pytest.mark.real_erp

TRIAL = Path(__file__).with_name("java") / "MessageXmlTrial.java"


@pytest.fixture(scope="module")
def trial(scipio_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the trial prints, run with the classes of the tree that SCIPIO_HOME names."""
    classes = tmp_path_factory.mktemp("classes")
    framework = scipio_home / "framework"
    class_path = ":".join(
        [
            str(classes),
            *map(str, sorted(framework.glob("*/build/lib/*.jar"))),
            *(str(folder / "*") for folder in sorted(framework.glob("*/lib"))),
            str(framework / "base" / "config"),
            str(cluster_component() / "lib" / "*"),
        ]
    )
    sources = [TRIAL, tree_adapter.SOURCES / "clustercacheclear" / "erp" / "MessageXml.java"]
    subprocess.run(
        ["javac", "-proc:none", "-d", classes, "-cp", class_path, *sources],
        check=True,
    )
    return subprocess.run(
        ["java", "-cp", class_path, "clustercacheclear.erp.MessageXmlTrial"],
        capture_output=True,
        text=True,
        check=True,
        cwd=framework.parent,
    ).stdout


@pytest.mark.parametrize(
    "what",
    [
        "stock reads ours as its own",
        "we read stock's as stock does",
        "we read our own as stock does",
        "a message with an entity is refused",
    ],
)
def test_messages_are_the_same_to_both(trial: str, what: str) -> None:
    """Signs of XML, white space, types, absent values."""
    assert f"{what}: true" in trial


@pytest.mark.parametrize("what", ["us to write", "us to read"])
def test_nothing_is_made_anew_for_every_message(trial: str, what: str) -> None:
    """No stylesheet, no parser; far from the edge, the stock way takes many times as long."""
    times = re.search(rf"{what}: (\d+), stock: (\d+)", trial)
    assert times is not None, trial
    assert int(times[1]) * 2 < int(times[2])
