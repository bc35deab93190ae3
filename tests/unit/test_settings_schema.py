"""The schema that editors use for stack files says what the loader says, and is up to date."""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from contract.json_schema import as_text
from settings import reference, schema
from settings.aws.mq_messaging import BrokerWindow
from settings.aws.settings import AwsSettings
from settings.errors import SettingsError
from settings.load import load
from settings.platforms import MODELS, PlatformName, platform_of, profiles_of, section_keys
from settings.profiles import ProfileName, defaults, profile_names, stand_ins
from settings.sections import laid_over
from settings.stack_file import PULUMI_KEYS, stack_names, stack_path

ROOT = Path(__file__).parents[2]
STACKS = ROOT / "stacks"

ON_AWS: dict[str, Any] = {
    "scipio:aws": {"region": "eu-central-1", "allowedAccountIds": ["123456789012"]},
    "scipio:network": {"zones": ["eu-central-1a", "eu-central-1b"]},
    "scipio:balancer": {"host": "erp.example.com"},
    "scipio:dns": {"zone": {"id": "Z0123456789ABCDEFGHIJ", "name": "example.com"}},
}


@pytest.fixture(scope="module")
def stack_schema() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema.stack_schema())
    return jsonschema.Draft202012Validator(schema.stack_schema())


def test_the_committed_schema_is_current() -> None:
    text = schema.FILE.read_text(encoding="utf-8")
    assert text == as_text(schema.stack_schema()), "run: python -m settings.schema --write"


def test_the_committed_reference_page_is_current() -> None:
    text = reference.FILE.read_text(encoding="utf-8")
    assert text == reference.reference_page(), "run: python -m settings.reference --write"


@pytest.mark.parametrize("stack", stack_names(STACKS))
def test_every_stack_file_keeps_the_schema(
    stack: str, stack_schema: jsonschema.Draft202012Validator
) -> None:
    content = yaml.safe_load(stack_path(stack, STACKS).read_text(encoding="utf-8"))
    assert [error.message for error in stack_schema.iter_errors(content)] == []


@pytest.mark.parametrize("stack", stack_names(STACKS))
def test_every_stack_file_points_editors_to_the_schema(stack: str) -> None:
    first = stack_path(stack, STACKS).read_text(encoding="utf-8").splitlines()[0]
    target = first.removeprefix("# yaml-language-server: $schema=")
    assert (STACKS / target).resolve() == schema.FILE.resolve()


@pytest.mark.parametrize("profile", profile_names())
def test_a_stack_that_says_every_key_keeps_the_schema(
    profile: ProfileName, stack_schema: jsonschema.Draft202012Validator
) -> None:
    whole = laid_over(defaults(profile), stand_ins(profile))
    table = {f"scipio:{key}": value for key, value in whole.items()}
    stack_schema.validate({"config": {"scipio:profile": profile, **table}})


@pytest.mark.parametrize(
    "config",
    [
        {"scipio:profile": "local", "scipio:network": {}},
        {"scipio:profile": "local", "scipio:balancer": {"tlsPolicy": "x"}},
        {"scipio:profile": "prod"},
        {"scipio:profile": "prod", **ON_AWS, "scipio:app": {}},
        {"scipio:profile": "prod", **ON_AWS, "scipio:nodes": {"count": 2}},
        {"scipio:profile": "dev", **ON_AWS, "scipio:network": {"zones": ["eu-central-1"]}},
        {"scipio:profile": "dev", **ON_AWS, "scipio:aws": {"region": "eu-central-1"}},
        {"scipio:profile": "dev", **ON_AWS, "scipio:dns": {"zone": {"id": "Z0123456789"}}},
    ],
    ids=str,
)
def test_the_schema_tells_the_platforms_apart_as_the_loader_does(
    config: dict[str, Any], stack_schema: jsonschema.Draft202012Validator
) -> None:
    assert not stack_schema.is_valid({"config": config})
    with pytest.raises(SettingsError):
        load(config, where="stack x")


def test_a_part_of_a_section_within_a_section_may_be_left_out(
    stack_schema: jsonschema.Draft202012Validator,
) -> None:
    window = {"maintenanceWindow": {"time": "05:00"}}
    config = {"scipio:profile": "dev", **ON_AWS, "scipio:messaging": window}
    stack_schema.validate({"config": config})
    stack = load(config, where="stack x")
    assert isinstance(stack, AwsSettings)
    wanted = BrokerWindow(day="SUNDAY", time="05:00", time_zone="UTC")
    assert stack.messaging.maintenance_window == wanted


FAULTY: list[dict[str, Any]] = [
    {"scipio:nodes": {"count": "3"}},
    {"scipio:nodes": {"count": 0}},
    {"scipio:nodes": {"cuont": 3}},
    {"scipio:nodes": {"heap_mib": 128}},
    {"scipio:nodes": {"memoryMib": None}},
    {"scipio:nodes": {"instanceIds": ["this-id-is-far-too-long"]}},
    {"scipio:node": {}},
    {"scipio:nodes": None},
    {"scipio:balancer": {"host": "a b"}},
    {"scipio:seed": {"readers": []}},
    {"scipio:platform": "aws!"},
    {"scipio:profile": "nobody"},
]


@pytest.mark.parametrize("config", FAULTY, ids=str)
def test_the_schema_and_the_loader_refuse_the_same(
    config: dict[str, Any], stack_schema: jsonschema.Draft202012Validator
) -> None:
    whole = {"scipio:profile": "local", **config}
    assert not stack_schema.is_valid({"config": whole})
    with pytest.raises(SettingsError):
        load(whole, where="stack local")


def test_the_schema_wants_a_profile(stack_schema: jsonschema.Draft202012Validator) -> None:
    assert not stack_schema.is_valid({"config": {}})
    assert not stack_schema.is_valid({})


def test_the_schema_knows_pulumis_own_keys() -> None:
    assert {*schema.PULUMI_KEYS, "config"} == set(PULUMI_KEYS)


def models() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from schema.stack_schema()["$defs"].items()


@pytest.mark.parametrize(("name", "model"), list(models()))
def test_every_key_says_what_it_means(name: str, model: dict[str, Any]) -> None:
    for key, node in model["properties"].items():
        assert len(node.get("description", "").partition(" Default: ")[0]) > 8, f"{name}: {key}"


@pytest.mark.parametrize("platform", MODELS)
def test_every_key_of_a_section_says_its_default_in_each_profile(platform: PlatformName) -> None:
    published = dict(models())
    (config,) = (
        branch["then"]
        for branch in schema.stack_schema()["properties"]["config"]["allOf"]
        if branch["if"]["properties"]["scipio:profile"]["enum"] == list(profiles_of(platform))
    )
    for section, link in config["properties"].items():
        if "$ref" not in link:
            continue
        model = published[link["$ref"].removeprefix("#/$defs/")]
        for key, node in model["properties"].items():
            _, _, default = node["description"].partition(" Default: ")
            for profile in profiles_of(platform):
                has_default = key in defaults(profile)[section.removeprefix("scipio:")]
                assert (f"({profile})" in default) == has_default, f"{section}.{key}"


@pytest.mark.parametrize("profile", profile_names())
def test_every_profile_and_the_person_fill_every_key_and_no_other(profile: ProfileName) -> None:
    platform = platform_of(profile)
    names = [str(info.alias) for info in MODELS[platform].model_fields.values()]
    wanted = {name: set(section_keys(platform, name)) for name in names if name != "profile"}
    table = laid_over(defaults(profile), stand_ins(profile))
    assert {
        key: set(value) if isinstance(value, dict) else set() for key, value in table.items()
    } == wanted


@pytest.mark.parametrize("profile", profile_names())
def test_no_profile_has_a_default_for_what_only_the_person_knows(profile: ProfileName) -> None:
    table = defaults(profile)
    for section, values in stand_ins(profile).items():
        assert not set(values) & set(table[section])


def test_a_profiles_table_is_a_fresh_copy() -> None:
    defaults("local")["nodes"]["count"] = 19
    assert defaults("local")["nodes"]["count"] == 2


@pytest.mark.filterwarnings("ignore:.*in sys.modules.*:RuntimeWarning")
@pytest.mark.parametrize("module", ["settings.schema", "settings.reference", "contract.schema"])
def test_the_generating_commands_find_nothing_stale(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [module])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(module, run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == ""


def test_the_schema_is_json_with_text_as_people_read_it() -> None:
    text = schema.FILE.read_text(encoding="utf-8")
    assert json.loads(text)["title"] == "A stack of a Scipio cluster"
    assert "\\u" not in text
