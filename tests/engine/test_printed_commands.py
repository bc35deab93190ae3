"""What README and operations.md print can be run as it stands: the commands of Pulumi and make, the
first steps on a fresh clone, the lines for stack files.
"""

import difflib
import itertools
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from settings.load import load
from settings.models import Settings
from settings.stack_file import load_stack, stack_names

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/operations.md")
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
SEPARATORS = re.compile(r"\s*(?:&&|;|\|\s)\s*")


def blocks(page: str) -> list[str]:
    """The fenced blocks without a language: commands, and lines for stack files."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        "".join(line.removeprefix(match["indent"]) for line in match["text"].splitlines(True))
        for match in FENCE.finditer(text)
        if not match["language"]
    ]


def commands(program: str) -> list[str]:
    """Every printed call of a program, in a block, between backticks or within `$(…)`."""
    found: list[str] = []
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        inline = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
        lines = [line for block in blocks(page) for line in block.replace("\\\n", " ").split("\n")]
        for line in [*inline, *lines]:
            nested = re.findall(r"\$\(([^()]+)\)", line)
            for part in [*SEPARATORS.split(re.sub(r"\$\([^()]*\)", "x", line)), *nested]:
                if re.match(rf"{program}( |$)", part.strip()):
                    found.append(part.split(" #")[0].strip())
    return sorted(set(found))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What git would give a newcomer of the files that Pulumi reads."""
    shutil.copytree(ROOT / "stacks", tmp_path / "clone" / "stacks")
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path / "clone")
    return tmp_path / "clone"


def shell(script: str, folder: Path, cli: Path) -> subprocess.CompletedProcess[str]:
    """Run it as a newcomer: no log-in, no variable of Pulumi's, a home of their own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PULUMI_")}
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "PATH": os.pathsep.join([str(cli.parent), kept["PATH"]])}
    # HOME alone does not keep Pulumi from the log-in of the person who runs the tests.
    own["PULUMI_HOME"] = str(home / ".pulumi")
    return subprocess.run(
        ["bash", "-euc", script],
        cwd=folder,
        # The page has AWS_REGION set before it is used.
        env={"AWS_REGION": "eu-central-1", **kept, **own, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("command", commands("make"))
def test_make_knows_the_words_and_the_variables(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"\$\((?:if \$\()?([A-Z_]+)\)?", makefile))
    variables |= {"SCIPIO_HOME"}  # read by the tests themselves
    for word in shlex.split(command)[1:]:
        name, assigned, _ = word.partition("=")
        assert name in (variables if assigned else words), command


@pytest.mark.parametrize("command", commands("pulumi"))
def test_pulumi_knows_the_command_and_its_options(
    command: str, clone: Path, pulumi_cli: Path
) -> None:
    """Asked for help at its end, it has read all before: an unknown option ends with an error."""
    asked = shell(f"{re.sub(r'<[^>]*>|…', 'x', command)} --help", clone, pulumi_cli)
    assert asked.returncode == 0, asked.stderr
    assert "Usage:" in asked.stdout
    # A word that is no command is passed over, and the help is that of the one before it.
    *_, last = itertools.takewhile(re.compile("[a-z]+").fullmatch, command.split()[:3])
    assert re.search(rf"^(  pulumi .*|Aliases:\n.*)\b{last}\b", asked.stdout, re.MULTILINE)


def test_the_first_steps_of_an_ordinary_pulumi_work_on_a_fresh_clone(
    clone: Path, pulumi_cli: Path
) -> None:
    """As they are printed, up to the update itself; the state is the owner's alone."""
    [block] = [block for block in blocks("README.md") if "pulumi login" in block]
    steps = block.replace("make setup artifacts\n", "").replace(" && pulumi up", "")
    done = shell(f"{steps}\npulumi stack --show-name", clone, pulumi_cli)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, ["local"]), done.stderr
    assert (clone / ".state").stat().st_mode & 0o777 == 0o700
    # Not in the folder of the person who runs the tests.
    assert (clone.parent / "home" / ".pulumi" / "credentials.json").is_file()


def test_a_second_cluster_has_ports_of_its_own(clone: Path, pulumi_cli: Path) -> None:
    [block] = [block for block in blocks("docs/operations.md") if "STACK=second" in block]
    done = shell(block.replace("make up STACK=second", ""), clone, pulumi_cli)
    assert done.returncode == 0, done.stderr
    first, second = (load_stack(name, clone / "stacks") for name in ("local", "second"))
    assert isinstance(first, Settings)
    assert isinstance(second, Settings)
    ports = [
        {each.balancer.https_port, each.balancer.http_port, each.balancer.statistics_port}
        for each in (first, second)
    ]
    assert not ports[0] & ports[1]


@pytest.mark.parametrize("stack", stack_names(ROOT / "stacks"))
def test_pulumis_own_writer_only_adds_to_a_stack_file(
    stack: str, clone: Path, pulumi_cli: Path
) -> None:
    """Else the first `stack init` or `config set` changes half of the file."""
    file = clone / "stacks" / f"Pulumi.{stack}.yaml"
    before = file.read_text(encoding="utf-8").splitlines()
    done = shell(
        "mkdir .state; export PULUMI_CONFIG_PASSPHRASE=scipio-local\n"
        'pulumi login "file://$PWD/.state"\n'
        f"pulumi stack init {stack} && pulumi config set -s {stack} --path 'scipio:seed.x' 1",
        clone,
        pulumi_cli,
    )
    assert done.returncode == 0, done.stderr
    after = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in difflib.ndiff(before, after) if line.startswith("- ")] == []


LINES = [block for block in blocks("docs/operations.md") if block.startswith("scipio:")]


@pytest.mark.parametrize("block", LINES)
def test_lines_for_a_stack_file_are_taken(block: str) -> None:
    """Each block is one change: two lines of a key would be a key that is said twice."""
    keys = [line.partition(": ")[0] for line in block.splitlines()]
    assert len(keys) == len(set(keys))
    load({"scipio:profile": "local", **yaml.safe_load(block)}, where="the page")


def test_there_is_something_to_try() -> None:
    assert len(commands("pulumi")) > 10
    assert len(commands("make")) > 10
    assert len(LINES) > 3
