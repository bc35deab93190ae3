"""What is wrong with a text that a person wrote, or another program: one `Fault` a place.

Turns pydantic's findings into sentences of our own. Shared by stack settings and by documents, so
that both speak alike. A value that could be a secret is never repeated.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from contract.allowed import Schema, child, in_words, of_key, schema_of, variant, without_null

_LONGEST_QUOTE = 60
_KEY_ITSELF = "[key]"
"""Where pydantic sees a fault in a key and not in its value."""
_MAY_BE_SECRET = re.compile(r"password|secret|token|credential", re.IGNORECASE)

Location = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong.

    `place` is where, part by part; `problem` completes "<path>: …"; `allowed` completes "must
    be …"; `hint` is a sentence of its own. `others` are further places that the fault casts doubt
    on: keys that a rule compares, or the key that a misspelt one stands for.
    """

    place: Location
    problem: str
    allowed: str | None = None
    hint: str | None = None
    others: tuple[Location, ...] = ()

    @property
    def path(self) -> str:
        """The place as people write it: `nodes.instanceIds[0]`."""
        return dotted(self.place)

    def __str__(self) -> str:
        allowed = f"; must be {self.allowed}" if self.allowed else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.path}: {self.problem}{allowed}.{hint}"


def dotted(place: Location) -> str:
    """`("nodes", "instanceIds", 0)` → `nodes.instanceIds[0]`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def as_list(faults: Iterable[Fault]) -> str:
    """The faults one a line, indented, for the body of an error message."""
    return "\n".join(f"  - {fault}" for fault in faults)


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Every finding of `error`, which came from validating `model`, in the model's order."""
    schema = schema_of(model)
    found = error.errors(include_url=False)
    return [_fault(details, schema) for details in found if not _is_echo(details, found)]


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` most likely means; case, hyphens and underscores do not count."""
    by_form = {_form(choice): choice for choice in choices}
    close = get_close_matches(_form(word), list(by_form), n=1, cutoff=0.6)
    return by_form[close[0]] if close else None


def in_quotes(value: object) -> str:
    """What was given, for a message: text in quotes and shortened, a collection by its kind."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if not isinstance(value, str):
        return str(value)
    line = value.replace("\n", "⏎")
    return f'"{line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"}"'


def _is_echo(details: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """A list counts as too short when its elements are faulty: their own faults say enough."""
    loc = details["loc"]
    return details["type"] == "too_short" and any(
        len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in found
    )


def _form(word: str) -> str:
    return re.sub(r"[-_ ]", "", word).casefold()


def _fault(details: ErrorDetails, schema: Schema) -> Fault:
    if details["loc"][-1:] == (_KEY_ITSELF,):
        return _unfit_key(details["loc"][:-1], schema)
    walked = list(_walk(details["loc"], schema))
    place = tuple(part for part, _ in walked)
    node = walked[-1][1] if walked else schema
    key = str(details["loc"][-1]) if details["loc"] else ""
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(place, _node_at(details["loc"][:-1], schema), schema)
        case "missing":
            return Fault(place=place, problem="missing", allowed=_allowed(node, schema, key))
        case "union_tag_not_found" | "union_tag_invalid":
            return Fault(
                place=place,
                problem="does not say which kind it is",
                allowed=_allowed(node, schema, key),
            )
    return Fault(
        place=place,
        problem=f"got {_given(place, details['input'])}",
        allowed=_allowed(node, schema, key),
        hint=_hint(details, node),
    )


def _unfit_key(loc: Location, schema: Schema) -> Fault:
    """A key that a person chose, and that is not what such keys may be."""
    place = tuple(part for part, _ in _walk(loc, schema))
    node = of_key(_node_at(loc[:-1], schema), schema)
    return Fault(place=place, problem="unfit key", allowed=_allowed(node, schema, ""))


def _walk(loc: Location, schema: Schema) -> Iterator[tuple[str | int, Schema | None]]:
    """Each part of `loc` that a person would write, with what the model says of it."""
    node: Schema | None = schema
    for part in loc:
        chosen = None if node is None else variant(node, part, schema)
        if chosen is not None:
            node = chosen
            continue
        node = None if node is None else child(node, part, schema)
        yield part, node


def _node_at(loc: Location, schema: Schema) -> Schema:
    node: Schema | None = schema
    for part in loc:
        if node is None:
            break
        node = variant(node, part, schema) or child(node, part, schema)
    return {} if node is None else without_null(node, schema)


def _unknown_key(place: Location, parent: Schema, schema: Schema) -> Fault:
    key, keys = str(place[-1]), list(parent.get("properties", {}))
    near = nearest(key, keys)
    if near is not None:
        meant = (*place[:-1], near)
        hint = f"Did you mean {near}?"
        return Fault(place=place, problem="unknown key", hint=hint, others=(meant,))
    homes = [
        section
        for section in schema.get("properties", {})
        if key in _node_at((section,), schema).get("properties", {})
    ]
    known = f"Known are: {', '.join(keys)}."
    hint = f"{key} is a key of {' and of '.join(homes)}." if homes else known
    return Fault(place=place, problem="unknown key", hint=hint)


def _allowed(node: Schema | None, schema: Schema, key: str) -> str | None:
    return None if node is None else in_words(node, schema, key)


def _given(place: Location, value: object) -> str:
    if isinstance(value, str) and any(_MAY_BE_SECRET.search(str(part)) for part in place):
        return "a text that is not shown, as it may be a secret"
    return in_quotes(value)


def _hint(details: ErrorDetails, node: Schema | None) -> str | None:
    value, kind = details["input"], details["type"]
    if kind in ("int_type", "float_type", "bool_type") and isinstance(value, str):
        plain = value.strip()
        is_meant = plain in ("true", "false") if kind == "bool_type" else _is_number(plain)
        return f"Write it without quotes: {plain}." if is_meant else None
    if kind == "string_type" and isinstance(value, bool | int | float):
        return f'Write it in quotes: "{in_quotes(value)}".'
    if kind == "string_too_long" and isinstance(value, str):
        return f"It has {len(value)}."
    if kind == "literal_error" and isinstance(value, str) and node is not None:
        near = nearest(value, map(str, node.get("enum", ())))
        return f'Did you mean "{near}"?' if near else None
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None
