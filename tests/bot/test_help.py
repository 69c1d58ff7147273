"""Help in conversation: all of it comes from the command table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.commands.parsing import CHAPTERS, Command
from bot.commands.table import TABLE
from bot.messages import Form, Message
from tests.dialogue import ADMIN, Dialogue, is_refused, ten_questions

ROOT = Path(__file__).parents[2]
SHOWN = [command for command in TABLE.commands if not command.hidden]


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def played(d: Dialogue, who: str = "ana") -> None:
    """Let somebody be no newcomer any more."""
    await d.open_round()
    await d.says(who, "answer It is good for this and for that.")


@pytest.mark.parametrize("text", ["help", "HELP", "help  ", "help /llmq"])
async def test_help_is_a_line_for_each_group(d: Dialogue, text: str) -> None:
    await played(d)
    assert (await d.hears("ana", text)).split("\n")[:3] == [
        "**Play** `/llmq answer`, `today`, `hint`, `flag`, `suggest`, `daily status`, `help`\\",
        "**Learn** `/llmq random`, `review`, `compare`, `interview`, `topics`, `history`, `questions list`\\",
        "**Standing** `/llmq me`, `streak`, `leaderboard`, `settings`, `remind`, `away`, `boards`, `privacy`",
    ]


async def test_only_admins_see_the_group_of_admins(d: Dialogue) -> None:
    admin = "**Admin** `/llmq daily`, `reveal`, `log`, `flags`, `questions`"
    assert admin in await d.hears(ADMIN, "help")
    assert admin not in await d.hears("ana", "help")
    assert "[Admin]" in await d.hears(ADMIN, "help play")
    assert "[Admin]" not in await d.hears("ana", "help play")


@pytest.mark.parametrize("chapter", CHAPTERS)
async def test_a_group_has_a_line_for_each_command_and_takes_the_place_of_help(
    d: Dialogue, chapter: str
) -> None:
    reply = await d.says(ADMIN, f"help {chapter}")
    assert isinstance(reply, Message)
    assert reply.edits
    said = d.text(reply)
    lines = [line for line in said.split("\n") if line.startswith("- ")]
    assert [line.split("`")[1] for line in lines] == [one.example for one in SHOWN if one.chapter == chapter]
    assert f"[{chapter.title()}]" not in said


async def test_a_member_who_asks_for_the_group_of_admins_is_told_whose_it_is(d: Dialogue) -> None:
    assert "Only admins of the channel can use these." in await d.hears("ana", "help admin")


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
def test_what_help_shows_of_a_command_can_be_typed(command: Command) -> None:
    found, _ = TABLE.parse(command.example.removeprefix("/llmq "), ten_questions())
    assert found is command
    assert (command.chapter == "admin") == command.admin


@pytest.mark.parametrize("text", ["", "   "])
async def test_who_is_new_is_told_in_three_lines_how_to_start(d: Dialogue, text: str) -> None:
    said = await d.hears("ana", text)
    assert [line for line in said.split("\n") if line[:1].isdecimal()] == [
        "1. Press Answer below the question.",
        "2. Practise at any time: `/llmq random`",
        "3. See where you stand: `/llmq me`",
    ]
    assert "No daily question here yet. An admin starts it: /llmq daily on." in said
    assert "[Answer today's question]" not in said


async def test_who_is_new_is_offered_the_open_question(d: Dialogue) -> None:
    await d.open_round()
    reply = await d.says("ana", "")
    assert "Reveal: " in d.text(reply)
    form = await d.press("ana", reply, "Answer today's question")
    assert isinstance(form, Form)


async def test_the_first_help_says_how_to_start_too(d: Dialogue) -> None:
    assert "1. Press Answer below the question." in await d.hears("ana", "help")
    await played(d)
    assert "1. Press Answer below the question." not in await d.hears("ana", "help")


async def test_who_has_played_sees_how_the_question_stands(d: Dialogue) -> None:
    await played(d)
    assert await d.hears("ana", "") == await d.hears("ana", "today")


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
async def test_help_of_a_command_says_who_may_use_it_and_explains_its_arguments(
    d: Dialogue, command: Command
) -> None:
    said = await d.hears("ana", f"help {command.name}")
    assert f"Type it like `{command.example}`." in said
    assert command.help[1:] in said
    assert ("For admins" in said) == command.admin
    assert ("and reviewers." in said) == command.reviewers
    for argument in command.arguments:
        assert (f"`{argument.name}`: {argument.help}" in said) == (not argument.hidden)


@pytest.mark.parametrize(
    "text",
    ["help /llmq daily on", "help Daily On", "help  daily on ", 'help "daily on"'],
)
async def test_help_takes_a_name_however_it_is_written(d: Dialogue, text: str) -> None:
    assert "/llmq daily on 09:00 mon-fri Europe/Berlin" in await d.hears("ana", text)


@pytest.mark.parametrize("first", ["daily", "boards"])
async def test_help_of_a_first_word_lists_all_its_commands(d: Dialogue, first: str) -> None:
    said = await d.hears("ana", f"help {first}")
    assert all(command.example in said for command in TABLE.group(first))


@pytest.mark.parametrize(
    ("other", "name"),
    [("suggestions", "questions suggested"), ("queue", "daily queue"), ("question show", "questions show")],
)
async def test_help_knows_the_other_name_of_a_command(d: Dialogue, other: str, name: str) -> None:
    assert f"Type it like `/llmq {name}" in await d.hears("ana", f"help {other}")


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


NAMED = re.compile(r"/llmq (?P<words>[a-z]+(?: [a-z]+)*)")
WRITTEN = sorted((ROOT / "bot").rglob("*.py"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_command_that_a_text_names_stands_there_by_the_name_that_every_platform_has(path: Path) -> None:
    named = [found["words"] for found in NAMED.finditer(path.read_text())]
    assert [
        words for words in named if not any(f"{words} ".startswith(f"{name} ") for name in TABLE.names)
    ] == []


@pytest.mark.parametrize("command", TABLE.commands, ids=lambda command: command.name)
def test_no_line_of_help_is_longer_than_the_platforms_take(command: Command) -> None:
    # Discord takes 100 characters for the description of a command and of each of its options.
    assert len(command.help) <= 100
    assert all(len(argument.help) <= 100 for argument in command.arguments)
