"""The channel's round in conversation: answering, answering again, taking back and coming late."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from bot.game.rules import KEPT_WITHDRAWN
from bot.game.schedule import milliseconds
from bot.messages import Form, Quote
from bot.requests import Channel
from tests.bot.test_privacy import holds
from tests.dialogue import ADMIN, Dialogue, is_refused

OTHER = Channel("console:local", "random-talk")
MINE = "My answer is about weights."
PROMPT = "What is subject number 0 good for?"


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no schedule yet."""
    return Dialogue(redis)


@pytest.fixture
async def open(d: Dialogue) -> Dialogue:
    """A dialogue in which the day's first question has just been posted."""
    await d.open_round()
    return d


async def test_an_answer_earns_points_and_a_streak(open: Dialogue) -> None:
    said = await open.hears("ana", f"answer {MINE}")
    assert "Your answer is in." in said
    assert "+10 points. Streak: 1 day." in said
    assert "Hidden until the reveal. 1 answer so far." in said


async def test_answering_again_replaces_and_counts_once(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    said = await open.hears("ana", "answer Another answer altogether.")
    assert "Your new answer is in." in said
    assert "points" not in said
    assert "1 answer so far" in said
    thread = open.text((await open.reveal()).message)
    assert "Ana: Another answer altogether." in thread
    assert MINE not in thread


async def test_the_answer_button_opens_a_form_whose_text_becomes_the_answer(open: Dialogue) -> None:
    form = await open.press("ana", open.platform.posts[-1].message, "Answer")
    assert isinstance(form, Form)
    assert (form.title, form.question, form.inputs[0].initial) == ("Your answer", PROMPT, "")
    assert "Your answer is in." in open.text(await open.fill("ana", form, MINE))


async def test_the_form_opens_with_the_answer_that_is_there(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    form = await open.press("ana", await open.says("ana", "today"), "Change")
    assert isinstance(form, Form)
    assert form.inputs[0].initial == MINE


async def test_the_same_form_sent_twice_counts_once(open: Dialogue) -> None:
    request = open.request("ana", "answer @practice:20780", MINE)
    first, second = await asyncio.gather(open.bot.handle(request), open.bot.handle(request))
    assert "+10 points" in open.text(first)
    # The same request has the same reply, and no further effect.
    assert "+10 points" in open.text(second)
    assert "This week: 10 points" in await open.hears("ana", "me")
    assert "1 answer so far" in open.text(second)


async def test_a_plain_reply_to_the_question_answers_it(open: Dialogue) -> None:
    reply = await open.writes("ana", MINE, open.platform.posts[-1].id)
    assert "Your answer is in." in open.text(reply)


async def test_a_short_reply_to_an_open_question_is_refused_with_its_text(open: Dialogue) -> None:
    reply = await open.writes("ana", "Weights.", open.platform.posts[-1].id)
    assert is_refused(reply)
    assert "at least 10 characters" in open.text(reply)
    assert "Ana: Weights." in open.text(reply)


@pytest.mark.parametrize("body", [MINE, "ok", ""])
async def test_a_reply_to_any_other_message_is_let_be(open: Dialogue, body: str) -> None:
    reply = await open.writes("ana", body, "another-message")
    assert open.text(reply) == ""
    assert "You: not yet" in await open.hears("ana", "today")


@pytest.mark.parametrize("body", [MINE, "thanks!"])
async def test_a_thread_is_for_talking_once_its_question_is_revealed(open: Dialogue, body: str) -> None:
    await open.reveal()
    reply = await open.writes("ana", body, open.platform.posts[-1].id)
    assert open.text(reply) == ""
    assert "You: not yet" in await open.hears("ana", "today")


async def test_a_round_of_another_channel_is_named_in_vain_by_a_stranger_to_it(
    open: Dialogue,
) -> None:
    for text in (f"answer @practice:20780 {MINE}", "today @practice:20780", "answer @practice:20780"):
        reply = await open.says("ana", text, channel=OTHER)
        assert "subject number 0" not in open.text(reply)
    assert "You: not yet" in await open.hears("ana", "today")


async def test_who_has_answered_in_a_channel_may_name_its_round_from_elsewhere(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    reply = await open.says("ana", "answer @practice:20780 Another text of mine.", channel=OTHER)
    assert "Your new answer is in." in open.text(reply)
    assert "Another text of mine." in await open.hears("ana", "today")


async def test_a_withdrawal_that_is_delivered_twice_gives_the_text_twice(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    first = await open.says("ana", "answer withdraw", id="press")
    again = await open.says("ana", "answer withdraw", id="press")
    assert open.text(again) == open.text(first)
    assert MINE in open.text(again)


async def test_a_text_that_was_taken_back_is_kept_for_minutes_and_in_one_key(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.says("ana", "answer withdraw")
    (kept,) = await holds(open.redis, "about weights")
    assert ":withdrawn:" in kept
    assert 0 < await open.redis.pttl(kept) <= milliseconds(KEPT_WITHDRAWN)


@pytest.mark.parametrize(
    "nothing",
    [
        "." * 30,
        "\u200b" * 30,
        "\u3164" * 30,
        "\u2800" * 30,
        "aaaaaaaaaaaaaaa",
        f"Question: {PROMPT}",
        f"> {PROMPT} Yes.",
    ],
)
async def test_what_says_nothing_is_no_answer(open: Dialogue, nothing: str) -> None:
    assert is_refused(await open.says("ana", "answer", nothing))
    assert "You: not yet" in await open.hears("ana", "today")


async def test_a_word_of_the_bots_own_is_not_given_back_as_an_answer(open: Dialogue) -> None:
    assert "Ana:" not in await open.hears("ana", "answer withdraw")
    assert "Ana: too short" in await open.hears("ana", "answer @practice:20780 too short")


async def test_an_answer_is_taken_back_with_its_points_and_shown(open: Dialogue) -> None:
    answered = await open.says("ana", f"answer {MINE}")
    said = open.text(await open.press("ana", answered, "Take back"))
    assert f"Taken back**, with its points. It was:\nAna: {MINE}" in said
    me = await open.hears("ana", "me")
    assert "Streak" not in me.partition("[")[0]
    assert "points" not in me
    assert "+10 points" in await open.hears("ana", f"answer {MINE}")


async def test_withdraw_is_understood_in_any_case(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    assert "Taken back" in await open.hears("ana", "answer  WITHDRAW ")


async def test_a_form_that_says_withdraw_is_an_answer_and_too_short(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    assert "at least 10 characters" in await open.hears("ana", "answer", "withdraw")
    assert "You: in time" in await open.hears("ana", "today")


async def test_there_is_nothing_to_take_back_without_an_answer(open: Dialogue) -> None:
    reply = await open.says("ana", "answer withdraw")
    assert is_refused(reply)
    assert "You have no answer here yet." in open.text(reply)


async def test_an_answer_stays_once_it_is_revealed(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.reveal()
    for text in ("answer", f"answer {MINE}", "answer Something else entirely."):
        assert "Answers stay as they were at the reveal." in await open.hears("ana", text)
    assert "Answers stay as they were at the reveal." in await open.hears("ana", "answer withdraw")


async def test_a_late_answer_earns_less_and_keeps_the_streak(open: Dialogue) -> None:
    await open.reveal()
    reply = await open.says("ana", f"answer {MINE}")
    assert "Your late answer is in the thread.** +4 points. Streak: 1 day." in open.text(reply)
    assert "point0" in open.text(await open.press("ana", reply, "Compare mine"))
    assert "secret0" in await open.hears("ana", "today")
    assert "late" in await open.hears("ana", "streak")


async def test_a_late_answer_can_be_replaced_and_counts_once(open: Dialogue) -> None:
    await open.reveal()
    await open.says("ana", f"answer {MINE}")
    form = await open.says("ana", "answer")
    assert isinstance(form, Form)
    assert form.inputs[0].initial == MINE
    assert "points" not in open.text(await open.fill("ana", form, "A better late answer."))
    assert "This week: 4 points" in await open.hears("ana", "me")


@pytest.mark.parametrize("late", [False, True])
async def test_an_answer_in_place_of_not_knowing_says_its_points_however_often_it_comes(
    open: Dialogue, late: bool
) -> None:
    if late:
        await open.reveal()
    await open.says("ana", "answer I don't know.")
    request = open.request("ana", f"answer {MINE}")
    words = [open.text(await open.handle(request)) for _ in range(2)]
    assert words[0] == words[1]
    assert f"+{4 if late else 10} points." in words[0]


async def test_a_withdrawal_from_before_the_reveal_leaves_a_late_answer_alone(open: Dialogue) -> None:
    withdrawal = open.request("ana", "answer withdraw")
    await open.forward(minutes=5)
    await open.reveal()
    await open.says("ana", f"answer {MINE}")
    assert is_refused(await open.handle(withdrawal))
    assert "You: late" in await open.hears("ana", "today")
    assert "This week: 4 points" in await open.hears("ana", "me")


async def test_a_closed_round_takes_no_answer(open: Dialogue) -> None:
    await open.says(ADMIN, "daily off")
    await open.forward(hours=25)
    for text in ("answer", f"answer {MINE}", f"answer @practice:20780 {MINE}"):
        assert "This question is closed." in await open.hears("ana", text)


async def test_the_button_of_a_past_question_does_not_answer_the_newest(open: Dialogue) -> None:
    await open.forward(days=1, hours=2)
    assert len(open.platform.posts) == 2
    assert "This question is closed." in open.text(
        await open.press("ana", open.platform.posts[0].message, "Answer")
    )


@pytest.mark.parametrize("text", ["answer", f"answer {MINE}", "answer withdraw", "answer @practice:1"])
async def test_there_is_no_answering_without_a_round(d: Dialogue, text: str) -> None:
    reply = await d.says("ana", text)
    assert is_refused(reply)
    assert "No question is open here. `/llmq today` says when the next one comes" in d.text(reply)


@pytest.mark.parametrize(
    "pasted",
    [PROMPT, PROMPT.upper(), f"  {PROMPT.replace(' ', '   ')}\n", f"**{PROMPT}**", PROMPT.removesuffix("?")],
)
async def test_the_question_pasted_back_is_refused_and_given_back(open: Dialogue, pasted: str) -> None:
    said = await open.hears("ana", "answer", pasted)
    assert "This is the question itself. Write your own answer." in said
    assert f"Ana: {pasted.strip()}" in said


@pytest.mark.parametrize("separator", [" ", "  ", "\n", "\t", "\xa0"])
async def test_a_refused_answer_is_given_back_whatever_separates_it(open: Dialogue, separator: str) -> None:
    reply = await open.says("ana", f"answer{separator}Weights.")
    assert is_refused(reply)
    assert "Ana: Weights." in open.text(reply)


async def test_an_answer_of_100_kb_is_refused_and_given_back(open: Dialogue) -> None:
    said = await open.hears("ana", "answer", "word " * 20_000)
    assert "Your answer has 99,999 characters; 4,000 fit." in said
    assert f"Ana: {'word ' * 20_000}".strip() in said


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a bell \x07 and \x1b[2J an escape", "a bell  and [2J an escape"),
        ("half \ud83d a character here", "half  a character here"),
        ("שלום, זו תשובה ארוכה דיה", "שלום, זו תשובה ארוכה דיה"),
        ("👩\u200d🔬 emoji 🎉 and more", "👩\u200d🔬 emoji 🎉 and more"),
        ("“smart” «quotes» and more", "“smart” «quotes» and more"),
        ("<!channel> @everyone *bold* `x`", "<!channel> @everyone *bold* `x`"),
        ("two\r\nlines of text", "two\nlines of text"),
        ('{"json": null, "x": [1e5]} \\u0000', '{"json": null, "x": [1e5]} \\u0000'),
        ("answer withdraw 1234567890123456789", "answer withdraw 1234567890123456789"),
    ],
)
async def test_what_was_written_is_shown_as_it_was_written(open: Dialogue, typed: str, shown: str) -> None:
    assert "Your answer is in." in await open.hears("ana", "answer", typed)
    assert Quote("Ana", shown) in (await open.reveal()).message.blocks


@pytest.mark.parametrize("text", ["topics", "leaderboard week", "random attention", "today"])
async def test_a_command_without_its_slash_is_no_answer(d: Dialogue, text: str) -> None:
    await d.open_round()
    for reply in (await d.says("ana", "answer", text), await d.says("ana", f"answer {text}")):
        assert is_refused(reply)
        assert f"so it was not taken. Did you mean `/llmq {text}`?" in d.text(reply)
        assert text in d.text(reply)
    assert "You: not yet" in await d.hears("ana", "today")
    assert is_refused(await d.says("ana", "random answer basics/q5", text))
