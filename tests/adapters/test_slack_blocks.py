"""Tables, which Slack draws in messages only, one in each, and the fields of its forms."""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.discord.modals import modal_of
from adapters.slack.blocks import parts_of
from adapters.slack.views import form_view, home_view, result_view
from bot.game.answers import text_form
from bot.messages import Message, Table, say
from tests.adapters.slack_team import ANSWER, playing, words
from tests.fakes.slack.blocks import faults_of_message, faults_of_view

HEADER = ("Place", "Member", "Points")
BOARD = Table(HEADER, (("1", "<!channel> *Bob*", "40, up 2"), ("2", "Ana (you)", "")), own=1)
CROWD = Table(HEADER, tuple((str(n), f"Member {n}", "1") for n in range(1, 251)), own=149)


def blocks_of(message: Message) -> list[list[dict[str, Any]]]:
    return [part.blocks for part in parts_of(message)]


def cells_of(table: dict[str, Any]) -> list[list[str]]:
    return [[words_in(cell) for cell in row] for row in table["rows"]]


def words_in(cell: dict[str, Any]) -> str:
    return str(cell["text"] if cell["type"] == "raw_text" else cell["elements"][0]["elements"][0]["text"])


def test_a_table_is_slacks_own_with_every_cell_as_it_is_typed_and_none_empty() -> None:
    (((table,)),) = blocks_of(say(BOARD))
    assert table["type"] == "table"
    assert cells_of(table) == [[*HEADER], ["1", "<!channel> *Bob*", "40, up 2"], ["2", "Ana (you)", " "]]
    assert [row[0]["type"] for row in table["rows"]] == ["raw_text", "raw_text", "rich_text"]
    assert faults_of_message([table]) == []


def test_each_message_has_one_table_and_each_table_its_header() -> None:
    messages = blocks_of(say(BOARD, CROWD, BOARD))
    tables = [[one for one in blocks if one["type"] == "table"] for blocks in messages]
    assert [len(found) for found in tables] == [1] * len(messages)
    rows = [cells_of(table) for (table,) in tables]
    assert all(found[0] == [*HEADER] and len(found) <= 100 for found in rows)
    assert [row[1] for found in rows[1:-1] for row in found[1:]] == [row[1] for row in CROWD.rows]
    assert all(faults_of_message(blocks) == [] for blocks in messages)


@pytest.mark.parametrize(
    "table", [BOARD, CROWD, Table(("", ""), (("a", "b"),))], ids=["a few", "many", "bare"]
)
def test_in_windows_and_in_home_a_table_is_a_line_a_row(table: Table) -> None:
    view, rest = result_view("llmq", say(table), "{}")
    assert not rest
    for one in (view, home_view(say(table))):
        assert faults_of_view(one) == []
        lines = "".join(words_in_block(block) for block in one["blocks"] if block["type"] == "rich_text")
        assert lines.split("\n")[:-1] == [" · ".join(row) for row in table.rows]


def words_in_block(block: dict[str, Any]) -> str:
    return "".join(run["text"] for run in block["elements"][0]["elements"])


@pytest.mark.parametrize(("before", "least"), [("", 10), ("long enough for it", 10), ("idk", None)])
def test_a_field_wants_ten_characters_unless_it_holds_fewer(before: str, least: int | None) -> None:
    form = text_form("Your answer", "Why?", "answer @C1:1", before)
    (field,) = (one for one in form_view(form, "{}")["blocks"] if one["type"] == "input")
    assert field["element"].get("min_length") == least
    assert modal_of(form).to_dict()["components"][1]["component"].get("min_length") == least


async def test_a_board_is_a_table_that_a_button_changes_in_its_place(redis: Redis) -> None:
    async with playing(redis, "socket") as team:
        await team.question()
        await team.says(team.ana, f"answer {ANSWER}")
        board = await team.says(team.ana, "leaderboard")
        assert [block["type"] for block in board.blocks][:2] == ["rich_text", "table"]
        other = await (await team.ana.press(board, "All time")).shown()
        assert "All time" in words(other)
        assert team.ana.ephemerals[-1] == other
        assert not any("This week" in words(one) for one in team.ana.ephemerals)
