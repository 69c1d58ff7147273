"""Help in conversation: all of it comes from the command table."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.commands.parsing import Command
from bot.commands.table import TABLE
from tests.dialogue import Dialogue, is_refused

SHOWN = [command for command in TABLE.commands if not command.hidden]
HIDDEN = [command for command in TABLE.commands if command.hidden]


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP", "help  ", "help /llmq"])
async def test_help_lists_every_command_with_its_usage_and_its_line(d: Dialogue, text: str) -> None:
    said = await d.hears("ana", text)
    for command in SHOWN:
        assert f"{command.usage} | {command.help}{' (admins)' if command.admin else ''}" in said.splitlines()
    assert not any(command.usage in said.splitlines() for command in HIDDEN)


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
async def test_help_of_a_command_says_who_may_use_it_and_explains_its_arguments(
    d: Dialogue, command: Command
) -> None:
    said = await d.hears("ana", f"help {command.name}")
    assert command.usage in said
    assert command.help in said
    assert ("For admins." in said) == command.admin
    for argument in command.arguments:
        assert (f"`{argument.name}`: {argument.help}" in said) == (not argument.hidden)


@pytest.mark.parametrize(
    "text",
    ["help /llmq daily on", "help Daily On", "help  daily on ", 'help "daily on"'],
)
async def test_help_takes_a_name_however_it_is_written(d: Dialogue, text: str) -> None:
    assert "/llmq daily on [time] [days] [zone] [holidays REGION] [sources…]" in await d.hears("ana", text)


@pytest.mark.parametrize("first", ["daily", "boards"])
async def test_help_of_a_first_word_explains_all_its_commands(d: Dialogue, first: str) -> None:
    said = await d.hears("ana", f"help {first}")
    assert all(command.usage in said for command in TABLE.group(first))


@pytest.mark.parametrize("name", ["random show", "home", "leaderboard show"])
async def test_what_only_buttons_say_is_not_explained(d: Dialogue, name: str) -> None:
    said = await d.hears("ana", f"help {name}")
    assert f"/llmq {name}" not in said


async def test_help_of_an_unknown_command_suggests_the_nearest(d: Dialogue) -> None:
    reply = await d.says("ana", "help lederboard")
    assert is_refused(reply)
    assert "There is no command `lederboard`. Did you mean `leaderboard`" in d.text(reply)
    assert "See `/llmq help`." in d.text(reply)


@pytest.mark.parametrize("text", ["lederboard", "daily foo", "boards", "daily on", "xyz", "review nonsense"])
async def test_every_refusal_of_the_parser_points_somewhere_and_does_nothing(d: Dialogue, text: str) -> None:
    reply = await d.says("ana", text)
    assert is_refused(reply)
    assert "/llmq" in d.text(reply) or "`boards off`" in d.text(reply)


@pytest.mark.parametrize("command", TABLE.commands, ids=lambda command: command.name)
def test_no_line_of_help_is_longer_than_the_platforms_take(command: Command) -> None:
    # Discord takes 100 characters for the description of a command and of each of its options.
    assert len(command.help) <= 100
    assert all(len(argument.help) <= 100 for argument in command.arguments)
