"""A stack's file is read as Pulumi reads it, and what is wrong with it is said in one sentence."""

from pathlib import Path

import pytest

from settings.errors import SettingsError, StackFileError
from settings.stack_file import load_stack, stack_names, stack_path, stack_platform
from tests.support.docker_settings import on_docker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    return stacks


def write(folder: Path, text: str) -> None:
    (folder / "Pulumi.mine.yaml").write_text(text, encoding="utf-8")


def error_of(folder: Path, text: str) -> str:
    write(folder, text)
    with pytest.raises(SettingsError) as caught:
        load_stack("mine", folder)
    return str(caught.value)


def config(lines: str) -> str:
    return "config:\n  scipio:profile: local\n" + lines


@pytest.mark.parametrize("stack", stack_names(ROOT / "stacks"))
def test_every_stack_of_the_project_loads(stack: str) -> None:
    assert load_stack(stack, ROOT / "stacks").profile


def test_the_project_has_its_local_stack() -> None:
    assert "local" in stack_names(ROOT / "stacks")


def test_pulumis_own_keys_may_stand_beside_the_configuration(folder: Path) -> None:
    write(folder, "encryptionsalt: v1:x\nsecretsprovider: passphrase\n" + config(""))
    assert on_docker(load_stack("mine", folder)).nodes.count == 2


def test_overrides_win_over_the_file(folder: Path) -> None:
    write(folder, config("  scipio:nodes: {count: 2}\n"))
    assert on_docker(load_stack("mine", folder, {"nodes": {"count": 3}})).nodes.count == 3


def test_a_missing_file_lists_the_stacks_there_are(folder: Path) -> None:
    (folder / "Pulumi.local.yaml").touch()
    (folder / "Pulumi.prod.yaml").touch()
    (folder / "Pulumi.yaml").touch()
    with pytest.raises(StackFileError) as caught:
        load_stack("locla", folder)
    assert str(caught.value) == (
        f"stack locla: there is no Pulumi.locla.yaml in {folder}. Did you mean local? "
        "The stacks there are: local, prod."
    )


def test_a_folder_without_stacks_says_so(folder: Path) -> None:
    with pytest.raises(StackFileError, match=r"There is no stack yet\."):
        load_stack("local", folder / "nowhere")


def test_a_tab_is_named_with_line_and_column(folder: Path) -> None:
    assert error_of(folder, config("\tscipio:nodes: {}\n")) == (
        "stack mine (stacks/Pulumi.mine.yaml): not YAML at line 3, column 1: "
        "found character '\\t' that cannot start any token. Indent with spaces."
    )


def test_a_key_said_twice_is_named_with_line_and_column(folder: Path) -> None:
    text = config("  scipio:nodes:\n    count: 2\n    count: 3\n")
    assert error_of(folder, text).endswith("not YAML at line 5, column 5: count is said twice.")


def test_a_control_character_is_named(folder: Path) -> None:
    assert "not YAML: the character" in error_of(folder, config("  scipio:app: \x01\n"))


def test_a_section_that_contains_itself_is_refused(folder: Path) -> None:
    text = config("  scipio:nodes: &nodes\n    count: *nodes\n")
    assert "recursive" in error_of(folder, text)


def test_python_objects_are_not_made(folder: Path) -> None:
    text = config("  scipio:app: !!python/object/apply:os.getcwd []\n")
    assert "could not determine a constructor" in error_of(folder, text)


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "Pulumi.mine.yaml").write_bytes(b"config: \xff\n")
    with pytest.raises(StackFileError, match=r"not UTF-8 text \(byte 8\)"):
        load_stack("mine", folder)


@pytest.mark.parametrize("name", ["", "../other", "a b", "a;b"])
def test_what_is_no_name_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(StackFileError, match="a stack's name has letters, digits"):
        load_stack(name, folder)
    with pytest.raises(StackFileError, match="a stack's name has letters, digits"):
        stack_platform(name, folder)


def test_a_folder_in_place_of_the_file_is_refused(folder: Path) -> None:
    stack_path("mine", folder).mkdir()
    with pytest.raises(StackFileError, match="cannot be read"):
        load_stack("mine", folder)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty."),
        ("# nothing but a comment\n", "the file is empty."),
        ("- 1\n", "the file holds a list where keys should be."),
        ("encryptionsalt: v1:x\n", "config is missing. The shortest one"),
        ("confg:\n  scipio:profile: local\n", "config is missing. Is confg meant to be it?"),
        ("config:\n", "config is missing."),
        ("config: local\n", 'config: got "local"; must be a section.'),
    ],
)
def test_a_file_without_configuration_shows_the_shortest_one(
    folder: Path, text: str, sentence: str
) -> None:
    message = error_of(folder, text)
    assert message.startswith(f"stack mine (stacks/Pulumi.mine.yaml): {sentence}")
    assert message.endswith('The shortest one is "config:" and, indented, "scipio:profile: local".')


def test_faults_of_the_file_and_of_its_configuration_come_at_once(folder: Path) -> None:
    text = config("  scipio:nodes: {count: 0}\n") + "scipio:app: {}\nencriptionsalt: x\n"
    assert error_of(folder, text).splitlines() == [
        "stack mine (stacks/Pulumi.mine.yaml) has 3 faults:",
        "  - scipio:app: unknown key at the top. It belongs below config:, indented.",
        "  - encriptionsalt: unknown key at the top. Did you mean encryptionsalt?",
        "  - scipio:nodes.count: got 0; must be a whole number from 1 to 20.",
    ]


@pytest.mark.parametrize(
    ("yaml_value", "heap_mib"),
    [("010_00", 512), ("1_000", 1000), ("0x100", 256), ("2.56e2", 256), ("300.0", 300)],
)
def test_numbers_are_read_as_pulumi_delivers_them(
    folder: Path, yaml_value: str, heap_mib: int
) -> None:
    write(folder, config(f"  scipio:nodes: {{heapMib: {yaml_value}, memoryMib: 2048}}\n"))
    assert on_docker(load_stack("mine", folder)).nodes.heap_mib == heap_mib


@pytest.mark.parametrize("word", ["no", "on", "yes", "12:30", "2026-01-01", "1.2.3"])
def test_words_that_older_yaml_took_for_something_else_are_text(folder: Path, word: str) -> None:
    text = f"  scipio:app: {{image: {word}}}\n  scipio:nodes: {{heapMib: 1024, memoryMib: 2048}}\n"
    write(folder, config(text))
    assert on_docker(load_stack("mine", folder)).app.image == word


def test_sections_can_be_merged_with_an_anchor(folder: Path) -> None:
    text = config("  scipio:nodes: {<<: {count: 3, surge: 0}, surge: 2}\n")
    write(folder, text)
    nodes = on_docker(load_stack("mine", folder)).nodes
    assert (nodes.count, nodes.surge) == (3, 2)
