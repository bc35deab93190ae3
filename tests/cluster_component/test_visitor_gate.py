"""The component's container finds the Tomcat of a real tree, and lets in whom it should."""

import re
import subprocess
from pathlib import Path

import pytest

from automation import tree_adapter
from tests.support.java_artifacts import cluster_component
from tests.support.server_process import free_port

pytestmark = pytest.mark.real_erp

TRIAL = Path(__file__).with_name("java") / "VisitorGateTrial.java"


@pytest.fixture(scope="module")
def trial(scipio_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the trial prints, run with the classes of the tree that SCIPIO_HOME names."""
    folder = tmp_path_factory.mktemp("gate")
    framework = scipio_home / "framework"
    component = cluster_component()
    tree_adapter.compile_against(scipio_home, folder)
    port = free_port()
    tomcat = (framework / "catalina" / "scipio-component.xml").read_text()
    for connector, new_port in (("ajp", "0"), ("https", "0"), ("http", str(port))):
        tomcat, found = re.subn(
            rf'(name="{connector}-connector".*?name="port" value=")\d+',
            rf"\g<1>{new_port}",
            tomcat,
            count=1,
            flags=re.DOTALL,
        )
        assert found == 1, connector
    (folder / "tomcat.xml").write_text(tomcat)
    membership = folder / "membership.json"
    membership.write_text('{"state": "alive", "confirmedUptimeS": null}')
    class_path = ":".join(
        [
            str(folder),
            *map(str, sorted(framework.glob("*/build/lib/*.jar"))),
            *(str(libraries / "*") for libraries in sorted(framework.glob("*/lib"))),
            *map(str, sorted(framework.glob("*/config"))),
            str(component / "lib" / "*"),
        ]
    )
    subprocess.run(["javac", "-proc:none", "-d", folder, "-cp", class_path, TRIAL], check=True)
    named = "-Dscipio.cluster.membership"
    tried = subprocess.run(
        [
            *("java", "-cp", class_path, f"-Dofbiz.home={folder}"),
            *(
                f"{named}.file={membership}",
                f"{named}.leaseSeconds=20",
                f"{named}.freePath=/health",
            ),
            "clustermembership.erp.VisitorGateTrial",
            *map(
                str, (component / "scipio-component.xml", folder / "tomcat.xml", port, membership)
            ),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=scipio_home,
        timeout=120,
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr
    return tried.stdout


@pytest.mark.parametrize(
    "what", ["loaders: [main]", "unconfirmed: 503", "health path: 404", "confirmed: 404"]
)
def test_visitors_are_let_in_when_the_node_is_confirmed(trial: str, what: str) -> None:
    """No web application is there, so who is let in finds nothing."""
    assert what in trial
