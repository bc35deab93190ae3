"""A stack's configuration becomes settings, or one error that names every fault in it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from settings.errors import SettingsError
from settings.load import load
from settings.models import (
    App,
    Balancer,
    CacheClear,
    Database,
    Messaging,
    Nodes,
    Seed,
    Settings,
)
from settings.platforms import AnySettings, section_names
from tests.support.docker_settings import docker_settings, on_docker


def faults(config: dict[str, Any]) -> list[str]:
    """The lines of the error that `config` causes, without their indent."""
    with pytest.raises(SettingsError) as caught:
        load(config, where="stack local")
    head, *lines = str(caught.value).splitlines()
    assert head.startswith("stack local has ")
    assert len(lines) == len(caught.value.faults)
    return [line.removeprefix("  - ") for line in lines]


def local(**sections: Any) -> dict[str, Any]:
    return {
        "scipio:profile": "local",
        **{f"scipio:{key}": value for key, value in sections.items()},
    }


def loaded(**sections: Any) -> Settings:
    return docker_settings(local(**sections))


def test_a_profile_alone_is_a_whole_stack() -> None:
    stack = loaded()
    assert (stack.platform, stack.nodes.count, stack.balancer.https_port) == ("docker", 2, 8443)


def test_a_stack_changes_single_keys_and_keeps_the_others_of_the_section() -> None:
    stack = loaded(nodes={"count": 3})
    assert (stack.nodes.count, stack.nodes.heap_mib) == (3, 128)


def test_a_list_replaces_the_profiles_list() -> None:
    assert loaded(seed={"readers": ["seed"]}).seed.readers == ("seed",)


def test_null_is_a_value_where_the_key_allows_it() -> None:
    assert loaded(cacheClear={"entityExpireS": None}).cache_clear.entity_expire_s is None


def test_keys_without_the_prefix_are_read_too() -> None:
    stack = docker_settings({"profile": "local", "nodes": {"count": 1}})
    assert stack.nodes.count == 1


def test_sections_are_read_from_the_json_text_that_pulumi_delivers() -> None:
    assert loaded(nodes=json.dumps({"count": 4})).nodes.count == 4


def test_an_empty_section_changes_nothing() -> None:
    assert loaded(nodes={}) == loaded()


def test_configuration_of_other_packages_is_left_alone() -> None:
    config = local() | {
        "docker:host": "unix:///run/docker.sock",
        "pulumi:tags": {},
        "aws:profile": "x",
    }
    assert load(config, where="stack local") == loaded()


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded().nodes.count = 5  # type: ignore[misc]  # the point of the test


def test_one_stacks_settings_do_not_leak_into_the_next() -> None:
    loaded(nodes={"count": 4}, seed={"readers": ["x"]})
    assert loaded().nodes.count == 2
    assert loaded().seed.readers == ("seed", "seed-initial", "ext")


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            {"nodes": {"heapMib": 10}},
            "scipio:nodes.heapMib: got 10; must be a whole number from 64 to 65536.",
            id="out of range",
        ),
        pytest.param(
            {"nodes": {"count": "3"}},
            'scipio:nodes.count: got "3"; must be a whole number from 1 to 20. '
            "Write it without quotes: 3.",
            id="number as text",
        ),
        pytest.param(
            {"nodes": {"count": "true"}},
            'scipio:nodes.count: got "true"; must be a whole number from 1 to 20.',
            id="boolean as text",
        ),
        pytest.param(
            {"nodes": {"count": True}},
            "scipio:nodes.count: got true; must be a whole number from 1 to 20.",
            id="boolean for a number",
        ),
        pytest.param(
            {"nodes": {"count": 2.5}},
            "scipio:nodes.count: got 2.5; must be a whole number from 1 to 20.",
            id="half a node",
        ),
        pytest.param(
            {"nodes": {"count": [2]}},
            "scipio:nodes.count: got a list; must be a whole number from 1 to 20.",
            id="list for a number",
        ),
        pytest.param(
            {"nodes": {"locale": 5}},
            "scipio:nodes.locale: got 5; must be a language, or a language and a country, "
            'for example "en_US". Write it in quotes: "5".',
            id="number for a text",
        ),
        pytest.param(
            {"nodes": {"memoryMib": None}},
            "scipio:nodes.memoryMib: got null; must be a whole number from 256 to 131072. "
            "Leave the key out to keep the profile's value.",
            id="null where none may be",
        ),
        pytest.param(
            {"nodes": {"cuont": 3}},
            "scipio:nodes.cuont: unknown key. Did you mean count?",
            id="misspelt key",
        ),
        pytest.param(
            {"nodes": {"heap_mib": 128}},
            "scipio:nodes.heap_mib: unknown key. Did you mean heapMib?",
            id="Python's spelling of a key",
        ),
        pytest.param(
            {"nodes": {"poolMax": 5}},
            "scipio:nodes.poolMax: unknown key. poolMax is a key of database.",
            id="key of another section",
        ),
        pytest.param(
            {"app": {"xyzzy": 1}},
            "scipio:app.xyzzy: unknown key. Known are: image, home.",
            id="key like no other",
        ),
        pytest.param(
            {"balancer": {"host": "https://erp.example.com/"}},
            'scipio:balancer.host: got "https://erp.example.com/"; must be a host name or IPv4 '
            'address without scheme, port or path, for example "erp.example.com".',
            id="pattern in words",
        ),
        pytest.param(
            {"nodes": {"instanceIds": ["a", "this-id-is-far-too-long"]}},
            'scipio:nodes.instanceIds[1]: got "this-id-is-far-too-long"; must be letters, digits, '
            "hyphens and underscores, the first a letter or digit, at most 20 characters, "
            'for example "scipio-1". It has 23.',
            id="instance id too long",
        ),
        pytest.param(
            {"seed": {"readers": []}},
            "scipio:seed.readers: got an empty list; must be a list with at least 1 element, each "
            "letters, digits, hyphens and underscores, the first a letter or digit, "
            'for example "seed-initial".',
            id="empty list",
        ),
        pytest.param(
            {"seed": {"readers": "seed,ext"}},
            'scipio:seed.readers: got "seed,ext"; must be a list with at least 1 element, each '
            "letters, digits, hyphens and underscores, the first a letter or digit, "
            'for example "seed-initial".',
            id="text for a list",
        ),
        pytest.param(
            {"balancer": {"stickinessS": 604801}},
            "scipio:balancer.stickinessS: got 604801; must be a whole number from 1 to "
            "604800 (7 days).",
            id="stickiness beyond 7 days",
        ),
        pytest.param(
            {"balancer": {"stickinessS": 0}},
            "scipio:balancer.stickinessS: got 0; must be a whole number from 1 to 604800 (7 days).",
            id="no stickiness",
        ),
        pytest.param(
            {"platform": "dokcer"},
            'scipio:platform: got "dokcer"; must be "docker".',
            id="unknown platform",
        ),
        pytest.param(
            {"node": {"count": 3}},
            "scipio:node: unknown section. Did you mean scipio:nodes?",
            id="misspelt section",
        ),
        pytest.param(
            {"poolMax": 5},
            "scipio:poolMax: unknown section. poolMax is a key of scipio:database.",
            id="key in place of a section",
        ),
        pytest.param(
            {"nodes.count": "3"},
            "scipio:nodes.count: a key with a dot is not read. Write count below scipio:nodes, or "
            "use `pulumi config set --path nodes.count …`.",
            id="config set without --path",
        ),
        pytest.param(
            {"app": ""},
            "scipio:app: got null; must be a section with keys of its own (image, home). "
            "Leave the key out to keep the profile's values.",
            id="section without content",
        ),
        pytest.param(
            {"app": [1]},
            "scipio:app: got a list; must be a section with keys of its own (image, home).",
            id="list for a section",
        ),
        pytest.param(
            {"app": "{broken"},
            "scipio:app: not JSON at line 1, column 2 "
            "(Expecting property name enclosed in double quotes).",
            id="broken JSON",
        ),
        pytest.param(
            {"app": {"image": {"secure": "v1:abc"}}},
            "scipio:app.image: is encrypted, and settings hold no secrets. "
            "Write it in plain text; passwords are made by the program itself.",
            id="encrypted value",
        ),
    ],
)
def test_one_fault_is_one_line_that_says_what_to_write(sections: dict[str, Any], line: str) -> None:
    assert faults(local(**sections)) == [line]


def test_overrides_win_over_single_keys_of_the_stack() -> None:
    over = {"nodes": {"count": 3}, "database": {"poolMax": 25}}
    config = local(nodes={"count": 1, "surge": 0})
    stack = on_docker(load(config, where="stack local", overrides=over))
    assert (stack.nodes.count, stack.nodes.surge, stack.database.pool_max) == (3, 0, 25)


def test_overrides_are_checked_as_the_stack_is() -> None:
    over = {"nodes": {"count": 0}, "node": {"count": 3}}
    with pytest.raises(SettingsError) as caught:
        load(local(nodes='{"count": 1}'), where="stack local", overrides=over)
    assert str(caught.value).splitlines()[1:] == [
        "  - scipio:node: unknown section. Did you mean scipio:nodes?",
        "  - scipio:nodes.count: got 0; must be a whole number from 1 to 20.",
    ]


def test_an_override_below_a_single_value_is_not_swallowed() -> None:
    with pytest.raises(SettingsError, match='scipio:platform: got a section; must be "docker"'):
        load(local(platform="docker"), where="stack local", overrides={"platform": {"x": 1}})


def test_an_override_does_not_hide_that_its_section_is_no_section() -> None:
    with pytest.raises(SettingsError, match="scipio:nodes: got a text; must be a section"):
        load(local(nodes="two"), where="stack local", overrides={"nodes": {"count": 2}})


def test_a_misspelt_prefix_is_found() -> None:
    assert faults(local() | {"scipo:nodes": {"count": 3}}) == [
        'scipo:nodes: unknown prefix "scipo"; must be "scipio". Did you mean scipio:nodes?'
    ]


def test_a_section_said_with_and_without_prefix_is_ambiguous() -> None:
    assert faults(local(nodes={"count": 3}) | {"nodes": {"count": 4}}) == [
        "nodes: said twice, also as scipio:nodes."
    ]


def test_paths_are_as_the_person_wrote_them() -> None:
    config = {"profile": "local", "nodes": {"count": 0}}
    assert faults(config) == ["nodes.count: got 0; must be a whole number from 1 to 20."]


def test_a_stack_without_a_profile_is_told_the_choices() -> None:
    assert faults({}) == ["scipio:profile: missing; must be one of local, dev, staging, prod."]


def test_an_unknown_profile_is_told_the_nearest_and_the_rest_is_still_checked() -> None:
    assert faults({"scipio:profile": "locl", "scipio:nodes": {"count": 0}}) == [
        'scipio:profile: got "locl"; must be one of local, dev, staging, prod. Did you mean local?',
        "scipio:nodes.count: got 0; must be a whole number from 1 to 20.",
    ]


def test_an_unknown_profile_is_not_blamed_for_its_stand_ins_values() -> None:
    """Twenty nodes are too many for the stand-in's database, but nobody asked for that database."""
    assert len(faults({"scipio:profile": "nobody", "scipio:nodes": {"count": 20}})) == 1


def test_all_faults_come_at_once_single_keys_and_rules_alike() -> None:
    config = local(
        nodes={"heapMib": 10, "cuont": 1},
        database={"poolMin": 40},
        balancer={"httpPort": 8443},
        sede={},
    )
    assert [line.split(":")[1].split(" ")[0] for line in faults(config)] == [
        "sede",
        "nodes.heapMib",
        "nodes.cuont",
        "database.poolMin",
        "balancer.httpPort",
    ]


def test_a_rule_is_not_judged_on_a_value_that_is_wrong_itself() -> None:
    assert faults(local(database={"poolMax": "many", "poolMin": 500})) == [
        'scipio:database.poolMax: got "many"; must be a whole number from 2 to 1000.'
    ]


def test_a_rule_is_not_judged_without_the_key_that_was_misspelt() -> None:
    config = local(nodes={"cuont": 3, "instanceIds": ["a", "b", "c"]})
    assert faults(config) == ["scipio:nodes.cuont: unknown key. Did you mean count?"]


def test_a_rule_names_the_key_that_the_person_wrote() -> None:
    (line,) = faults(local(nodes={"count": 20}))
    assert line.startswith("scipio:nodes.count: too few database connections: 21 nodes")
    (line,) = faults(local(database={"maxConnections": 20}))
    assert line.startswith("scipio:database.maxConnections: too few database connections: 3 nodes")


@pytest.mark.parametrize("key", ["password", "adminPassword", "token"])
def test_the_value_of_an_unknown_key_is_never_repeated(key: str) -> None:
    config = local(database={key: "hunter2"}, brokerPassword="hunter2", nodes="hunter2")
    assert "hunter2" not in "\n".join(faults(config))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = [
    str(field.alias)
    for section in (App, Nodes, Balancer, Database, Messaging, CacheClear, Seed)
    for field in section.model_fields.values()
]


def outcome(config: dict[str, Any]) -> AnySettings | SettingsError:
    try:
        return load({"scipio:profile": "local", **config}, where="stack local")
    except SettingsError as error:
        return error


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from([*section_names(), "sceipo:nodes", "nodse", "x.y", ":", ""])
        | st.sampled_from([f"scipio:{name}" for name in section_names()]),
        PLAIN | st.dictionaries(st.sampled_from(KEYS), PLAIN, max_size=4),
        max_size=5,
    )
)
def test_whatever_is_written_the_answer_is_settings_or_a_settings_error(
    config: dict[str, Any],
) -> None:
    result = outcome(config)
    if isinstance(result, SettingsError):
        assert result.faults
        assert "Input should" not in str(result)
        assert "validation error" not in str(result)
