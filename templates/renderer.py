"""The one renderer: strict names, escaping by output kind, and every output read back."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

import jinja2

from templates.context import Context
from templates.errors import (
    NotParsable,
    NotPrintable,
    TemplateSyntaxError,
    UndefinedValueError,
    UnparsableOutputError,
    UnprintableValueError,
)
from templates.output_kind import OutputKind, Value
from templates.properties import escape_key

TEMPLATES = Path(__file__).parent
_LOADER = jinja2.FileSystemLoader(TEMPLATES)


def render(context: Context, loader: jinja2.BaseLoader = _LOADER) -> str:
    """The finished text of `context.template`, accepted by the reader of its kind.

    Raises a RenderError that names the template, the line and what is wrong, never a value.
    `loader` finds the template; tests hand in templates of their own.
    """
    text = _filled(context, loader)
    try:
        context.kind.parse(text)
    except NotParsable as fault:
        raise UnparsableOutputError(context.template, fault.line, fault.problem) from fault
    return text


def _filled(context: Context, loader: jinja2.BaseLoader) -> str:
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    try:
        return _environment(context.kind, loader).get_template(context.template).render(values)
    except jinja2.TemplateSyntaxError as error:
        problem = error.message or "not Jinja2"
        raise TemplateSyntaxError(context.template, error.lineno, problem) from error
    except jinja2.UndefinedError as error:
        line = _line(error.__traceback__, context.template)
        problem = f"{error.message}; {type(context).__name__} must have it"
        raise UndefinedValueError(context.template, line, problem) from error
    except NotPrintable as fault:
        line = _line(fault.__traceback__, context.template)
        raise UnprintableValueError(context.template, line, str(fault)) from fault


@cache
def _environment(kind: OutputKind, loader: jinja2.BaseLoader) -> jinja2.Environment:
    """Jinja2 for one kind of output: unknown names are errors, every expression is escaped."""
    made = jinja2.Environment(  # noqa: S701 - `finalize` escapes, for six kinds and not only HTML
        loader=loader,
        undefined=jinja2.StrictUndefined,
        finalize=_escaper(kind),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["key"] = lambda value: _Written(escape_key(str(value)))
    # A comment ends with its line, so text from elsewhere must stay on one.
    made.filters["comment"] = lambda value: _Written(" ".join(str(value).split()))
    return made


class _Written(str):
    """Already as it must be written."""


def _escaper(kind: OutputKind) -> Callable[[object], str]:
    def escape(value: object) -> str:
        if isinstance(value, _Written):
            return value
        if isinstance(value, jinja2.Undefined):
            return str(value)  # raises, with the name in its sentence
        if not isinstance(value, Value):
            raise NotPrintable(f"a {type(value).__name__} has no form in {kind.name}")
        return kind.escape(value)

    return escape


def _line(traceback: TracebackType | None, template: str) -> int:
    """The template's line at which an error left it; Jinja2 puts its own frames there."""
    lines = [
        frame.lineno or 0 for frame in extract_tb(traceback) if frame.filename.endswith(template)
    ]
    return lines[-1] if lines else 0
