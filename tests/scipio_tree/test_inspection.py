"""A tree is looked at before anything is built, and every fault is said at once."""

from pathlib import Path

import pytest

from scipio_tree.errors import TreeError
from scipio_tree.inspection import inspect_tree
from tests.scipio_tree.small_tree import jar, put


def faults_of(home: Path) -> tuple[str, ...]:
    with pytest.raises(TreeError) as refused:
        inspect_tree(home)
    return refused.value.faults


def test_a_built_tree_is_known_by_release_and_java(home: Path) -> None:
    found = inspect_tree(home)
    assert (str(found.release), found.java, found.has_driver) == ("3.0.1-dev", 11, True)


def test_a_tree_without_the_driver_is_packed_all_the_same(home: Path) -> None:
    (home / "framework/entity/lib/jdbc/postgresql-42.7.1.jar").unlink()
    assert not inspect_tree(home).has_driver


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path / "nowhere")
    assert "Name the folder of a built Scipio tree" in fault


def test_a_folder_of_something_else_is_told_so_at_once(tmp_path: Path) -> None:
    """It may be a whole disk: nothing of it is read."""
    (tmp_path / "link").symlink_to("/etc/hostname")
    [fault] = faults_of(tmp_path)
    assert "it is no Scipio tree" in fault


def test_many_links_that_lead_out_are_one_line_after_the_first_ten(home: Path) -> None:
    for number in range(25):
        (home / f"link-{number:02}").symlink_to("/etc/hostname")
    faults = faults_of(home)
    assert len(faults) == 11
    assert faults[-1].startswith("and 15 more links lead outside the tree")


def test_a_tree_that_lacks_everything_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "framework").mkdir()
    said = "\n".join(faults_of(tmp_path))
    for missing in ("scipiometainfo.properties", "ofbiz.jar", "entityengine.xml", "jndiservers"):
        assert missing in said


def test_an_unbuilt_tree_is_told_how_to_build(home: Path) -> None:
    (home / "ofbiz.jar").unlink()
    (home / "framework/base/lib/commons-lang3-3.14.0.jar").unlink()
    (home / "applications/order/build/lib/scipio-order.jar").unlink()
    faults = faults_of(home)
    assert [fault.split(":")[0] for fault in faults] == [
        "ofbiz.jar",
        "framework/base/lib",
        "applications/order",
    ]
    assert all("./ant -Dlib.entity.jdbc.conf.default=postgresql build" in fault for fault in faults)


def test_classes_newer_than_the_images_jdk_are_refused(home: Path) -> None:
    put(home, "applications/order/build/lib/scipio-order.jar", jar(java=21))
    [fault] = faults_of(home)
    assert "scipio-order.jar: is compiled for Java 21; the image runs Java 17" in fault


def test_a_jar_that_was_cut_off_is_named(home: Path) -> None:
    put(home, "ofbiz.jar", jar(java=11)[:40])
    [fault] = faults_of(home)
    assert fault.startswith("ofbiz.jar: is no jar")


def test_a_merge_that_a_node_would_refuse_is_refused_here(home: Path) -> None:
    put(home, "framework/entity/config/entityengine.xml", b"<entity-config/>")
    [fault] = faults_of(home)
    assert fault.startswith("framework/entity/config/entityengine.xml:")


def test_a_sender_and_a_listener_of_the_trees_own_are_packed_with_a_remark(home: Path) -> None:
    assert inspect_tree(home).remarks == ()
    engine = home / "framework/entity/config/entityengine.xml"
    own = '<delegator name="default" distributed-cache-clear-class-name="de.mueller.Sender" '
    engine.write_text(engine.read_text().replace('<delegator name="default" ', own))
    services = home / "framework/service/config/serviceengine.xml"
    listener = (
        '<jms-service name="serviceMessenger"><server jndi-name="a" '
        'listener-class="de.mueller.Listener"/></jms-service></service-engine>'
    )
    services.write_text(services.read_text().replace("</service-engine>", listener))
    sender, hears = inspect_tree(home).remarks
    assert "your own de.mueller.Sender sends the cache clears, and stays" in sender
    assert "your own de.mueller.Listener listens to the topic, and stays" in hears


def test_a_number_of_threads_of_the_trees_own_goes_with_a_remark(home: Path) -> None:
    """A larger one than the pool feeds would let requests wait for each other."""
    component = home / "framework/catalina/scipio-component.xml"
    connector = '<property name="http-connector" value="connector">'
    text = component.read_text()
    assert connector in text
    threads = f'{connector}<property name="maxThreads" value="400"/>'
    component.write_text(text.replace(connector, threads, 1))
    [remark] = inspect_tree(home).remarks
    assert "your own maxThreads 400 goes" in remark


def test_a_jndi_server_with_an_address_of_its_own_defeats_the_overlay(home: Path) -> None:
    """The root's copy wins over the component's, whose default is as it must be."""
    put(
        home,
        "jndiservers.xml",
        b'<j><jndi-server name="default" context-provider-url="rmi://127.0.0.1:1099"/></j>',
    )
    [fault] = faults_of(home)
    assert fault.startswith("jndiservers.xml:")
    assert "'rmi://127.0.0.1:1099'" in fault


def test_a_file_of_the_users_own_at_the_root_is_merged_and_no_fault(home: Path) -> None:
    own = (home / "framework/entity/config/entityengine.xml").read_bytes()
    put(home, "entityengine.xml", own)
    inspect_tree(home)


def test_a_link_where_the_overlays_belongs_is_refused(home: Path) -> None:
    (home / "cache.properties").symlink_to("framework/base/config/cache.properties")
    [fault] = faults_of(home)
    assert fault.startswith("cache.properties: is a link to framework/base/config")


@pytest.mark.parametrize("name", ["activemq-all-5.17.4.jar", "activemq-client-5.16.0.jar"])
def test_a_messaging_client_of_the_trees_own_is_refused(home: Path, name: str) -> None:
    put(home, f"framework/base/lib/{name}", jar(java=8))
    [fault] = faults_of(home)
    assert name in fault


def test_the_download_that_is_not_on_the_class_path_is_no_client(home: Path) -> None:
    """`download-activemq` of the ERP's build leaves it there (build.xml:2369)."""
    put(home, "framework/base/lib/ant-opt/activemq/activemq-all-5.17.4.jar", jar(java=8))
    inspect_tree(home)


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside", "a/../../../../b"])
def test_a_link_that_leads_out_of_the_tree_is_refused(home: Path, target: str) -> None:
    (home / "applications" / "own").symlink_to(target)
    [fault] = faults_of(home)
    assert fault.startswith(f"applications/own: is a link to {target}")


def test_a_component_of_the_clusters_name_is_refused(home: Path) -> None:
    put(home, "hot-deploy/scipio-cluster/scipio-component.xml", b"<ofbiz-component/>")
    [fault] = faults_of(home)
    assert fault.startswith("hot-deploy/scipio-cluster")


def test_nothing_in_the_tree_is_touched(home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    inspect_tree(home)
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_a_tree_of_the_second_generation_is_refused_with_this_alone(home: Path) -> None:
    """What else it lacks follows from that."""
    catalina = home / "framework/catalina"
    (catalina / "scipio-component.xml").rename(catalina / "ofbiz-component.xml")
    [fault] = faults_of(home)
    assert "framework/catalina/ofbiz-component.xml: is a file of Scipio 2.x" in fault
    assert "Move your tree to a 3.x release" in fault


def test_a_component_that_still_has_the_old_file_name_is_no_fault(home: Path) -> None:
    """The ERP loads components of its users under both names."""
    put(home, "hot-deploy/own/ofbiz-component.xml", b'<ofbiz-component name="own"/>')
    assert inspect_tree(home).home == home
