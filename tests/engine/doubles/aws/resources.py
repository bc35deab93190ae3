"""Check, create, read, update and delete, without the protocol around them."""

from collections.abc import Mapping
from typing import Any

from tests.engine.doubles.aws import arguments, computed, leftovers, names, refusals
from tests.engine.doubles.aws.account import Thing, locked, seen
from tests.engine.doubles.aws.codec import UNKNOWN, Properties, Unknown, opened
from tests.engine.doubles.aws.computed.new import New
from tests.engine.doubles.aws.differences import differences
from tests.engine.doubles.aws.errors import AwsRefusalError
from tests.engine.doubles.aws.surroundings import Surroundings

AUTOMATIC = "__defaults"
"""Where the released provider, too, notes among the inputs what it chose itself."""


def checked(
    urn: str, given: Properties, olds: Properties, seed: bytes, where: Surroundings
) -> tuple[Properties, list[str]]:
    """The inputs with name and default tags, and what is wrong with them."""
    type_ = type_of(urn)
    known = arguments.resource(type_)["inputs"]
    inputs = {key: value for key, value in given.items() if value is not None}
    found = arguments.faults(type_, inputs)
    if known.get("tags") == {"map": "text"} and where.tags:
        inputs["tags"] = {**where.tags, **(opened(inputs.get("tags")) or {})}
    argument = names.name_argument(type_, known)
    prefix = opened(inputs.get(names.prefix_argument(type_)))
    if argument and argument not in inputs and prefix is None:
        kept = olds.get(argument) if _named_automatically(argument, olds) else None
        inputs[argument] = kept or names.automatic(urn, seed)
        inputs[AUTOMATIC] = [argument]
    found += _name_faults(type_, opened(inputs.get(argument or "")), prefix)
    return inputs, found


def planned(urn: str, inputs: Properties) -> Properties:
    """What a preview knows of a new resource: its inputs, and that the rest is to come."""
    outputs = arguments.resource(type_of(urn))["outputs"]
    return {**dict.fromkeys(outputs, UNKNOWN), **inputs}


def planned_change(urn: str, olds: Properties, inputs: Properties) -> Properties:
    """What a preview knows after a change in place."""
    counter = computed.COUNTED.get(type_of(urn))
    return {**olds, **inputs, **({counter: UNKNOWN} if counter else {})}


def created(urn: str, inputs: Properties, where: Surroundings) -> tuple[str, Properties]:
    """The new resource's id and all its properties."""
    type_, name, clear = type_of(urn), urn.rsplit("::", maxsplit=1)[-1], opened(inputs)
    with locked() as account:
        refusals.check_new(account, type_, name, clear)
        id_, outputs = computed.answer(New(type_, name, clear, where))
        account.things.append(Thing(type_, id_, name, clear, outputs))
    return id_, {**_blank(type_), **outputs, **inputs}


def exists(urn: str, id_: str) -> bool:
    """Whether AWS has it."""
    return seen().find(type_of(urn), id_) is not None


def updated(urn: str, id_: str, olds: Properties, inputs: Properties) -> Properties:
    """All properties after the change."""
    type_, clear = type_of(urn), opened(inputs)
    with locked() as account:
        thing = account.find(type_, id_)
        if thing is None:
            raise AwsRefusalError("NotFound", f"there is no {type_} {id_}")
        refusals.check_change(account, thing, clear)
        if differences(type_, thing.inputs, clear):
            thing.outputs = computed.changed(type_, clear, thing.outputs)
            thing.earlier.append(thing.inputs)
        thing.inputs = clear
        outputs = thing.outputs
    kept = {key: value for key, value in olds.items() if key in outputs or key in _blank(type_)}
    return {**kept, **outputs, **inputs}


def deleted(urn: str, id_: str) -> None:
    """It is gone, or AWS says why not."""
    type_ = type_of(urn)
    with locked() as account:
        thing = account.find(type_, id_)
        if thing is not None:
            refusals.check_deletion(account, thing)
            refusals.reserve_name(account, thing)
            leftovers.leave(account, thing)
            account.remove(thing)


def type_of(urn: str) -> str:
    """The resource's own type, without its parents'."""
    return urn.split("::")[2].rsplit("$", maxsplit=1)[-1]


def names_itself(urn: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether the program fixes the physical name, so that the old one has to go first."""
    type_ = type_of(urn)
    argument = names.name_argument(type_, arguments.resource(type_)["inputs"])
    if argument is None or argument not in news or _named_automatically(argument, news):
        return False
    return bool(olds.get(argument) == news[argument])


def _named_automatically(argument: str, inputs: Mapping[str, Any]) -> bool:
    return argument in (inputs.get(AUTOMATIC) or [])


def _blank(type_: str) -> Properties:
    return dict.fromkeys(arguments.resource(type_)["outputs"])


def _name_faults(type_: str, name: Any, prefix: Any) -> list[str]:
    found = []
    if name is not None and not isinstance(name, Unknown):
        found.append(names.too_long(type_, str(name)))
    if prefix is not None and not isinstance(prefix, Unknown):
        found.append(names.prefix_too_long(type_, str(prefix)))
    return [f"{type_}: {fault}" for fault in found if fault]
