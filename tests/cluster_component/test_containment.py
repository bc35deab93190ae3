"""No fault of the ERP's, or of the component's own, gets into a write."""

import subprocess
from pathlib import Path

import pytest

from tests.support.java_artifacts import CLUSTER_COMPONENT, cluster_component, reference_node_home

TRIAL = Path(__file__).parent / "java" / "ContainmentTrial.java"
CALLS = (
    "the constructor",
    "a row",
    "a row without itself",
    "a key",
    "an incomplete key",
    "a condition",
    "all rows",
    "all caches",
    "a service",
)


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What reached the caller, of each call, on an ERP that always throws."""
    classes = tmp_path_factory.mktemp("classes")
    component = cluster_component()
    class_path = ":".join(
        [
            str(classes),
            str(CLUSTER_COMPONENT / "erp-signatures" / "target" / "classes"),
            str(component / "lib" / "*"),
            # The interfaces of JMS and of transactions, which the ERP brings.
            *map(str, _specifications()),
        ]
    )
    subprocess.run(["javac", "-d", classes, "-cp", class_path, TRIAL], check=True)
    return subprocess.run(
        ["java", "-cp", class_path, "clustercacheclear.erp.ContainmentTrial"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("call", CALLS)
def test_a_write_meets_nothing(reached: str, call: str) -> None:
    assert f"{call}: nothing\n" in reached


def _specifications() -> list[Path]:
    return sorted((reference_node_home() / "lib").glob("geronimo-*_spec-*.jar"))
