"""What the renderer refuses, and how it says so."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import jinja2
import pytest

from templates.context import Context
from templates.errors import (
    TemplateSyntaxError,
    UndefinedValueError,
    UnparsableOutputError,
    UnprintableValueError,
)
from templates.output_kind import (
    HAPROXY,
    JSON,
    PG_HBA,
    POSTGRESQL_CONF,
    PROPERTIES,
    XML,
    OutputKind,
)
from templates.renderer import render


def rendered(kind: OutputKind, text: str, value: Any = "v") -> str:
    """`text` as a template of this kind, with one value named `value`."""
    output_kind = kind

    @dataclass(frozen=True, kw_only=True)
    class Sample(Context):
        template: ClassVar[str] = "sample.j2"
        kind: ClassVar[OutputKind] = output_kind
        value: Any = field(repr=False)

    with TemporaryDirectory() as folder:
        (Path(folder) / "sample.j2").write_text(text)
        return render(Sample(value=value), jinja2.FileSystemLoader(folder))


def test_an_unknown_name_is_an_error_with_template_line_and_name() -> None:
    with pytest.raises(
        UndefinedValueError,
        match=r"templates/sample\.j2:2: 'nowhere' is undefined; Sample must have it",
    ) as caught:
        rendered(XML, "<a>\n{{ nowhere }}</a>")
    assert (caught.value.template, caught.value.line) == ("sample.j2", 2)


@pytest.mark.parametrize("text", ["{{ value.nowhere }}", "{% if nowhere %}x{% endif %}"])
def test_an_unknown_attribute_or_condition_is_an_error_too(text: str) -> None:
    with pytest.raises(UndefinedValueError, match="nowhere"):
        rendered(PROPERTIES, f"a={text}\n")


def test_none_is_never_written() -> None:
    with pytest.raises(UnprintableValueError, match=r"sample\.j2:1: a NoneType has no form in XML"):
        rendered(XML, "<a>{{ value }}</a>", None)


@pytest.mark.parametrize("value", [["a"], {"a": 1}, b"a"])
def test_only_plain_values_are_written(value: object) -> None:
    with pytest.raises(UnprintableValueError, match=f"a {type(value).__name__} has no form"):
        rendered(PROPERTIES, "a={{ value }}", value)


def test_truth_is_written_as_java_reads_it() -> None:
    assert rendered(PROPERTIES, "a={{ value }}", True) == "a=true"


def test_a_template_that_is_not_jinja_is_named_with_its_line() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"sample\.j2:2: "):
        rendered(XML, "<a>\n{% if %}</a>")


@pytest.mark.parametrize(
    ("kind", "text", "line"),
    [
        (XML, "<a>\n<b></a>", 2),
        (XML, "<a x='&nothing;'/>", 1),
        (PROPERTIES, "a=1\nb=\\u12\n", 2),
        (JSON, '{\n"a": }', 2),
        (HAPROXY, "global\n    log 'stdout\n", 2),
        (HAPROXY, "  orphan word\n", 1),
        (HAPROXY, "frontend\n", 1),
        (HAPROXY, "nonsense x\n", 1),
        (HAPROXY, "frontend a\n    default_backend b\n", 2),
        (HAPROXY, "backend b\n    server s 1.1.1.1:1 resolvers r\n", 2),
        (HAPROXY, "backend b\n    http-request deny if\n", 2),
        (POSTGRESQL_CONF, "port = 1\nport 'x\n", 2),
        (PG_HBA, "host all all\n", 1),
        (PG_HBA, "host all all all magic\n", 1),
        (PG_HBA, 'host all ""all all md5\n', 1),
    ],
)
def test_output_that_its_own_reader_refuses_never_leaves(
    kind: OutputKind, text: str, line: int
) -> None:
    with pytest.raises(UnparsableOutputError) as caught:
        rendered(kind, text)
    assert caught.value.line == line


def test_json_values_are_written_as_json() -> None:
    assert rendered(JSON, '{"a": {{ value }}}', 'b"\n{{ x }}') == '{"a": "b\\"\\n{{ x }}"}'


def test_a_value_is_never_a_template() -> None:
    assert rendered(PROPERTIES, "a={{ value }}", "{{ 7 * 7 }}") == "a={{ 7 * 7 }}"
