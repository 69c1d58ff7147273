"""Practice in conversation: questions on demand, their buttons, their points, and the topics."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.messages import Form, Reply, Table
from tests.dialogue import ADMIN, Dialogue, buttons_of, catalogue_of, deck, is_refused, question

MINE = "My practice answer is this."


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no round open."""
    return Dialogue(redis)


def number_of(reply: Reply) -> int:
    """Which of the numbered questions a practice message asks."""
    return int(buttons_of(reply)[0].command.rpartition("/q")[2])


async def test_random_asks_a_question_with_its_buttons(d: Dialogue) -> None:
    reply = await d.says("ana", "random")
    assert f"What is subject number {number_of(reply)} good for?" in d.text(reply)
    assert [button.label for button in buttons_of(reply)] == ["Answer", "Hint", "Show answer", "Another"]
    assert "secret" not in d.text(reply)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("random attention", {0, 3, 6, 9}),
        ("random hard", {2, 5, 8}),
        ('random "long context"', {2, 5, 8}),
        ("random easy attention", {0, 3, 6, 9}),
    ],
)
async def test_random_keeps_to_a_topic_and_a_level(d: Dialogue, text: str, numbers: set[int]) -> None:
    assert {number_of(await d.says("ana", text)) for _ in range(5)} <= numbers


@pytest.mark.parametrize("text", ["random", "random attention", "random “long context” hard"])
async def test_another_asks_for_the_same_topic_and_level(d: Dialogue, text: str) -> None:
    first = await d.says("ana", text)
    second = await d.press("ana", first, "Another")
    assert number_of(second) != number_of(first)
    assert buttons_of(second)[-1] == buttons_of(first)[-1]


async def test_random_prefers_what_was_not_had_and_then_what_was_had_longest_ago(d: Dialogue) -> None:
    numbers = []
    for _ in range(20):
        numbers.append(number_of(await d.says("ana", "random")))
        await d.forward(minutes=1)
    assert sorted(numbers[:10]) == list(range(10))
    assert numbers[10:] == numbers[:10]


async def test_another_says_so_when_nothing_new_is_left(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0))))
    first = await d.says("ana", "random")
    assert "before" not in d.text(first)
    again = await d.press("ana", first, "Another")
    assert number_of(again) == number_of(first)
    assert "you had this one before" in d.text(again)


async def test_each_member_has_questions_of_their_own(d: Dialogue) -> None:
    mine = {number_of(await d.says("ana", "random")) for _ in range(10)}
    theirs = {number_of(await d.says("bob", "random")) for _ in range(10)}
    assert mine == theirs == set(range(10))


async def test_random_refuses_what_no_question_has(d: Dialogue) -> None:
    reply = await d.says("ana", "random attention hard")
    assert is_refused(reply)
    assert "No question has topic `attention` and level `hard`. `/llmq topics` lists" in d.text(reply)


async def test_random_asks_what_was_revealed(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(14)))))
    await d.open_round()
    assert {number_of(await d.says("ana", "random")) for _ in range(30)} == {11, 12, 13}
    await d.reveal()
    assert 0 in {number_of(await d.says("ana", "random")) for _ in range(30)}


async def test_random_says_so_when_every_question_is_open(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0))))
    await d.open_round()
    reply = await d.says("ana", "random")
    assert is_refused(reply)
    assert "Every such question is open in this team, or comes soon. Name another topic" in d.text(reply)


async def test_show_answer_shows_the_reference_with_its_parts(d: Dialogue) -> None:
    reply = await d.says("ana", "random")
    said = d.text(await d.press("ana", reply, "Show answer"))
    n = number_of(reply)
    assert all(part in said for part in (f"secret{n}", f"point{n}", f"pitfall{n}", f"source{n}"))


async def test_an_answer_in_practice_is_compared_with_the_key_points_and_earns_a_point(d: Dialogue) -> None:
    reply = await d.says("ana", "random")
    form = await d.press("ana", reply, "Answer")
    assert isinstance(form, Form)
    assert "secret" not in d.text(form)
    card = await d.fill("ana", form, MINE)
    assert f"**Not found:** point{number_of(reply)}" in d.text(card)
    assert "+1 point; 4 more practice points today." in d.text(card)
    assert f"secret{number_of(reply)}" in d.text(await d.press("ana", card, "Show answer"))


async def test_practice_earns_five_points_a_day_and_goes_on_without(d: Dialogue) -> None:
    notes = [await d.hears("ana", f"random answer basics/q{n}", MINE) for n in range(6)]
    assert "+1 point; 1 more practice point today." in notes[3]
    assert "+1 point; no more practice points today." in notes[4]
    assert "The day's 5 practice points are earned; practice goes on without points." in notes[5]
    assert "This week: 5 points" in await d.hears("ana", "me")
    await d.forward(days=1)
    assert "+1 point; 4 more" in await d.hears("ana", "random answer basics/q7", MINE)


async def test_practice_keeps_no_streak(d: Dialogue) -> None:
    await d.says("ana", "random answer basics/q1", MINE)
    said = await d.hears("ana", "me")
    assert "This week: 1 point, place 1" in said
    assert "Streak in" not in said
    assert "Your first answer starts a streak here." in await d.hears("ana", "streak")


async def test_the_same_practice_answer_delivered_twice_counts_once(d: Dialogue) -> None:
    first = d.text(await d.says("ana", "random answer basics/q1", MINE, id="once"))
    second = d.text(await d.says("ana", "random answer basics/q1", MINE, id="once"))
    assert "+1 point; 4 more practice points today." in first
    assert second == first
    said = await d.hears("ana", "me")
    assert "This week: 1 point, place 1" in said
    assert "Questions answered: 1\n" in said


@pytest.mark.parametrize("body", ["short", "", "x" * 4001])
async def test_a_practice_answer_that_will_not_do_is_given_back(d: Dialogue, body: str) -> None:
    reply = await d.says("ana", "random answer basics/q1", body)
    assert is_refused(reply)
    assert body in d.text(reply)
    assert "secret" not in d.text(reply)


@pytest.mark.parametrize("text", ["random show basics/gone", "random answer basics/gone"])
async def test_a_question_that_left_the_decks_is_refused(d: Dialogue, text: str) -> None:
    reply = await d.says("ana", text, MINE)
    assert is_refused(reply)
    assert "That question is no longer in the decks." in d.text(reply)


async def test_a_practice_answer_to_a_question_that_was_opened_meanwhile_counts_for_nothing(
    d: Dialogue,
) -> None:
    await d.open_round()
    await d.says("ana", "random answer basics/q0", MINE)
    assert "Answers: none yet" in await d.hears("ana", "me")
    await d.reveal()
    assert "secret0" in await d.hears("ana", "random show basics/q0")


async def test_topics_count_questions_and_what_was_answered_of_them(d: Dialogue) -> None:
    await d.says("ana", "random answer basics/q1", MINE)
    await d.says("ana", "random answer basics/q1", MINE)
    await d.open_round()
    await d.says("ana", f"answer {MINE}")
    rows = next(block.rows for block in (await message(d, "topics")) if isinstance(block, Table))
    assert rows == (
        ("The basics (basics)", "10", "2"),
        ("· attention", "4", "1"),
        ("· prompting", "3", "1"),
        ("· long context", "3", "0"),
    )


async def message(d: Dialogue, text: str) -> tuple[object, ...]:
    """The blocks of what ana is told."""
    reply = await d.says("ana", text)
    assert not isinstance(reply, Form)
    return reply.blocks


async def test_an_answer_taken_back_is_not_counted_among_the_topics(d: Dialogue) -> None:
    await d.open_round()
    await d.says("ana", f"answer {MINE}")
    await d.says("ana", "answer withdraw")
    assert "The basics (basics) | 10 | 0" in await d.hears("ana", "topics")


async def test_what_one_member_answered_is_not_counted_for_another(d: Dialogue) -> None:
    await d.says(ADMIN, "random answer basics/q1", MINE)
    assert "The basics (basics) | 10 | 0" in await d.hears("ana", "topics")
