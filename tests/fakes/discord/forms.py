"""What Discord takes as a modal, and what it refuses it for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.components import unique
from tests.fakes.discord.elements import (
    CHECKBOX,
    CHECKBOXES,
    CUSTOM,
    FILE_UPLOAD,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    TEXT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    component,
)
from tests.fakes.discord.schema import (
    At,
    Check,
    Wrong,
    boolean,
    both,
    integer,
    listing,
    required,
    shape,
    string,
    typed,
)

INPUT = component(
    {**CUSTOM, "style": integer(1, 2)},
    {
        "label": string(45),
        "min_length": integer(0, 4000),
        "max_length": integer(1, 4000),
        "required": boolean,
        "value": string(4000, 0),
        "placeholder": string(100, 0),
    },
)


def lengths_agree(value: Any, at: At) -> Iterator[Wrong]:
    """The shortest text is not longer than the longest, and what stands there at first fits between."""
    if not isinstance(value, dict):
        return
    low, high = value.get("min_length") or 0, value.get("max_length") or 4000
    if not isinstance(low, int) or not isinstance(high, int):
        return
    if low > high:
        words = "The specified min_length must be less than or equal to max_length"
        yield Wrong((*at, "min_length"), "TEXT_INPUT_MIN_LENGTH_GREATER_THAN_MAX_LENGTH", words)
    elif (typed_in := value.get("value")) and not low <= len(str(typed_in)) <= high:
        words = f"Must be between {low} and {high} in length."
        yield Wrong((*at, "value"), "BASE_TYPE_BAD_LENGTH", words)


def labelled(value: Any, at: At) -> Iterator[Wrong]:
    """In a row, a text input brings its own label; in a Label it must not."""
    if isinstance(value, dict) and not value.get("label"):
        yield required((*at, "label"))


def unlabelled(value: Any, at: At) -> Iterator[Wrong]:
    if isinstance(value, dict) and value.get("label"):
        words = "A text input within a Label cannot have a label"
        yield Wrong((*at, "label"), "TEXT_INPUT_LABEL_NOT_ALLOWED", words)


def enabled(value: Any, at: At) -> Iterator[Wrong]:
    if isinstance(value, dict) and value.get("disabled"):
        words = "Modals cannot have disabled components"
        yield Wrong((*at, "disabled"), "MODAL_COMPONENT_CANNOT_BE_DISABLED", words)


TICK = shape({"label": string(100), "value": string(100)}, {"description": string(100), "default": boolean})
TICKS: dict[str, Check] = {"min_values": integer(0, 10), "max_values": integer(1, 10), "required": boolean}
FIELDS: dict[int, Check] = {
    TEXT_INPUT: both(INPUT, lengths_agree, unlabelled),
    **{kind: both(check, enabled) for kind, check in SELECTS.items()},
    FILE_UPLOAD: component(CUSTOM, TICKS),
    RADIO: component({**CUSTOM, "options": listing(TICK, 10, least=2)}, {"required": boolean}),
    CHECKBOXES: component({**CUSTOM, "options": listing(TICK, 10, least=1)}, TICKS),
    CHECKBOX: component(CUSTOM, {"default": boolean}),
}
OLD_FIELD = typed({TEXT_INPUT: both(INPUT, lengths_agree, labelled)})
IN_MODAL: dict[int, Check] = {
    ROW: component({"components": listing(OLD_FIELD, 1, least=1)}),
    TEXT: TEXT_DISPLAY,
    LABEL: component({"label": string(45), "component": typed(FIELDS)}, {"description": string(100, 0)}),
}
MODAL = shape(
    {"custom_id": string(100), "title": string(45), "components": listing(typed(IN_MODAL), 5, least=1)}
)


def faults_of_modal(modal: Any) -> Iterator[Wrong]:
    """All that is wrong with the data of a modal."""
    at: At = ("data",)
    yield from MODAL(modal, at)
    if isinstance(modal, dict):
        yield from unique(modal.get("components"), (*at, "components"))
