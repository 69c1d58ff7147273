"""What can be asked in a team: found by everyone, and kept by its admins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from redis.asyncio import Redis

from bot.game.catalogue import Entry
from bot.game.suggestions import as_markdown, as_typed, changed, is_plain, written_in
from bot.messages import Form, Message, Reply
from tests.bot.test_suggesting import ANSWER, HOSTILE, WRITTEN
from tests.dialogue import ADMIN, Dialogue, buttons_of, is_refused, question

OWN_ID = "how-do-zebrafish-embeddings-find-similar"
ID = f"team/{OWN_ID}"
NEW = f"{ANSWER} It is new."


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def added(d: Dialogue, answer: str = ANSWER, **changed: str) -> Reply:
    return await d.fill(ADMIN, await d.says(ADMIN, "questions add"), answer, {**WRITTEN, **changed})


async def edited(d: Dialogue, answer: str) -> Reply:
    form = await d.says(ADMIN, f"question edit {ID}")
    return await d.fill(ADMIN, form, answer, WRITTEN) if isinstance(form, Form) else form


async def test_everyone_finds_what_can_be_asked(d: Dialogue) -> None:
    said = await d.hears("ana", "questions")
    assert "10 questions" in said
    assert "What is subject number 3 good for? · `basics/q3`" in said
    assert "secret" not in said
    found = await d.hears("ana", "questions prompting")
    assert "q4" in found
    assert "q3" not in found
    assert is_refused(await d.says("ana", "questions zeppelin"))


async def test_long_lists_have_pages(d: Dialogue) -> None:
    await added(d)
    first = await d.says("ana", "questions")
    assert "zebrafish" not in d.text(first)
    second = await d.press("ana", first, "More")
    assert "zebrafish" in d.text(second)
    assert [one.label for one in buttons_of(second)] == ["Back"]


@pytest.mark.parametrize("act", ["add", "edit q1", "retire q1", "restore q1", "show q1"])
async def test_members_keep_no_questions(d: Dialogue, act: str) -> None:
    for words in ("questions", "question"):
        assert is_refused(await d.says("ana", f"{words} {act}"))
        assert is_refused(await d.says("ana", f"{words} {act}", ANSWER))


async def test_an_added_question_is_found_and_asked(d: Dialogue) -> None:
    assert "It can be asked now:" in d.text(await added(d))
    assert ID in await d.hears("ana", "questions zebrafish")
    assert "nearest neighbour search" in await d.hears("ana", f"random show {ID}")
    # Sent again it is there already, and with other words it is refused.
    assert "It can be asked now:" in d.text(await added(d))
    assert is_refused(await added(d, NEW))
    assert len((await d.store.own.shelf(d.channel.team))[1]) == 1


async def test_what_is_wrong_is_said_and_the_text_is_kept(d: Dialogue) -> None:
    said = await added(d, question="No question")
    assert is_refused(said)
    form = await d.press(ADMIN, said, "Go on writing")
    assert isinstance(form, Form)
    assert [one.initial for one in form.inputs][:2] == ["No question", ANSWER]


async def test_a_change_keeps_the_version_before(d: Dialogue) -> None:
    await added(d)
    assert "Changed." in d.text(await edited(d, NEW))
    shown = await d.says(ADMIN, f"question show {OWN_ID}")
    assert "It is new." in d.text(shown)
    assert "Version: 2" in d.text(shown)
    before = await d.press(ADMIN, shown, "Version 1")
    assert "It is new." not in d.text(before)
    assert "Version: 1, until" in d.text(before)
    # The same once more changes nothing.
    await edited(d, NEW)
    assert "Version: 2" in await d.hears(ADMIN, f"questions show {ID}")


async def test_an_open_question_is_shown_to_nobody_and_keeps_its_text(d: Dialogue) -> None:
    await added(d)
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    # What comes soon is not shown either.
    await d.says(ADMIN, f"daily next {ID}")
    for text in (f"questions show {ID}", f"questions edit {ID}"):
        shown = await d.says(ADMIN, text)
        assert isinstance(shown, Message)
        assert "comes soon" in d.text(shown)
        assert "so its answer is kept back" in d.text(shown)
        assert "neighbour" not in d.text(shown)
    await d.open_round()
    for text in (f"questions show {ID}", f"questions edit {ID}"):
        assert "neighbour" not in await d.hears(ADMIN, text)
    assert is_refused(await d.says(ADMIN, f"questions edit {ID}", NEW))
    await d.reveal()
    assert "Changed." in d.text(await edited(d, NEW))
    assert "It is new." not in await d.hears("ana", "today show")


async def test_two_who_change_a_question_at_once_do_not_undo_each_other(d: Dialogue) -> None:
    await added(d)
    team, own = d.channel.team, d.store.own
    entry, stored = await own.get(team, OWN_ID)
    assert entry
    one, other = (Entry(replace(entry.question, answer=text), 2) for text in ("One.", "Other."))
    assert await own.put(team, OWN_ID, stored, one, d.now) == "kept"
    assert await own.put(team, OWN_ID, stored, one, d.now) == "kept"
    assert await own.put(team, OWN_ID, stored, other, d.now) == "changed"
    assert len(await own.versions(team, OWN_ID)) == 1


async def test_any_question_is_retired_and_asked_again(d: Dialogue) -> None:
    said = await d.says(ADMIN, "questions retire basics/q3")
    assert "asked no more here" in d.text(said)
    assert is_refused(await d.says("ana", "random show basics/q3"))
    assert "not asked here" in await d.hears("ana", "questions number 3")
    assert "Asked: not in this team" in await d.hears(ADMIN, "questions show q3")
    await d.press(ADMIN, said, "Ask it again")
    assert not is_refused(await d.says("ana", "random show basics/q3"))
    assert "questions retire" in await d.hears(ADMIN, "log")


async def test_what_all_teams_have_cannot_be_changed(d: Dialogue) -> None:
    assert is_refused(await d.says(ADMIN, "questions edit basics/q3"))
    assert is_refused(await d.says(ADMIN, "questions edit basics/q3", ANSWER))
    assert "secret3" in await d.hears(ADMIN, "questions show q3")
    assert is_refused(await d.says(ADMIN, "questions show nothing"))


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("act", ["add", "edit"])
@pytest.mark.parametrize("step", ["draft", "put_question", "add_log"])
async def test_what_dies_at_any_step_and_is_done_again_is_done_once(
    d: Dialogue, act: str, step: str, moment: str
) -> None:
    if act == "edit":
        await added(d)
    run, struck = d.store._scripts.run, list[str]()

    async def dying(name: str, key: str, *args: str | int) -> Any:
        dies = name == step and not struck
        struck.extend([name] if dies else [])
        if not dies or moment == "after":
            answer = await run(name, key, *args)
        if dies:
            raise RuntimeError("killed")
        return answer

    d.store._scripts.run = dying  # type: ignore[method-assign]
    sent = d.request(ADMIN, "questions add" if act == "add" else f"questions edit {ID}", NEW)
    for _ in range(2):
        await d.handle(replace(sent, inputs=WRITTEN))
    assert struck
    _, shelf = await d.store.own.shelf(d.channel.team)
    assert shelf[OWN_ID].question.answer == as_markdown(NEW)
    assert shelf[OWN_ID].version == (1 if act == "add" else 2)
    assert len(await d.store.own.versions(d.channel.team, OWN_ID)) == shelf[OWN_ID].version - 1


@given(HOSTILE)
def test_what_was_typed_stands_in_the_form_as_it_was_typed(text: str) -> None:
    assert as_markdown(as_typed(as_markdown(text))) == as_markdown(text)


@pytest.mark.parametrize("text", ["`a`", "**b**", "[c](https://d.e)", "f_g"])
def test_what_is_formatted_stays_formatted(text: str) -> None:
    before = replace(question(1), answer=f"It is {text}.")
    assert not is_plain(before)
    assert changed(before, written_in(before)) == before


@pytest.mark.parametrize("when", ["soon", "open"])
async def test_a_form_sent_for_a_question_that_comes_is_refused_and_kept(d: Dialogue, when: str) -> None:
    await added(d)
    form = await d.says(ADMIN, f"question edit {ID}")
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    await d.says(ADMIN, f"daily next {ID}")
    if when == "open":
        await d.open_round()
    said = await d.fill(ADMIN, form, NEW, WRITTEN)
    assert is_refused(said)
    assert "after its reveal" in d.text(said)
    assert "It is new." in d.text(said)
    entry, stored = await d.store.own.get(d.channel.team, OWN_ID)
    assert entry
    assert entry.version == 1
    # Not even where it comes up while it is changed.
    after = Entry(replace(entry.question, answer="Other."), 2)
    assert await d.store.own.put(d.channel.team, OWN_ID, stored, after, d.now) == "kept_back"
    if when == "open":
        await d.reveal()
        await d.says(ADMIN, "daily off")
        again = await d.says(ADMIN, f"question edit {ID}")
        assert isinstance(again, Form)
        assert again.inputs[1].initial == NEW


async def test_no_change_makes_two_questions_ask_the_same(d: Dialogue) -> None:
    await added(d)
    form = await d.says(ADMIN, f"question edit {ID}")
    same = {**WRITTEN, "question": "What is subject number 3 good for?"}
    said = await d.fill(ADMIN, form, ANSWER, same)
    assert is_refused(said)
    assert "`basics/q3`" in d.text(said)


async def test_a_new_question_that_is_to_be_asked_next_is_shown_to_nobody(redis: Redis) -> None:
    d = Dialogue(redis)

    async def add(n: int) -> None:
        form = await d.says(ADMIN, "questions add")
        await d.fill(
            ADMIN, form, ANSWER, {**WRITTEN, "question": f"Why are zebrafish of kind {n} so striped?"}
        )

    for n in range(8):
        await add(n)
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    await d.forward(days=4)
    # They have their places in an order of which a part is asked already.
    for n in range(20, 24):
        await add(n)
    await d.forward(seconds=1)
    kept_back = await d.store.own.kept_back(d.channel.team)
    await d.forward(days=1)
    asked = (await d.store.channel(d.channel)).round
    assert asked
    assert "-of-kind-2" in asked.question
    assert asked.question in kept_back
