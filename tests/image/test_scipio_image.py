"""The image of a real Scipio tree: `make erp-test SCIPIO_HOME=<its folder>`."""

import json
from pathlib import Path

import docker
import pytest

from automation import artifacts, base_image
from automation.scipio_image import build
from contract.entrances import Entrances
from scipio_tree.inspection import inspect_tree
from tests.image.container import PREFIX, container

pytestmark = [pytest.mark.docker, pytest.mark.real_erp]

HOME = "/opt/scipio"
COMPONENT_JARS = {
    "activemq-client",
    "hawtbuf",
    "geronimo-j2ee-management_1.1_spec",
    "cluster-cache-clear-adapter",
    "cluster-cache-clear-sender",
}


@pytest.fixture(scope="module")
def tag(engine: docker.DockerClient, scipio_home: Path) -> str:
    """The built image."""
    base_image.ensure(engine)
    artifacts.ensure_cluster_component()
    artifacts.ensure_database_driver()
    artifacts.ensure_python(engine)
    return build(engine, inspect_tree(scipio_home), f"{PREFIX}scipio").tag


def asked(engine: docker.DockerClient, tag: str, command: str) -> str:
    """What a shell inside prints."""
    with container(engine, tag, entrypoint=["sleep", "60"]) as trial:
        return trial.ask("sh", "-c", command)[1]


def test_the_agent_starts_as_its_own_user_in_the_tree(
    engine: docker.DockerClient, tag: str
) -> None:
    configuration = engine.images.get(tag).attrs["Config"]
    assert configuration["Entrypoint"] == ["python3", "-m", "node", "run"]
    assert (configuration["User"], configuration["WorkingDir"]) == ("scipio", HOME)
    assert asked(engine, tag, "id -u").strip() == "10001"


def test_the_erp_may_write_where_it_must_and_nowhere_else(
    engine: docker.DockerClient, tag: str
) -> None:
    found = asked(engine, tag, f"find {HOME} -writable ! -type l").split()
    tops = {path for path in found if path.rpartition("/")[0] not in found}
    assert tops == {f"{HOME}/runtime", f"{HOME}/applications/solr/cores/product/data"}


def test_overlay_files_are_links_and_the_trees_own_are_kept(
    engine: docker.DockerClient, tag: str
) -> None:
    place = "framework/catalina/scipio-component.xml"
    linked = asked(engine, tag, f"readlink {HOME}/{place} {HOME}/entityengine.xml").split()
    assert linked == [f"/run/scipio/overlay/{place}", "/run/scipio/overlay/entityengine.xml"]
    kept = asked(engine, tag, f"grep -c http-connector /usr/share/scipio-cluster/originals/{place}")
    assert int(kept) > 0


def test_nothing_of_the_demo_and_no_source_or_key_is_in_it(
    engine: docker.DockerClient, tag: str
) -> None:
    unwanted = (
        f"cd {HOME}; ls -d specialpurpose/demosuite doc ivy .git framework/base/config/ofbizssl.jks"
        " applications/order/data/DemoOrderPeopleData.xml; find */*/src -name '*.java';"
        " grep -l demosuite specialpurpose/component-load.xml"
    )
    left = asked(engine, tag, f"({unwanted}) 2>/dev/null")
    assert left == ""


def test_the_class_path_has_one_messaging_client_and_one_driver(
    engine: docker.DockerClient, tag: str
) -> None:
    component = asked(engine, tag, f"ls {HOME}/hot-deploy/scipio-cluster/lib").split()
    names = {name.rsplit("-", 1)[0] for name in component}
    assert names - {"postgresql"} == COMPONENT_JARS
    found = asked(engine, tag, f"find {HOME} -name 'postgresql-*.jar' -o -name 'activemq-*.jar'")
    assert len(found.split()) == 2


def test_the_bill_of_materials_names_every_jar_that_is_there(
    engine: docker.DockerClient, tag: str
) -> None:
    document = json.loads(
        asked(engine, tag, "cat /usr/share/scipio-cluster/bill-of-materials.json")
    )
    there = asked(engine, tag, f"cd {HOME}; find . -name '*.jar' -printf '%P\\n'").split()
    assert sorted(each["bom-ref"] for each in document["components"]) == sorted(there)


def test_the_image_keeps_the_entrances_of_its_tree(
    engine: docker.DockerClient, scipio_home: Path, tag: str
) -> None:
    text = asked(engine, tag, "cat /usr/share/scipio-cluster/entrances.json")
    kept = Entrances.model_validate_json(text)
    assert kept == inspect_tree(scipio_home).entrances


def test_the_second_build_finds_the_tree_packed_and_makes_the_same_image(
    engine: docker.DockerClient, scipio_home: Path, tag: str
) -> None:
    tree = inspect_tree(scipio_home)
    again = build(engine, tree, f"{PREFIX}scipio-again")
    assert again.tree_was_there
    assert engine.images.get(again.tag).id == engine.images.get(tag).id


def test_without_a_document_it_ends_with_one_message(engine: docker.DockerClient, tag: str) -> None:
    with container(engine, tag, environment={"SCIPIO_INSTANCE_ID": "scipio-1"}) as trial:
        code, log = trial.end()
    assert code == 78
    assert "/etc/scipio/cluster.json" in log
    assert "Traceback" not in log
