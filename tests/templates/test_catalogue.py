"""Every template, its context and its reader, held to each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import jinja2
import pytest
from jinja2 import meta, nodes
from lxml import etree

from templates import properties
from templates.broker.context import BrokerCredentials
from templates.catalogue import TEMPLATES
from templates.context import Context
from templates.database.context import PgHba
from templates.errors import RenderError, UnprintableValueError
from templates.haproxy.context import Listeners
from templates.output_kind import (
    CLOUD_CONFIG,
    ENVIRONMENT_FILE,
    HAPROXY,
    PG_HBA,
    POSTGRESQL_CONF,
    PROPERTIES,
    SPRING_PROPERTIES,
    XML,
)
from templates.overlay.contexts import JmsService
from templates.renderer import TEMPLATES as FOLDER
from templates.renderer import render
from templates.syntax import cloud_config, haproxy, postgresql, systemd, xml
from tests.templates.samples import BALANCER, SAMPLES

HOSTILE = "a&b\"c'd<e>f$g{{h}}{% i %}${j}\\k#l=m:n é€𝄞 ]]>--"
LINE_ENDS = "one\ntwo\rthree\tfour"

FREE_TEXT_IS_NOT_A_VALUE = {
    ("Attribute", "name"),  # comes out of a parsed file, as an XML name
    ("BlockedPattern", "reason"),  # printed in a comment alone, see its own test
}


def attribute_values(text: str) -> list[str]:
    """Of every element."""
    elements = xml.parse(text.encode()).iter(etree.Element)
    return [str(value) for element in elements for value in element.attrib.values()]


VALUES: Mapping[str, Callable[[str], list[str]]] = {
    XML.name: attribute_values,
    PROPERTIES.name: lambda text: [part for pair in properties.load(text).items() for part in pair],
    SPRING_PROPERTIES.name: lambda text: list(properties.load(text).values()),
    HAPROXY.name: lambda text: [word for line in haproxy.parse(text) for word in line.words],
    POSTGRESQL_CONF.name: lambda text: list(postgresql.parse_settings(text).values()),
    PG_HBA.name: lambda text: [word for record in postgresql.parse_hba(text) for word in record],
    CLOUD_CONFIG.name: lambda text: [
        file["content"] for file in cloud_config.parse(text)["write_files"]
    ],
    ENVIRONMENT_FILE.name: lambda text: list(systemd.parse_environment(text).values()),
}
"""By kind of output: all the values that its own reader finds in a text."""


def parsed_values(context: Context) -> list[str]:
    """All that the output's own reader finds in it."""
    return VALUES[context.kind.name](render(context))


def with_text(value: Any, text: str) -> Iterator[tuple[str, Any]]:
    """The value with one of its texts replaced, once for each text in it, however deep."""
    if isinstance(value, str):
        yield "", text
    elif is_dataclass(value):
        for field in fields(value):
            if (type(value).__name__, field.name) in FREE_TEXT_IS_NOT_A_VALUE:
                continue
            for path, changed in with_text(getattr(value, field.name), text):
                yield f"{field.name}.{path}".rstrip("."), replace(value, **{field.name: changed})  # type: ignore[type-var] # an instance
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            for path, changed in with_text(item, text):
                yield f"{at}.{path}".rstrip("."), (*value[:at], changed, *value[at + 1 :])


def hostile_text(context: Context) -> str:
    """What a kind cannot hold is left out; that it is refused is a test of its own."""
    left_out = {PG_HBA: '"', SPRING_PROPERTIES: "${"}.get(context.kind, "\n")
    return HOSTILE.replace(left_out, "")


HOSTILE_CASES = [
    pytest.param(changed, id=f"{type(sample).__name__}:{path}")
    for sample in SAMPLES
    for path, changed in with_text(sample, hostile_text(sample))
]


def named_fields(value: Any) -> set[str]:
    """The fields of a dataclass and of those inside it."""
    if isinstance(value, tuple):
        return set().union(*map(named_fields, value))
    if not is_dataclass(value):
        return set()
    return {field.name for field in fields(value)}.union(
        *(named_fields(getattr(value, field.name)) for field in fields(value))
    )


def test_every_template_file_is_in_the_table_and_nothing_else() -> None:
    files = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.j2")}
    assert files == set(TEMPLATES)


def test_every_template_of_the_table_has_a_sample() -> None:
    assert {type(sample) for sample in SAMPLES} == set(TEMPLATES.values())


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_uses_every_field_of_its_context_and_no_other(template: str) -> None:
    environment = jinja2.Environment()  # noqa: S701 - to read the template, not to fill it
    environment.filters.update(key=str, comment=str)
    tree = environment.parse((FOLDER / template).read_text())
    used = meta.find_undeclared_variables(tree)
    attributes = {node.attr for node in tree.find_all(nodes.Getattr)}
    context = TEMPLATES[template]
    assert used == {field.name for field in fields(context)}
    known = set().union(*(named_fields(sample) for sample in SAMPLES if type(sample) is context))
    assert known - used <= attributes
    assert attributes - known <= {"by_name"}  # the nodes' own flag, a constant of its class


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_sample_renders_to_what_its_reader_accepts(sample: Context) -> None:
    assert render(sample).endswith("\n")


@pytest.mark.parametrize("context", HOSTILE_CASES)
def test_a_hostile_value_reads_back_equal(context: Context) -> None:
    assert any(hostile_text(context) in value for value in parsed_values(context))


@pytest.mark.parametrize("kind", [XML, PROPERTIES, SPRING_PROPERTIES], ids=lambda kind: kind.name)
def test_line_ends_and_tabs_read_back_equal_where_the_format_has_them(kind: object) -> None:
    cases = [
        changed
        for sample in SAMPLES
        if sample.kind is kind
        for _, changed in with_text(sample, LINE_ENDS)
    ]
    assert cases
    for context in cases:
        assert any(LINE_ENDS in value for value in parsed_values(context))


@pytest.mark.parametrize("text", [LINE_ENDS, "a\0b"])
def test_a_line_end_is_refused_where_a_value_is_one_line(text: str) -> None:
    for sample in SAMPLES:
        if sample.kind not in (HAPROXY, PG_HBA, POSTGRESQL_CONF, ENVIRONMENT_FILE):
            continue
        for _, changed in with_text(sample, text):
            with pytest.raises(UnprintableValueError, match="one line") as caught:
                render(changed)
            assert caught.value.line > 0


def test_a_role_with_a_quote_is_refused_and_a_keyword_stays_a_role() -> None:
    sample = PgHba(database="scipio", app_user="app", admin_user="postgres")
    with pytest.raises(UnprintableValueError, match=r"pg_hba\.conf\.j2:\d+: .*cannot hold"):
        render(replace(sample, app_user='a"b'))
    assert 'host scipio "all" all' in render(replace(sample, app_user="all"))


@pytest.mark.parametrize("password", ["a${b}", "#{T(java.lang.Runtime)}", "${"])
def test_a_secret_that_spring_would_evaluate_is_refused_unseen(password: str) -> None:
    sample = BrokerCredentials(key_store_password="k", app_password=password, operator_password="o")
    with pytest.raises(UnprintableValueError, match=r"j2:3: Spring evaluates") as caught:
        render(sample)
    assert password not in str(caught.value).replace("${ and #{", "")


def test_a_reason_stays_in_its_comment() -> None:
    [blocked] = BALANCER.blocked
    hostile = replace(blocked, reason="x\nglobal\n  stats socket /tmp/s\r\n# 'open")
    usual = haproxy.parse(render(BALANCER))
    assert haproxy.parse(render(replace(BALANCER, blocked=(hostile,)))) == usual


def test_no_secret_is_in_the_repr_of_a_context() -> None:
    assert "secret" not in "".join(map(repr, SAMPLES))


def test_control_characters_are_refused_in_xml_without_showing_the_value() -> None:
    with pytest.raises(RenderError, match=r"jms_service\.xml\.j2:\d+: .*U\+0001") as caught:
        render(JmsService(topic="t", user="u", password="topsecret\x01"))
    assert "topsecret" not in str(caught.value)


def test_listeners_are_above_the_privileged_ports() -> None:
    """The balancer runs without privileges."""
    listen = Listeners()
    assert min(listen.http_port, listen.https_port, listen.statistics_port) > 1024
