"""The command table as Discord's application command, and an interaction's options as a command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.commands import application_commands, command_text, completions
from bot.commands.table import TABLE
from tests.dialogue import catalogue_of, deck, question, ten_questions

SUBCOMMAND, GROUP, STRING, INTEGER = 1, 2, 3, 4
COMMANDS = application_commands(TABLE)
CATALOGUE = ten_questions()


def all_options(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in made.get("options", ()):
        yield option
        yield from all_options(option)


def leaves() -> dict[str, dict[str, Any]]:
    """The subcommands by the words that name them."""
    found = {}
    for option in (option for command in COMMANDS for option in command["options"]):
        inner = option["options"] if option["type"] == GROUP else [option]
        for one in inner:
            name = f"{option['name']} {one['name']}" if option["type"] == GROUP else one["name"]
            found[name] = one
    return found


def data(name: str, *options: dict[str, Any]) -> dict[str, Any]:
    """What Discord sends when a subcommand is used."""
    inner: list[dict[str, Any]] = list(options)
    *group, last = name.split()
    inner = [{"type": SUBCOMMAND, "name": last, "options": inner}]
    return {
        "name": "llmq",
        "options": [{"type": GROUP, "name": group[0], "options": inner}] if group else inner,
    }


def option(name: str, value: object, **more: object) -> dict[str, Any]:
    return {"type": STRING, "name": name, "value": value, **more}


def test_every_command_that_is_shown_has_its_subcommand() -> None:
    assert set(leaves()) == set(TABLE.names)


def test_what_only_admins_may_do_is_a_command_that_only_those_see_who_manage_the_server() -> None:
    members, admins = COMMANDS
    assert "default_member_permissions" not in members
    assert int(admins["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    (daily,) = [option for option in members["options"] if option["name"] == "daily"]
    assert [option["name"] for option in daily["options"]] == ["status"]
    assert {option["name"] for option in admins["options"]} >= {"daily", "reveal", "flags", "log"}


def test_names_and_descriptions_keep_to_discords_lengths() -> None:
    for option in (option for command in COMMANDS for option in all_options(command)):
        assert re.fullmatch(r"[-_a-z0-9]{1,32}", option["name"])
        assert 1 <= len(option["description"]) <= 100
        assert len(option.get("options", ())) <= 25
        assert all(1 <= len(choice["name"]) <= 100 for choice in option.get("choices", ()))


def test_required_options_come_before_the_others() -> None:
    for leaf in leaves().values():
        required = [option["required"] for option in leaf["options"]]
        assert required == sorted(required, reverse=True)


def test_options_are_typed_and_offer_what_there_is() -> None:
    on, reveal = leaves()["daily on"]["options"], leaves()["daily reveal"]["options"]
    assert [(one["name"], one["required"], one.get("autocomplete", False)) for one in on] == [
        ("time", False, False),
        ("days", False, True),
        ("zone", False, True),
        ("holidays", False, True),
        ("sources", False, True),
    ]
    assert [(one["name"], one["type"], one["required"]) for one in reveal] == [
        ("answers", STRING, True),
        ("min_wait", STRING, False),
        ("deadline", STRING, False),
    ]
    board = leaves()["leaderboard"]["options"][0]
    assert [choice["value"] for choice in board["choices"]] == ["week", "month", "all", "streak"]


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (data("today"), "today"),
        (data("random", option("level", "easy"), option("topic", "long context")),
         'random "long context" "easy"'),
        (data("daily on", option("time", "9am"), option("zone", "Europe/Berlin")),
         'daily on "9am" "Europe/Berlin"'),
        (data("daily on", option("time", "9"), option("sources", "long context, basics")),
         'daily on "9" "long context" "basics"'),
        (data("daily reveal", option("deadline", "8h"), option("min_wait", "1h"), option("answers", "3")),
         'daily reveal "3" "1h" "8h"'),
        (data("daily on", option("time", "9"), option("holidays", "DE-BY")), 'daily on "9" holidays "DE-BY"'),
        (data("answer", option("text", 'It is "so", and **so**.')), 'answer It is "so", and **so**.'),
        (data("help", option("command", "daily on")), "help daily on"),
        (data("away", option("when", "tomorrow fri")), "away tomorrow fri"),
    ],
)  # fmt: skip
def test_options_become_the_command_that_would_be_typed(sent: dict[str, Any], text: str) -> None:
    assert command_text(sent, TABLE) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_whatever_is_given_the_command_is_the_one_that_was_used(value: str) -> None:
    text = command_text(data("random", option("topic", value)), TABLE)
    assert text.startswith("random ")
    assert command_text(data("answer", option("text", value)), TABLE) == f"answer {value}"


def offered(name: str, name_of_option: str, typed: str) -> list[str]:
    return [
        choice.value
        for choice in completions(data(name, option(name_of_option, typed, focused=True)), TABLE, CATALOGUE)
    ]


def test_what_is_typed_is_completed() -> None:
    assert offered("random", "topic", "ATT") == ["attention"]
    assert offered("daily on", "zone", "berlin") == ["Europe/Berlin"]
    assert offered("daily on", "days", "week") == ["weekdays", "weekends"]
    assert "daily reveal" in offered("help", "command", "rev")
    assert offered("daily on", "sources", "basics, long") == ["basics, long context"]
    assert offered("random", "topic", "no such") == []


def test_a_zone_is_found_by_its_city_however_it_is_typed_and_the_likely_ones_come_first() -> None:
    assert offered("daily on", "zone", "new york")[0] == "America/New_York"
    assert offered("daily on", "zone", "new_york")[0] == "America/New_York"
    assert offered("daily on", "zone", "york")[0] == "America/New_York"
    assert offered("daily on", "zone", "")[:2] == ["UTC", "Europe/London"]
    assert offered("daily on", "zone", "europe")[:2] == ["Europe/London", "Europe/Paris"]


def test_holidays_are_found_by_the_names_of_countries_and_regions() -> None:
    assert offered("daily on", "holidays", "bavaria")[0] == "Bavaria"
    assert offered("daily on", "holidays", "germ")[0] == "Germany"
    assert offered("daily on", "holidays", "de-by")[0] == "DE-BY"


def test_no_more_is_offered_than_discord_takes() -> None:
    many = catalogue_of(deck(*(question(n, topic=f"topic {n}") for n in range(60))))
    sent = data("random", option("topic", "", focused=True))
    assert len(completions(sent, TABLE, many)) == 25
    assert len(offered("daily on", "zone", "")) == 25
