"""The JVM's command line."""

import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from contract.cluster_document import NodeRuntime
from node.jvm import JavaCommands

PROPERTIES = Path("/run/scipio/overlay/system.properties")
FIGURES = Path("/run/scipio/cache-clear.json")


def commands(**runtime: object) -> JavaCommands:
    given = {"heap_mib": 1024, **runtime}
    return JavaCommands(
        runtime=NodeRuntime.model_validate(given), jar="ofbiz.jar", trust_store=Path("/run/trust")
    )


def test_every_setting_reaches_the_command_line() -> None:
    """A setting that nobody passes on is a lie."""
    line = commands(heap_mib=1536, time_zone="Europe/Berlin", locale="de_AT").node(
        PROPERTIES, FIGURES
    )
    assert {
        "-Xmx1536m",
        "-Duser.timezone=Europe/Berlin",
        "-Duser.language=de",
        "-Duser.country=AT",
        "-Djavax.net.ssl.trustStore=/run/trust",
        f"-Dofbiz.system.props={PROPERTIES}",
        f"-Dscipio.cluster.cacheClear.figuresFile={FIGURES}",
    } <= set(line)
    assert line[0] == "java"
    assert line[-2:] == ("-jar", "ofbiz.jar")


def test_a_locale_without_country_sets_none() -> None:
    line = commands(locale="de").node(PROPERTIES, FIGURES)
    assert not [flag for flag in line if flag.startswith("-Duser.country")]


def test_a_node_that_trusts_nobody_else_uses_the_jdks_store() -> None:
    plain = JavaCommands(runtime=NodeRuntime(heap_mib=64), jar="x.jar", trust_store=None)
    assert not [flag for flag in plain.node(PROPERTIES, FIGURES) if "trustStore" in flag]


@pytest.mark.parametrize(
    ("heap_mib", "collector"), [(64, "Serial"), (2048, "Serial"), (2049, "G1"), (8192, "G1")]
)
def test_small_heaps_get_the_collector_that_takes_less_memory(
    heap_mib: int, collector: str
) -> None:
    assert f"-XX:+Use{collector}GC" in commands(heap_mib=heap_mib).node(PROPERTIES, FIGURES)


@pytest.mark.real_erp
def test_the_parser_that_xerces_shall_use_is_in_the_tree(scipio_home: Path) -> None:
    """A class that is not there would end the JVM at its first document."""
    flag = "-Dorg.apache.xerces.xni.parser.XMLParserConfiguration="
    [parser] = [
        word.removeprefix(flag)
        for word in commands().node(PROPERTIES, FIGURES)
        if word.startswith(flag)
    ]
    [jar] = scipio_home.glob("framework/base/lib/xercesImpl-*.jar")
    assert f"{parser.replace('.', '/')}.class" in ZipFile(jar).namelist()


def test_the_loader_is_the_same_jvm_with_other_arguments() -> None:
    java = commands()
    loader = java.loader(PROPERTIES, "readers=seed", "delegator=seed")
    node = [flag for flag in java.node(PROPERTIES, FIGURES) if "figuresFile" not in flag]
    assert loader == (*node, "load-data", "readers=seed", "delegator=seed")


def test_visitors_are_let_in_by_what_the_companion_says() -> None:
    """Nobody visits a search node."""
    line = commands(health_path="/alive").node(PROPERTIES, FIGURES, Path("/run/membership.json"))
    named = {word for word in line if word.startswith("-Dscipio.cluster.membership.")}
    assert named == {
        "-Dscipio.cluster.membership.file=/run/membership.json",
        "-Dscipio.cluster.membership.leaseSeconds=20",
        "-Dscipio.cluster.membership.freePath=/alive",
    }
    assert not [word for word in commands().node(PROPERTIES, FIGURES) if "membership" in word]


@pytest.mark.parametrize("heap_mib", [64, 4096])
def test_the_jvm_accepts_the_flags(heap_mib: int) -> None:
    """A misspelt flag would end every node at once."""
    plain = JavaCommands(runtime=NodeRuntime(heap_mib=heap_mib), jar="x.jar", trust_store=None)
    flags = plain.node(PROPERTIES, FIGURES)[:-2]
    started = subprocess.run([*flags, "-version"], capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
