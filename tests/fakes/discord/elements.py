"""The single components: buttons, menus, texts and pictures, and what each of them may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.schema import (
    At,
    Check,
    Wrong,
    anything,
    boolean,
    both,
    integer,
    listing,
    one_of,
    required,
    shape,
    snowflake,
    string,
)

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT = 1, 2, 3, 4, 5, 6
MENTIONABLE_SELECT, CHANNEL_SELECT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE = 7, 8, 9, 10, 11, 12, 13
SEPARATOR, CONTAINER, LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 14, 17, 18, 19, 21, 22, 23
LINK_STYLE, PREMIUM_STYLE = 5, 6

KIND: dict[str, Check] = {"type": integer()}
ANY: dict[str, Check] = {"id": integer(0, 2**31 - 1)}
CUSTOM: dict[str, Check] = {"custom_id": string(100)}
EMOJI = shape({}, {"id": snowflake, "name": string(32), "animated": boolean})
MEDIA_FIELDS = ("proxy_url", "height", "width", "content_type", "loading_state", "placeholder", "flags")
# What Discord itself adds to a picture may come back with an edit.
MEDIA = shape({"url": string(2048)}, dict.fromkeys((*MEDIA_FIELDS, "attachment_id"), anything))
MENU: dict[str, Check] = {
    "placeholder": string(150, 0),
    "min_values": integer(0, 25),
    "max_values": integer(1, 25),
    "disabled": boolean,
    "required": boolean,
}
SHORT = string(100)
OPTION = shape({"label": SHORT, "value": SHORT}, {"description": SHORT, "emoji": EMOJI, "default": boolean})
DEFAULTS = listing(shape({"id": snowflake, "type": one_of("user", "role", "channel")}), 25)


def component(needed: dict[str, Check], also: dict[str, Check] | None = None) -> Check:
    return shape({**KIND, **needed}, {**ANY, **(also or {})})


def fits_style(value: Any, at: At) -> Iterator[Wrong]:
    """A link has an address and no custom_id, every other button the reverse. All show something."""
    style = value.get("style") if isinstance(value, dict) else None
    if style == PREMIUM_STYLE:
        yield from component({"style": integer(), "sku_id": snowflake}, {"disabled": boolean})(value, at)
        return
    wanted, unwanted = ("url", "custom_id") if style == LINK_STYLE else ("custom_id", "url")
    if not value.get(wanted):
        yield required((*at, wanted))
    if value.get(unwanted):
        words = "A custom id and url cannot both be specified"
        yield Wrong((*at, unwanted), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words)
    if not value.get("label") and not value.get("emoji"):
        yield Wrong(at, "BUTTON_COMPONENT_INVALID", "A button must have a label or emoji")


def button(value: Any, at: At) -> Iterator[Wrong]:
    yield from BUTTON_SHAPE(value, at)
    if isinstance(value, dict):
        yield from fits_style(value, at)


BUTTON_SHAPE = component(
    {"style": integer(1, 6)},
    {
        **CUSTOM,
        "label": string(80, 0),
        "url": string(512),
        "emoji": EMOJI,
        "disabled": boolean,
        "sku_id": snowflake,
    },
)


def values_differ(value: Any, at: At) -> Iterator[Wrong]:
    """No two options of a menu stand for the same value, and as many as must be chosen are there."""
    options = value.get("options") or []
    seen: set[Any] = set()
    for n, option in enumerate(options):
        if isinstance(option, dict) and option.get("value") in seen:
            words = "The specified option value is already used"
            yield Wrong((*at, "options", n), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
        seen.add(option.get("value") if isinstance(option, dict) else None)
    if (value.get("max_values") or 1) > len(options):
        words = f"max_values must be less than or equal to {len(options)}"
        yield Wrong((*at, "max_values"), "SELECT_COMPONENT_MAX_VALUES_TOO_MANY", words)


def menu_of(kind: int) -> Check:
    if kind == STRING_SELECT:
        own: dict[str, Check] = {"options": listing(OPTION, 25, least=1)}
        return both(component({**CUSTOM, **own}, MENU), values_differ)
    extra: dict[str, Check] = {"default_values": DEFAULTS}
    if kind == CHANNEL_SELECT:
        extra["channel_types"] = listing(integer(0, 16))
    return component(CUSTOM, {**MENU, **extra})


SELECTS: dict[int, Check] = {
    kind: menu_of(kind)
    for kind in (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
}
TEXT_DISPLAY = component({"content": string(4000)})
PICTURE: dict[str, Check] = {"description": string(1024, 0), "spoiler": boolean}
THUMBNAIL_SHAPE = component({"media": MEDIA}, PICTURE)
GALLERY_SHAPE = component({"items": listing(shape({"media": MEDIA}, PICTURE), 10, least=1)})
FILE_SHAPE = component({"file": MEDIA}, {"spoiler": boolean, "name": string(), "size": integer(0)})
SEPARATOR_SHAPE = component({}, {"divider": boolean, "spacing": integer(1, 2)})
