"""What a person types into a form, and how Discord sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.discord.acted import NotPossible
from tests.fakes.discord.components import with_ids
from tests.fakes.discord.elements import CHECKBOX, CHECKBOXES, LABEL, RADIO, ROW, TEXT, TEXT_INPUT
from tests.fakes.discord.interactions import Modal
from tests.fakes.discord.people import Json

LONGEST = 4000


def fields(modal: Modal) -> Iterator[tuple[str, Json]]:
    """The fields with what stands above them."""
    for one in modal.components:
        if one["type"] == LABEL:
            yield one["label"], one["component"]
        for old in one.get("components", []):
            yield old["label"], old


def filled(modal: Modal, values: Mapping[str, Any]) -> Json:
    """The data of a form that is sent. A field is named by its custom_id or by its label."""
    known = {name for label, field in fields(modal) for name in (label, field["custom_id"])}
    if strange := values.keys() - known:
        raise NotPossible(f"The form has no field {sorted(strange)}. There are: {sorted(known)}.")
    components = [part(one, values) for one in with_ids(modal.components)]
    return {"custom_id": modal.custom_id, "components": components}


def part(one: Json, values: Mapping[str, Any]) -> Json:
    own: Json = {"type": one["type"], "id": one["id"]}
    match one["type"]:
        case kind if kind == LABEL:
            return own | {"component": value_of(one["component"], one["label"], values)}
        case kind if kind == ROW:
            return own | {"components": [value_of(old, old["label"], values) for old in one["components"]]}
        case _:
            assert one["type"] == TEXT
            return own


def value_of(field: Json, label: str, values: Mapping[str, Any]) -> Json:
    own: Json = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
    value = values.get(field["custom_id"], values.get(label))
    match field["type"]:
        case kind if kind == TEXT_INPUT:
            return own | {"value": text_of(field, value)}
        case kind if kind == CHECKBOX:
            return own | {"value": bool(field.get("default") if value is None else value)}
        case kind if kind == RADIO:
            return own | {"value": one_option(field, value)}
        case _:
            return own | {"values": options_of(field, value)}


def text_of(field: Json, value: Any) -> str:
    """What was typed, or what stood there before, if it is neither too short nor too long."""
    text = str(field.get("value") or "" if value is None else value)
    least, most = field.get("min_length") or 0, field.get("max_length") or LONGEST
    required = field.get("required") is not False
    if (required and not text) or len(text) > most or (text and len(text) < least):
        raise NotPossible(f"{field['custom_id']!r} takes {least or int(required)} to {most} characters.")
    return text


def offered(field: Json) -> list[tuple[str, str, bool]]:
    options = field.get("options") or []
    return [(one["label"], one["value"], bool(one.get("default"))) for one in options]


def one_option(field: Json, value: Any) -> str | None:
    chosen = options_of(field, value)
    return chosen[0] if chosen else None


def options_of(field: Json, value: Any) -> list[str]:
    """What was chosen, by value or label, or what was marked before."""
    options = offered(field)
    if value is None:
        chosen = [one for _, one, default in options if default]
    else:
        wanted = [value] if isinstance(value, str) else list(value)
        chosen = [one for label, one, _ in options if one in wanted or label in wanted]
        if options and len(chosen) != len(wanted):
            raise NotPossible(f"{field['custom_id']!r} offers {[one for _, one, _ in options]}.")
        chosen = chosen or wanted
    least = 1 if field.get("min_values") is None else field["min_values"]
    most = field.get("max_values") or (len(options) if field["type"] == CHECKBOXES else 1)
    if (field.get("required") is not False and len(chosen) < least) or len(chosen) > most:
        raise NotPossible(f"{field['custom_id']!r} takes {least} to {most} of its options.")
    return chosen
