"""The team's own questions as files: taken out by admins, and brought in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.game.catalogue import Entry, Shelf
from bot.game.exports import EXPORT_FORMS, ExportForm, exported
from bot.game.imports import joined
from bot.game.suggestions import Suggestion, question_of
from bot.messages import File, Form
from content.deck import Question
from content.importing import import_deck
from content.prose import prose
from tests.bot.test_suggesting import ANSWER, WRITTEN
from tests.dialogue import ADMIN, Dialogue, is_refused

BIRDS = {**WRITTEN, "question": "Which birds have embeddings like zebrafish?", "topic": "birds"}
FISH_ID = "team/how-do-zebrafish-embeddings-find-similar"
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


PASTED = f"""\
## How do zebrafish embeddings find similar fish?

- topic: zebrafish

**Answer:**

{ANSWER}

**Key points:**
- each stripe to a vector

## Which birds have **embeddings**?

Those that somebody has measured, \ue004help:1\ue005 as everywhere.
"""


async def paste(d: Dialogue, text: str = PASTED, who: str = ADMIN) -> str:
    form = await d.says(who, "questions import")
    return d.text(await d.fill(who, form, text))


async def prompts(d: Dialogue) -> list[str]:
    _, shelf = await d.store.own.shelf(d.channel.team)
    return [entry.question.prompt for entry in shelf.values()]


async def test_a_pasted_deck_joins_the_teams_own(d: Dialogue) -> None:
    said = await paste(d)
    assert "2 added, 0 changed." in said
    assert "nearest neighbour" in await d.hears(
        "ana", "random show team/how-do-zebrafish-embeddings-find-similar"
    )
    assert "\ue004" not in await d.hears("ana", "random show team/which-birds-have-embeddings")
    assert "questions import" in await d.hears(ADMIN, "log")
    # Once more it changes nothing, and the form is empty.
    again = await paste(d)
    assert "0 added, 0 changed." in again
    assert "2 as they were already." in again
    form = await d.says(ADMIN, "questions import")
    assert isinstance(form, Form)
    assert form.inputs[0].initial == ""


async def test_what_was_exported_and_changed_is_a_new_version(d: Dialogue) -> None:
    await paste(d)
    _, (file,) = await sent(d)
    said = await paste(d, file.text.replace("somebody has measured", "nobody has measured"))
    assert "0 added, 1 changed." in said
    assert "1 as they were already." in said
    assert "Version: 2" in await d.hears(ADMIN, "questions show which-birds-have-embeddings")


async def test_of_a_deck_with_a_fault_nothing_is_taken_and_the_text_is_kept(d: Dialogue) -> None:
    wrong = PASTED.replace("Which birds have **embeddings**?", "Birds")
    said = await paste(d, wrong)
    assert "Nothing was imported." in said
    assert "line 12: a heading that is not a question: `Birds`" in said
    assert await prompts(d) == []
    form = await d.says(ADMIN, "questions import")
    assert isinstance(form, Form)
    assert form.inputs[0].initial.startswith("## How do zebrafish")
    # In the form of a suggestion it is not.
    other = await d.says(ADMIN, "suggest")
    assert isinstance(other, Form)
    assert all(one.initial == "" for one in other.inputs)


@pytest.mark.parametrize("text", ["hello", "question,answer\n", "<@&1> @everyone", "#" * 3000, "\x00"])
async def test_what_has_no_question_is_refused(d: Dialogue, text: str) -> None:
    form = await d.says(ADMIN, "questions import")
    assert is_refused(await d.fill(ADMIN, form, text))
    assert await prompts(d) == []


async def test_a_pasted_table_is_read(d: Dialogue) -> None:
    said = await paste(d, f"Topic,Question,Answer\nfish,Why fish?,{ANSWER}\nbirds,Why birds?,Because.")
    assert "2 added" in said
    assert sorted(await prompts(d)) == ["Why birds?", "Why fish?"]


async def test_no_entity_of_a_pasted_deck_stands_for_words_of_llmqs_own(d: Dialogue) -> None:
    hostile = "&#xE000;9|time|x&#xe001; &#57346;C1&#057347; &#XE004;help:1&#xE005; &#65; &amp;#xE000;"
    await paste(d, PASTED.replace("as everywhere", f"{hostile} as everywhere"))
    _, shelf = await d.store.own.shelf(d.channel.team)
    shown = prose(shelf["which-birds-have-embeddings"].question.answer)
    assert "9|time|x C1 help:1 A &#xE000; as everywhere" in shown


async def test_an_import_changes_nothing_that_is_open_or_comes_soon(d: Dialogue) -> None:
    await paste(d)
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    await d.says(ADMIN, "daily next which-birds-have-embeddings")
    said = await paste(d, PASTED.replace("measured", "weighed").replace("A nearest", "Then a nearest"))
    assert "0 added, 1 changed." in said or "0 added, 0 changed." in said
    assert "open or coming soon" in said
    _, shelf = await d.store.own.shelf(d.channel.team)
    assert "measured" in shelf["which-birds-have-embeddings"].question.answer


async def test_what_llmq_brings_is_not_taken_again(d: Dialogue) -> None:
    said = await paste(d, "## What is subject number 3 good for?\n\nSomething else.")
    assert "1 in decks that come with llmq." in said
    assert await prompts(d) == []


async def test_members_import_nothing(d: Dialogue) -> None:
    assert is_refused(await d.says("ana", "questions import"))
    assert is_refused(await d.says("ana", "question import", PASTED))
    assert await prompts(d) == []


@pytest.mark.parametrize("has_moment", [True, False])
async def test_an_import_that_comes_again_undoes_nothing(d: Dialogue, has_moment: bool) -> None:
    act = d.request(ADMIN, "questions import", PASTED)
    act = act if has_moment else replace(act, at=None)
    await d.handle(act)
    d.now += timedelta(minutes=1)
    edited = PASTED.replace(
        "Which birds have **embeddings**?", "Which birds fly?\n\n- id: which-birds-have-embeddings"
    )
    assert "0 added, 1 changed." in await paste(d, edited)
    await d.handle(act)
    assert sorted(await prompts(d)) == ["How do zebrafish embeddings find similar fish?", "Which birds fly?"]


async def test_an_import_that_dies_is_gone_on_with(d: Dialogue) -> None:
    act, run, left = d.request(ADMIN, "questions import", PASTED), d.store._scripts.run, [1]

    async def dying(name: str, key: str, *args: str | int) -> Any:
        if name == "put_question":
            if not left:
                raise RuntimeError("killed")
            left.pop()
        return await run(name, key, *args)

    d.store._scripts.run = dying  # type: ignore[method-assign]
    await d.handle(act)
    assert len(await prompts(d)) == 1
    d.store._scripts.run = run  # type: ignore[method-assign]
    assert "1 added, 0 changed." in d.text(await d.handle(act))
    assert len(await prompts(d)) == 2


def ids_of(shelf: Shelf, *questions: Question) -> list[str]:
    return [one.id for one in joined(shelf, questions)]


def test_each_question_gets_an_id_of_its_own() -> None:
    made = [question_of(written(n, question="Why fish?"), "why") for n in range(4)]
    first, same, other, generated = made[0], made[0], made[1], replace(made[2], has_own_id=False)
    shelf = {"why": Entry(first)}
    # One that asks the same, one that has its id, one whose id was made from its words, and both at once.
    assert ids_of(shelf, replace(same, id="x")) == ["why"]
    assert ids_of(shelf, other) == ["why"]
    assert ids_of(shelf, generated) == ["why-2"]
    assert ids_of(shelf, replace(same, id="x"), other) == ["why", "why-2"]
    assert ids_of({}, replace(first, id="Own-Id")) == ["Own-Id"]


def test_follow_ups_go_along_with_what_they_follow() -> None:
    first, second = (question_of(written(n, question="Why fish?"), f"q{n}") for n in range(2))
    shelf = {"there": Entry(replace(first, id="there"))}
    found = joined(shelf, (first, replace(second, follow_up_of="q0")))
    assert [(one.id, one.follow_up_of) for one in found] == [("there", None), ("q1", "there")]
