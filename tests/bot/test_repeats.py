"""What a platform delivers again, soon or late, changes nothing of suggestions and of the team's deck."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.messages import Form, Reply
from bot.requests import Request
from tests.bot.test_suggesting import ANSWER, WRITTEN
from tests.dialogue import ADMIN, Dialogue, buttons_of, is_refused

ALIKE = {**WRITTEN, "question": "What is subject number 3 really good for?"}
OTHER = {**WRITTEN, "question": "Which birds have embeddings like zebrafish?"}
NEW = f"{ANSWER} It is new."
Send = Callable[[Request], Awaitable[Reply]]


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


@pytest.fixture(params=["with a moment", "without one"])
def send(request: pytest.FixtureRequest, d: Dialogue) -> Send:
    """How an act reaches the bot a second after the one before, and on some platforms without its moment."""

    async def sent(act: Request) -> Reply:
        d.now += timedelta(seconds=1)
        return await d.handle(act if request.param == "with a moment" else replace(act, at=None))

    return sent


def asks(
    d: Dialogue, who: str, text: str, body: str | None = None, inputs: dict[str, str] | None = None
) -> Request:
    d.now += timedelta(seconds=1)
    return replace(d.request(who, text, body), inputs=inputs or {})


async def drafted(d: Dialogue, who: str = "ana") -> list[str]:
    form = await d.says(who, "suggest")
    assert isinstance(form, Form)
    return [one.initial for one in form.inputs if one.initial]


def pressed(d: Dialogue, who: str, reply: Any, label: str) -> Request:
    return asks(d, who, next(one.command for one in buttons_of(reply) if one.label == label))


async def test_what_was_discarded_does_not_come_back(d: Dialogue, send: Send) -> None:
    written = asks(d, "ana", "suggest", ANSWER, ALIKE)
    drop = pressed(d, "ana", await send(written), "Discard")
    await send(drop)
    await send(written)
    assert await drafted(d) == []
    # Nor does it go twice.
    await send(asks(d, "ana", "suggest", ANSWER, {**ALIKE, "question": "What is subject number 4 good for?"}))
    await send(drop)
    assert ANSWER in await drafted(d)


@pytest.mark.parametrize("act", ["Approve", "Decline"])
async def test_what_was_sent_is_not_sent_again_once_it_is_settled(d: Dialogue, send: Send, act: str) -> None:
    written = asks(d, "ana", "suggest", ANSWER, ALIKE)
    anyway = pressed(d, "ana", await send(written), "Send anyway")
    await send(anyway)
    await send(written)
    assert await drafted(d) == []
    form = await d.press(ADMIN, await d.says(ADMIN, "suggestions"), act)
    if isinstance(form, Form):
        await d.fill(ADMIN, form, "Too fishy.")
    for again in (written, anyway):
        await send(again)
    assert await d.store.suggestions.waiting(d.channel.team) == []
    # What came back is there to be changed.
    assert (ANSWER in await drafted(d)) is (act == "Decline")


async def test_a_declined_one_may_be_sent_as_it_was(d: Dialogue, send: Send) -> None:
    await send(asks(d, "ana", "suggest", ANSWER, WRITTEN))
    form = await d.press(ADMIN, await d.says(ADMIN, "suggestions"), "Decline")
    await d.fill(ADMIN, form, "Too fishy.")
    await send(asks(d, "ana", "suggest", ANSWER, WRITTEN))
    assert len(await d.store.suggestions.waiting(d.channel.team)) == 1


async def test_an_edit_that_comes_again_undoes_no_newer_one(d: Dialogue, send: Send) -> None:
    await send(asks(d, "ana", "suggest", ANSWER, WRITTEN))
    (id,) = await d.store.suggestions.waiting(d.channel.team)
    first = asks(d, ADMIN, f"suggestions edit {id}", ANSWER, OTHER)
    await send(first)
    await send(asks(d, ADMIN, f"suggestions edit {id}", NEW, OTHER))
    assert is_refused(await send(first))
    assert "It is new." in await d.hears(ADMIN, "suggestions")


async def test_a_question_of_the_team_is_added_and_changed_once(d: Dialogue, send: Send) -> None:
    add = asks(d, ADMIN, "questions add", ANSWER, WRITTEN)
    await send(add)
    (id,) = (await d.store.own.shelf(d.channel.team))[1]
    edit = asks(d, ADMIN, f"questions edit {id}", ANSWER, OTHER)
    await send(edit)
    await send(asks(d, ADMIN, f"questions edit {id}", NEW, OTHER))
    for act in (add, edit):
        await send(act)
    shelf = (await d.store.own.shelf(d.channel.team))[1]
    assert [(entry.question.prompt, entry.version) for entry in shelf.values()] == [(OTHER["question"], 3)]
    assert "It is new." in shelf[id].question.answer


@pytest.mark.parametrize(("first", "second"), [("retire", "restore"), ("restore", "retire")])
async def test_the_newest_word_on_a_question_holds(d: Dialogue, send: Send, first: str, second: str) -> None:
    acts = [asks(d, ADMIN, f"questions {act} q3") for act in (first, second)]
    for act in (*acts, acts[0]):
        await send(act)
    assert ("basics/q3" in await d.store.own.retired(d.channel.team)) is (second == "retire")
