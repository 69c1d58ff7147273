"""What the stand-in refuses of messages, components, forms and commands, as Discord does: one line a rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.bodies import faults_of_message
from tests.fakes.discord.commands import all_commands
from tests.fakes.discord.errors import invalid_form
from tests.fakes.discord.forms import faults_of_modal
from tests.fakes.discord.schema import Wrong

Json = dict[str, Any]
V2 = 1 << 15


def text(words: str = "x") -> Json:
    return {"type": 10, "content": words}


def button(n: int = 0, **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "x", "custom_id": f"b{n}", **more}


def row(*children: Json) -> Json:
    return {"type": 1, "components": list(children)}


def container(*children: Json, **more: Any) -> Json:
    return {"type": 17, "components": list(children), **more}


def section(*texts: Json, **more: Any) -> Json:
    return {"type": 9, "components": list(texts), **more}


def menu(count: int, **more: Any) -> Json:
    options = [{"label": f"x{n}", "value": f"v{n}"} for n in range(count)]
    return {"type": 3, "custom_id": "m", "options": options, **more}


def gallery(count: int) -> Json:
    return {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}}] * count}


def old(*components: Json, **more: Any) -> Json:
    return {"content": "x", "components": list(components), **more}


def layout(*components: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(components), **more}


GOOD: dict[str, Json] = {
    "content": {"content": "x" * 2000, "nonce": "n" * 25, "enforce_nonce": True},
    "rows": old(*[row(*[button(5 * r + n) for n in range(5)]) for r in range(5)]),
    "menu": old(row(menu(25))),
    "link": old(row({"type": 2, "style": 5, "label": "x", "url": "https://example.com"})),
    "label": old(row(button(label="x" * 80, custom_id="c" * 100))),
    "layout": layout(
        container(text("x" * 4000), {"type": 14, "divider": True, "spacing": 2}, row(button())),
        row(button(1)),
    ),
    "section": layout(section(text(), text(), text(), accessory=button())),
    "thumbnail": layout(section(text(), accessory={"type": 11, "media": {"url": "attachment://a.png"}})),
    "gallery": layout(gallery(10)),
    "forty": layout(*[text()] * 40),
    "embed": {"embeds": [{"title": "x" * 256, "description": "x" * 4096, "color": 1}]},
    "mentions": {"content": "x", "allowed_mentions": {"parse": ["roles"], "users": ["1"]}},
    "reply": {"content": "x", "message_reference": {"message_id": 1, "fail_if_not_exists": False}},
}

BAD: dict[str, tuple[Json, str]] = {
    "long content": ({"content": "x" * 2001}, "content: BASE_TYPE_MAX_LENGTH: Must be 2000 or fewer"),
    "content is no string": ({"content": 1}, "content: STRING_TYPE_CONVERT"),
    "long nonce": ({"content": "x", "nonce": "n" * 26}, "nonce: NONCE_TYPE_TOO_LONG"),
    "eleven embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds: BASE_TYPE_MAX_LENGTH"),
    "long embed title": ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title: BASE_TYPE_MAX_LENGTH"),
    "embeds together": ({"embeds": [{"description": "x" * 3001}] * 2}, "MAX_EMBED_SIZE_EXCEEDED"),
    "empty embed field": (
        {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
        "fields.0.name: BASE_TYPE_REQUIRED",
    ),
    "unknown mentions": (
        {"allowed_mentions": {"parse": ["all"]}},
        "allowed_mentions.parse.0: BASE_TYPE_CHOICES",
    ),
    "mentions twice over": ({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "mutually exclusive"),
    "unknown field": ({"content": "x", "colour": "red"}, "colour: UNKNOWN_FIELD"),
    "content in a layout": (layout(text(), content="x"), "content: MESSAGE_CANNOT_USE_LEGACY_FIELDS"),
    "embeds in a layout": (
        layout(text(), embeds=[{"title": "x"}]),
        "embeds: MESSAGE_CANNOT_USE_LEGACY_FIELDS",
    ),
    "empty layout": (layout(), "components: BASE_TYPE_BAD_LENGTH"),
    "text without the flag": (old(text()), 'Value of field "type" must be one of (1,).'),
    "container without the flag": (old(container(text())), "components.0.type: UNION_TYPE_CHOICES"),
    "six rows": (old(*[row(button(n)) for n in range(6)]), "components: BASE_TYPE_MAX_LENGTH"),
    "six buttons": (old(row(*[button(n) for n in range(6)])), "Must be between 1 and 5 in length."),
    "empty row": (old(row()), "components.0.components: BASE_TYPE_BAD_LENGTH"),
    "button outside a row": (layout(button()), "components.0.type: UNION_TYPE_CHOICES"),
    "two menus in a row": (old(row(menu(1), menu(1, custom_id="n"))), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    "a button beside a menu": (old(row(menu(1), button())), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    "26 options": (old(row(menu(26))), "options: BASE_TYPE_BAD_LENGTH"),
    "no options": (old(row(menu(0))), "options: BASE_TYPE_BAD_LENGTH"),
    "an option twice": (
        old(row(menu(1, options=[{"label": "x", "value": "v"}] * 2))),
        "options.1: SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    "long placeholder": (old(row(menu(1, placeholder="x" * 151))), "placeholder: BASE_TYPE_MAX_LENGTH"),
    "more values than options": (old(row(menu(1, max_values=2))), "max_values: SELECT_COMPONENT_MAX_VALUES"),
    "long label": (old(row(button(label="x" * 81))), "label: BASE_TYPE_MAX_LENGTH"),
    "no label": (old(row(button(label=None))), "BUTTON_COMPONENT_INVALID"),
    "long custom_id": (old(row(button(custom_id="c" * 101))), "Must be between 1 and 100 in length."),
    "empty custom_id": (old(row(button(custom_id=""))), "custom_id: BASE_TYPE_REQUIRED"),
    "no custom_id": (old(row(button(custom_id=None))), "custom_id: BASE_TYPE_REQUIRED"),
    "link with a custom_id": (old(row(button(style=5, url="https://x.com"))), "MUTUALLY_EXCLUSIVE"),
    "link without an address": (old(row(button(style=5, custom_id=None))), "url: BASE_TYPE_REQUIRED"),
    "button with an address": (old(row(button(url="https://x.com"))), "MUTUALLY_EXCLUSIVE"),
    "unknown style": (old(row(button(style=9))), "style: NUMBER_TYPE_MAX"),
    "a custom_id twice": (
        old(row(button(), button())),
        "components.0.components.1.custom_id: COMPONENT_CUSTOM_ID",
    ),
    "a custom_id twice, far apart": (
        layout(section(text(), accessory=button()), container(row(button()))),
        "components.1.components.0.components.0.custom_id: COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "an id twice": (
        layout(text() | {"id": 1}, text() | {"id": 1}),
        "components.1.id: COMPONENT_ID_DUPLICATED",
    ),
    "41 components": (layout(*[container(text())] * 20, text()), "these are 41"),
    "too much text": (
        layout(text("x" * 4000), container(text())),
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    "empty text": (layout(text("")), "content: BASE_TYPE_REQUIRED"),
    "container in a container": (
        layout(container(container(text()))),
        "components.0.components.0.type: UNION_TYPE",
    ),
    "empty container": (layout(container()), "components.0.components: BASE_TYPE_"),
    "unknown colour": (layout(container(text(), accent_color=1 << 24)), "accent_color: NUMBER_TYPE_MAX"),
    "section alone": (layout(section(text())), "accessory: BASE_TYPE_REQUIRED"),
    "four texts in a section": (layout(section(*[text()] * 4, accessory=button())), "between 1 and 3"),
    "a text beside a section": (
        layout(section(text(), accessory=text())),
        "accessory.type: UNION_TYPE_CHOICES",
    ),
    "eleven pictures": (layout(gallery(11)), "items: BASE_TYPE_BAD_LENGTH"),
    "no pictures": (layout(gallery(0)), "items: BASE_TYPE_BAD_LENGTH"),
    "unknown spacing": (layout({"type": 14, "spacing": 3}), "spacing: NUMBER_TYPE_MAX"),
    "input in a message": (old(row({"type": 4, "custom_id": "x", "style": 1})), "UNION_TYPE_CHOICES"),
    "label in a message": (layout({"type": 18, "label": "x", "component": button()}), "UNION_TYPE_CHOICES"),
    "unknown component": (layout({"type": 99}), "UNION_TYPE_CHOICES"),
    "unknown field of a component": (layout(text() | {"colour": 1}), "components.0.colour: UNKNOWN_FIELD"),
}


def words(wrongs: Any) -> list[str]:
    return [str(wrong) for wrong in wrongs]


@pytest.mark.parametrize("message", GOOD.values(), ids=GOOD.keys())
def test_what_discord_takes_as_a_message(message: Json) -> None:
    assert words(faults_of_message(message, "new")) == []


@pytest.mark.parametrize(("message", "expected"), BAD.values(), ids=BAD.keys())
def test_what_discord_refuses_as_a_message(message: Json, expected: str) -> None:
    assert any(expected in one for one in words(faults_of_message(message, "new")))


def field(**more: Any) -> Json:
    return {"type": 4, "custom_id": "a", "style": 1, **more}


def label(component: Json | None = None, **more: Any) -> Json:
    return {"type": 18, "label": "x", "component": component or field(), **more}


def modal(*components: Json, **more: Any) -> Json:
    return {"custom_id": "m", "title": "x", "components": list(components), **more}


GOOD_MODALS = {
    "label": modal(label(field(max_length=4000, placeholder="x" * 100, value="v")), title="x" * 45),
    "row": modal(row(field(label="x" * 45))),
    "words": modal(text(), label()),
    "menu": modal(label(menu(3))),
    "five": modal(*[label(field(custom_id=str(n))) for n in range(5)]),
}
BAD_MODALS = {
    "long title": (modal(label(), title="x" * 46), "title: BASE_TYPE_BAD_LENGTH: Must be between 1 and 45"),
    "no title": (modal(label(), title=None), "title: BASE_TYPE_REQUIRED"),
    "long custom_id": (modal(label(), custom_id="x" * 101), "custom_id: BASE_TYPE_BAD_LENGTH"),
    "six fields": (modal(*[label(field(custom_id=str(n))) for n in range(6)]), "between 1 and 5"),
    "nothing": (modal(), "components: BASE_TYPE_BAD_LENGTH"),
    "long label": (modal(label(label="x" * 46)), "label: BASE_TYPE_BAD_LENGTH"),
    "long description": (modal(label(description="x" * 101)), "description: BASE_TYPE_MAX_LENGTH"),
    "long placeholder": (modal(label(field(placeholder="x" * 101))), "placeholder: BASE_TYPE_MAX_LENGTH"),
    "too long": (modal(label(field(max_length=4001))), "max_length: NUMBER_TYPE_MAX"),
    "too short": (modal(label(field(max_length=0))), "max_length: NUMBER_TYPE_MIN"),
    "crossed": (modal(label(field(min_length=5, max_length=4))), "min_length: TEXT_INPUT_MIN_LENGTH"),
    "value too long": (modal(label(field(max_length=4, value="12345"))), "value: BASE_TYPE_BAD_LENGTH"),
    "label inside a label": (modal(label(field(label="x"))), "TEXT_INPUT_LABEL_NOT_ALLOWED"),
    "row without a label": (modal(row(field())), "label: BASE_TYPE_REQUIRED"),
    "two in a row": (modal(row(field(label="x"), field(label="x", custom_id="b"))), "BASE_TYPE_BAD_LENGTH"),
    "a custom_id twice": (modal(label(), label()), "COMPONENT_CUSTOM_ID_DUPLICATED"),
    "a button": (modal(row(button())), "UNION_TYPE_CHOICES"),
    "a button in a label": (modal(label(button())), "component.type: UNION_TYPE_CHOICES"),
    "a container": (modal(container(text())), "components.0.type: UNION_TYPE_CHOICES"),
    "a bare field": (modal(field()), "components.0.type: UNION_TYPE_CHOICES"),
    "disabled": (modal(label(menu(1, disabled=True))), "MODAL_COMPONENT_CANNOT_BE_DISABLED"),
    "unknown style": (modal(label(field(style=3))), "style: NUMBER_TYPE_MAX"),
}


@pytest.mark.parametrize("form", GOOD_MODALS.values(), ids=GOOD_MODALS.keys())
def test_what_discord_takes_as_a_form(form: Json) -> None:
    assert words(faults_of_modal(form)) == []


@pytest.mark.parametrize(("form", "expected"), BAD_MODALS.values(), ids=BAD_MODALS.keys())
def test_what_discord_refuses_as_a_form(form: Json, expected: str) -> None:
    assert any(expected in one for one in words(faults_of_modal(form)))


def command(*options: Json, **more: Any) -> list[Json]:
    return [{"name": "llmq", "description": "x", "type": 1, "options": list(options), **more}]


def option(name: str = "o", kind: int = 3, **more: Any) -> Json:
    return {"name": name, "description": "x", "type": kind, **more}


def choice(name: str = "x", value: Any = "v") -> Json:
    return {"name": name, "value": value}


GOOD_COMMANDS = {
    "plain": command(name="x" * 32, description="x" * 100),
    "options": command(*[option(f"o{n}") for n in range(25)]),
    "subcommands": command(*[option(f"o{n}", 1) for n in range(25)]),
    "groups": command(option("g", 2, options=[option("s", 1, options=[option()])])),
    "choices": command(option(choices=[choice("x" * 100, "v" * 100)] * 25)),
    "order": command(option("a", required=True), option("b")),
    "letters": command(name="réponse_1-b"),
    "menu": [{"name": "Save This", "type": 3}],
}
BAD_COMMANDS = {
    "long name": (command(name="x" * 33), "0.name: BASE_TYPE_BAD_LENGTH: Must be between 1 and 32"),
    "empty name": (command(name=""), "0.name: BASE_TYPE_BAD_LENGTH"),
    "upper case": (command(name="Llmq"), "0.name: APPLICATION_COMMAND_INVALID_NAME"),
    "space": (command(name="l m"), "0.name: APPLICATION_COMMAND_INVALID_NAME"),
    "long description": (command(description="x" * 101), "description: BASE_TYPE_BAD_LENGTH"),
    "no description": (command(description=""), "description: BASE_TYPE_REQUIRED"),
    "26 options": (command(*[option(f"o{n}") for n in range(26)]), "options: BASE_TYPE_MAX_LENGTH"),
    "26 subcommands": (command(*[option(f"o{n}", 1) for n in range(26)]), "options: BASE_TYPE_MAX_LENGTH"),
    "26 choices": (command(option(choices=[choice()] * 26)), "choices: BASE_TYPE_MAX_LENGTH"),
    "long choice": (command(option(choices=[choice("x" * 101)])), "name: BASE_TYPE_BAD_LENGTH"),
    "long value": (command(option(choices=[choice(value="v" * 101)])), "value: BASE_TYPE_BAD_LENGTH"),
    "wrong value": (command(option(kind=4, choices=[choice()])), "value: NUMBER_TYPE_COERCE"),
    "wrong order": (
        command(option("a"), option("b", required=True)),
        "0.options.1: APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "name twice": (command(option(), option()), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
    "mixed": (command(option("a", 1), option("b")), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    "too deep": (command(option("g", 2, options=[option("h", 2)])), "options.0.type: UNION_TYPE_CHOICES"),
    "below a subcommand": (command(option("s", 1, options=[option("t", 1)])), "UNION_TYPE_CHOICES"),
    "choices and offers": (
        command(option(choices=[choice()], autocomplete=True)),
        "CHOICES_AND_AUTOCOMPLETE",
    ),
    "unknown type": (command(option(kind=12)), "type: UNION_TYPE_CHOICES"),
    "long text": (command(option(max_length=6001)), "max_length: NUMBER_TYPE_MAX"),
    "too many": (command() * 101, "BASE_TYPE_MAX_LENGTH"),
    "command twice": (command() * 2, "1.name: APPLICATION_COMMANDS_DUPLICATE_NAME"),
    "too large": (
        command(*[option(f"o{n}", choices=[choice(str(n) + "x" * 90, "v" * 90)] * 25) for n in range(2)]),
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
}


@pytest.mark.parametrize("told", GOOD_COMMANDS.values(), ids=GOOD_COMMANDS.keys())
def test_what_discord_takes_as_commands(told: list[Json]) -> None:
    assert words(all_commands(told)) == []


@pytest.mark.parametrize(("told", "expected"), BAD_COMMANDS.values(), ids=BAD_COMMANDS.keys())
def test_what_discord_refuses_as_commands(told: list[Json], expected: str) -> None:
    assert any(expected in one for one in words(all_commands(told)))


def test_each_fault_is_told_at_its_place() -> None:
    refusal = invalid_form([Wrong(("data", "components", 0), "A", "a"), Wrong(("data",), "B", "b")])
    assert refusal.body == {
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {
            "data": {
                "components": {"0": {"_errors": [{"code": "A", "message": "a"}]}},
                "_errors": [{"code": "B", "message": "b"}],
            }
        },
    }


@pytest.mark.parametrize("nonsense", [None, 1, "x", [], [[]], {"components": 1}, {"components": [1]}])
def test_nonsense_is_refused_and_breaks_nothing(nonsense: Any) -> None:
    assert words(faults_of_modal(nonsense))
    assert words(all_commands(nonsense)) or nonsense == []
    list(faults_of_message(nonsense, "new"))
