"""What Discord takes as the components of a message, and what it refuses them for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.elements import (
    BUTTON,
    CONTAINER,
    FILE,
    FILE_SHAPE,
    GALLERY,
    GALLERY_SHAPE,
    ROW,
    SECTION,
    SELECTS,
    SEPARATOR,
    SEPARATOR_SHAPE,
    TEXT,
    TEXT_DISPLAY,
    THUMBNAIL,
    THUMBNAIL_SHAPE,
    button,
    component,
)
from tests.fakes.discord.schema import At, Check, Wrong, bad_length, boolean, both, integer, listing, typed

Json = dict[str, Any]
MOST_COMPONENTS, MOST_TEXT, MOST_ROWS = 40, 4000, 5


def alone_if_menu(value: Any, at: At) -> Iterator[Wrong]:
    """A menu fills a row."""
    children = value.get("components") if isinstance(value, dict) else None
    kinds = (
        [one.get("type") for one in children if isinstance(one, dict)] if isinstance(children, list) else []
    )
    if len(kinds) > 1 and set(kinds) & SELECTS.keys():
        yield Wrong(
            (*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified layout is too wide."
        )


ROW_SHAPE = both(
    component({"components": listing(typed({BUTTON: button, **SELECTS}), 5, least=1)}), alone_if_menu
)
ACCESSORY = typed({BUTTON: button, THUMBNAIL: THUMBNAIL_SHAPE})
SECTION_SHAPE = component(
    {"components": listing(typed({TEXT: TEXT_DISPLAY}), 3, least=1), "accessory": ACCESSORY}
)
IN_CONTAINER: dict[int, Check] = {
    ROW: ROW_SHAPE,
    SECTION: SECTION_SHAPE,
    TEXT: TEXT_DISPLAY,
    GALLERY: GALLERY_SHAPE,
    FILE: FILE_SHAPE,
    SEPARATOR: SEPARATOR_SHAPE,
}
CONTAINER_SHAPE = component(
    {"components": listing(typed(IN_CONTAINER), least=1)},
    {"accent_color": integer(0, 0xFFFFFF), "spoiler": boolean},
)
LEGACY = listing(typed({ROW: ROW_SHAPE}), MOST_ROWS)
LAYOUT = listing(typed({**IN_CONTAINER, CONTAINER: CONTAINER_SHAPE}), MOST_COMPONENTS)


def walk(components: Any, at: At = ("components",)) -> Iterator[tuple[Json, At]]:
    """All components with their places, the nested ones after what holds them."""
    for n, one in enumerate(components if isinstance(components, list) else []):
        if isinstance(one, dict):
            yield from within(one, (*at, n))


def within(one: Json, at: At) -> Iterator[tuple[Json, At]]:
    yield one, at
    for name in ("accessory", "component"):
        if isinstance(one.get(name), dict):
            yield from within(one[name], (*at, name))
    yield from walk(one.get("components"), (*at, "components"))


def twice(components: Any, at: At, key: str, code: str, words: str) -> Iterator[Wrong]:
    """A custom_id or an id that stands there more than once."""
    seen: set[Any] = set()
    for one, place in walk(components, at):
        if one.get(key) and one[key] in seen:
            yield Wrong((*place, key), code, words)
        seen.add(one.get(key))


def unique(components: Any, at: At = ("components",)) -> Iterator[Wrong]:
    custom = "Component custom id cannot be duplicated"
    yield from twice(components, at, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", custom)
    yield from twice(components, at, "id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")


def faults_of_components(components: Any, layout: bool) -> Iterator[Wrong]:
    """All that is wrong with the components of a message; `layout` is the flag for components alone."""
    at: At = ("components",)
    yield from (LAYOUT if layout else LEGACY)(components, at)
    yield from unique(components)
    if layout:
        yield from faults_of_size(components, at)


def faults_of_size(components: Any, at: At) -> Iterator[Wrong]:
    every = [one for one, _ in walk(components)]
    if not every:
        yield bad_length(at, 1, MOST_COMPONENTS)
    if len(every) > MOST_COMPONENTS:
        words = f"A message holds at most {MOST_COMPONENTS} components, and these are {len(every)}."
        yield Wrong(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    length = sum(len(str(one.get("content", ""))) for one in every if one.get("type") == TEXT)
    if length > MOST_TEXT:
        words = f"The total number of displayable text characters exceeds the maximum size of {MOST_TEXT}"
        yield Wrong(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)


def with_ids(components: list[Json]) -> list[Json]:
    """Discord numbers the components that the app did not, and says where it serves the pictures from."""
    taken = {one["id"] for one, _ in walk(components) if one.get("id")}
    free = (n for n in range(1, 10_000) if n not in taken)
    return [numbered(one, free) for one in components]


def numbered(one: Json, free: Iterator[int]) -> Json:
    own = {**one, "id": one.get("id") or next(free)}
    for name in ("accessory", "component"):
        if name in own:
            own[name] = numbered(own[name], free)
    if "components" in own:
        own["components"] = [numbered(child, free) for child in own["components"]]
    return own
