"""The team's own questions as files: taken out by admins, and brought in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.game.catalogue import Entry, Shelf
from bot.game.exports import EXPORT_FORMS, ExportForm, exported
from bot.game.suggestions import Suggestion, question_of
from bot.messages import File
from content.importing import import_deck
from tests.bot.test_suggesting import ANSWER, WRITTEN
from tests.dialogue import ADMIN, Dialogue, is_refused

BIRDS = {**WRITTEN, "question": "Which birds have embeddings like zebrafish?", "topic": "birds"}
BIRDS_ID = "team/which-birds-have-embeddings-like-zebrafish"


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def add(d: Dialogue, written: dict[str, str]) -> None:
    await d.fill(ADMIN, await d.says(ADMIN, "questions add"), ANSWER, written)


async def sent(d: Dialogue, text: str = "questions export") -> tuple[str, tuple[File, ...]]:
    """What an export told an admin: its words and its files."""
    before = len(d.platform.told)
    assert "private message" in await d.hears(ADMIN, text)
    await d.forward(seconds=20)
    ((_, member, message),) = d.platform.told[before:]
    assert member == ADMIN
    return d.text(message), message.files


def written(n: int, **changed: str) -> Suggestion:
    texts: Any = {"source": "https://example.org/1", "topic": "fish", **WRITTEN, "answer": ANSWER, **changed}
    prompt = f"{n} {texts.pop('question')}"
    return Suggestion("ana", "Ana", prompt, **texts)


def shelf_of(*suggestions: Suggestion) -> Shelf:
    return {f"q{n}": Entry(question_of(one, f"q{n}")) for n, one in enumerate(suggestions)}


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_what_is_exported_can_be_read_again(form: ExportForm) -> None:
    shelf = shelf_of(written(0), written(1, answer=f"# {ANSWER}\n- One *more*, <b>bold</b>?", topic="birds"))
    (file,) = exported(shelf, (), form, 10**6).files
    found = import_deck(file.text, Path(file.name))
    assert found.faults == ()
    asked = [one.question for one in shelf.values()]
    read = found.deck.questions
    assert [(one.prompt, one.topic) for one in read] == [(one.prompt, one.topic) for one in asked]
    if form != "anki":
        assert [replace(one, line=0) for one in read] == asked


def test_no_cell_of_a_table_is_a_formula() -> None:
    bad = "@SUM(1+1)*cmd|' /C calc'!A0"
    points = f"=each stripe to a vector\n+{WRITTEN['points']}\n@each stripe"
    one = Suggestion("ana", "Ana", f"={bad}?", f"{bad} {ANSWER}", points, "", "fish")
    (file,) = exported(shelf_of(one), (), "csv", 10**6).files
    cells = [cell for line in file.text.split("\n") for cell in line.replace('"', "").split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_long_deck_comes_in_parts_that_are_each_whole() -> None:
    shelf = shelf_of(*(written(n) for n in range(7)))
    one = len(exported(shelf_of(written(0)), (), "md", 1).files[0].text)
    files = exported(shelf, (), "md", 3 * one).files
    assert [file.name for file in files] == [f"questions-{n}-of-3.md" for n in (1, 2, 3)]
    decks = [import_deck(file.text, Path(file.name)).deck for file in files]
    assert [one.id for deck in decks for one in deck.questions] == list(shelf)


async def test_admins_get_the_teams_questions_as_a_file(d: Dialogue) -> None:
    await add(d, WRITTEN)
    words, (file,) = await sent(d)
    assert "The team's own questions:** 1." in words
    assert file.name == "questions.md"
    assert "nearest neighbour search" in file.text
    assert "subject number" not in file.text
    for form, name in (("csv", "questions.csv"), ("anki", "questions.txt")):
        assert [one.name for one in (await sent(d, f"question export {form}"))[1]] == [name]


async def test_what_is_open_or_comes_soon_is_left_out(d: Dialogue) -> None:
    await add(d, WRITTEN)
    await add(d, BIRDS)
    await d.says(ADMIN, "daily on 09:00 daily UTC birds")
    await d.says(ADMIN, f"daily next {BIRDS_ID}")
    for open in (False, True):
        if open:
            await d.open_round()
        words, (file,) = await sent(d)
        assert "1 more is open or comes soon" in words
        assert "How do zebrafish" in file.text
        assert "Which birds" not in file.text
    await d.reveal()
    await d.says(ADMIN, "daily off")
    assert "Which birds" in (await sent(d))[1][0].text


async def test_where_all_is_kept_back_no_file_comes(d: Dialogue) -> None:
    await add(d, BIRDS)
    await d.says(ADMIN, "daily on 09:00 daily UTC birds")
    await d.says(ADMIN, f"daily next {BIRDS_ID}")
    words, files = await sent(d)
    assert "1 more is open or comes soon" in words
    assert files == ()


async def test_nobody_else_exports_and_nothing_is_said_of_other_teams(d: Dialogue) -> None:
    assert is_refused(await d.says(ADMIN, "questions export"))
    await add(d, WRITTEN)
    for text in ("questions export", "question export csv"):
        assert is_refused(await d.says("ana", text))
    assert is_refused(await d.says(ADMIN, "questions export xlsx"))
