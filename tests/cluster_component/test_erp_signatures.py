"""The signatures that the adapter is compiled against are those of the ERP.

Those that look into a built tree run with `make erp-test SCIPIO_HOME=<built tree>`.
"""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from automation import tree_adapter
from templates.overlay.cluster_component import LISTENER_CLASS, SENDER_CLASS
from tests.support.java_artifacts import CLUSTER_COMPONENT, PROJECT, cluster_component

SIGNATURES = CLUSTER_COMPONENT / "erp-signatures" / "target" / "classes"
ALLOWED_JARS = {
    "activemq-client-5.17.7.jar",
    "hawtbuf-1.11.jar",
    "geronimo-j2ee-management_1.1_spec-1.0.1.jar",
    "cluster-cache-clear-adapter-1.jar",
    "cluster-cache-clear-sender-1.jar",
}


@pytest.mark.real_erp
def test_every_signature_is_in_the_tree(scipio_home: Path) -> None:
    """Each member that the adapter may call is there with the same types."""
    cluster_component()
    class_path = ":".join(map(str, tree_adapter.engine_jars(scipio_home)))
    names = _class_names()
    ours = _members(str(SIGNATURES), names)
    theirs = _members(class_path, names)
    missing = {
        name: sorted(members - theirs.get(name, set()))
        for name, members in ours.items()
        if members - theirs.get(name, set())
    }
    assert missing == {}


@pytest.mark.real_erp
def test_the_adapter_compiles_against_the_tree(scipio_home: Path, tmp_path: Path) -> None:
    """Also finds what an interface of the tree wants beyond the signatures."""
    cluster_component()
    tree_adapter.compile_against(scipio_home, tmp_path)
    assert (tmp_path / "clustercacheclear" / "erp" / "WatchedTopicListener.class").is_file()


def test_what_is_compared_is_how_a_call_is_linked() -> None:
    """Name, types of parameters and result; nothing of what Java erases."""
    shown = "public abstract java.util.Map<A, B<C>> run(java.util.Map<D, ? extends E>) throws F;"
    assert _bare(shown) == "java.util.Map run(java.util.Map);"


def test_nothing_of_the_erp_and_no_other_jar_is_packaged() -> None:
    """activemq-all would silence the ERP's log; a signature would shadow the real class."""
    folder = cluster_component()
    assert {jar.name for jar in (folder / "lib").iterdir()} == ALLOWED_JARS
    for jar in (folder / "lib").glob("cluster-*.jar"):
        assert "org/ofbiz" not in _run("jar", "tf", str(jar))


def test_the_sender_knows_neither_the_erp_nor_outside_its_own_package_activemq() -> None:
    sender = CLUSTER_COMPONENT / "sender" / "src" / "main" / "java" / "clustercacheclear"
    foreign = {
        (path.name, imported)
        for path in sender.rglob("*.java")
        for imported in re.findall(r"^import (?:static )?([\w.]+);", path.read_text(), re.MULTILINE)
        if not imported.startswith(
            ("java.", "javax.jms.", "javax.naming.", "javax.net.", "clustercacheclear.")
        )
        and not (path.parent.name == "activemq" and imported.startswith("org.apache.activemq."))
    }
    assert foreign == set()


@pytest.mark.parametrize("name", [SENDER_CLASS, LISTENER_CLASS])
def test_the_classes_that_the_overlay_names_are_there_and_known_to_the_reference_node(
    name: str,
) -> None:
    source = CLUSTER_COMPONENT / "adapter" / "src" / "main" / "java" / name.replace(".", "/")
    assert source.with_suffix(".java").is_file()
    node = PROJECT / "image" / "reference-node" / "src" / "main" / "java" / "referencenode"
    assert any(f'"{name}"' in file.read_text() for file in node.glob("*.java"))


def _class_names() -> list[str]:
    return [
        str(path.relative_to(SIGNATURES).with_suffix("")).replace("/", ".")
        for path in sorted(SIGNATURES.rglob("*.class"))
    ]


def _members(class_path: str, names: list[str]) -> Mapping[str, set[str]]:
    """Public and protected members by class, the ways of declaring them that bind alike removed."""
    shown = subprocess.run(
        ["javap", "-protected", "-cp", class_path, *names],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    members: dict[str, set[str]] = {}
    current = ""
    for line in shown.splitlines():
        if header := re.match(r"public .*?(?:class|interface) ([\w.]+)", line):
            current = header[1]
        elif line.startswith("  ") and not line.endswith(f" {current}();"):
            # But for constructors that javac adds: the adapter makes none of these objects.
            members.setdefault(current, set()).add(_bare(line))
    return members


def _bare(member: str) -> str:
    # Neither changes how a call is linked: modifiers but `static`, and exceptions.
    bare = re.sub(r"\b(public|protected|abstract|final|default|synchronized) ", "", member)
    bare = re.sub(r" throws .*?;", ";", bare)
    # From within, or `Map<A> name(Map<B>)` would lose its name.
    while (erased := re.sub(r"<[^<>]*>", "", bare)) != bare:
        bare = erased
    return bare.strip()


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
