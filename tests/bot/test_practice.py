"""Practice in conversation: questions on demand, their buttons, their points, and the topics."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.messages import Bars, Form, Reply
from content.deck import Level
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


@pytest.fixture
def b(redis: Redis) -> Dialogue:
    """A bank of two decks, with aliases."""
    cache = replace(question(3, "kv-cache", Level.HARD), aliases=("paged attention", "vLLM"))
    agents = (question(4, "tools", Level.EASY), replace(question(5, "rag"), prompt="When does looping help?"))
    rag = deck(question(0, "chunking"), question(1, "rag"), question(2, "retrieval"), cache, id="rag")
    return Dialogue(redis, catalogue_of(rag, deck(*agents, id="agents")))


@pytest.mark.parametrize(
    ("about", "numbers"),
    [
        ("rag", {0, 1, 2, 3, 5}),
        ("the agents", {4, 5}),
        ("kv-cache", {3}),
        ("KV cache", {3}),
        ("kvcache", {3}),
        ("vllm", {3}),
        ("Paged-Attention", {3}),
        ("loops", {5}),
        ("what helps with looping", {5}),
        ("retrieval subject", {2}),
        ("chunking tools", {0, 4}),
        ("hard cache", {3}),
    ],
)
async def test_random_takes_a_deck_a_topic_an_alias_or_words_of_the_question(
    b: Dialogue, about: str, numbers: set[int]
) -> None:
    first = await b.says("ana", f"random {about}")
    shown = {number_of(first)}
    for _ in range(9):
        first = await b.press("ana", first, "Another")
        shown.add(number_of(first))
    assert shown == numbers


async def test_random_names_the_nearest_when_no_question_is_found(b: Dialogue) -> None:
    reply = await b.says("ana", "random retreival")
    assert is_refused(reply)
    assert "No question on `retreival`. Nearest:" in b.text(reply)
    assert [button.label for button in buttons_of(reply)] == ["retrieval", "All topics"]
    assert number_of(await b.press("ana", reply, "retrieval")) == 2
    assert "rag · 4 questions" in b.text(await b.press("ana", reply, "All topics"))


async def test_random_names_first_what_is_a_name_among_many_words(b: Dialogue) -> None:
    reply = await b.says("ana", "random vllm on mars")
    assert buttons_of(reply)[0].label == "vllm"


async def test_random_finds_nothing_in_nonsense_and_shows_the_way_to_all_topics(b: Dialogue) -> None:
    for nonsense in ("zzzzzz", "???", "x" * 500):
        reply = await b.says("ana", f"random {nonsense}")
        assert is_refused(reply)
        assert [button.label for button in buttons_of(reply)] == ["All topics"]
        assert "Nearest" not in b.text(reply)


async def test_random_offers_any_level_when_there_is_none_of_that_level(b: Dialogue) -> None:
    reply = await b.says("ana", "random kv cache easy")
    assert is_refused(reply)
    assert "No easy question on `kv cache`." in b.text(reply)
    assert number_of(await b.press("ana", reply, "Any level")) == 3


async def test_what_random_is_asked_about_fits_into_a_buttons_id(b: Dialogue) -> None:
    reply = await b.says("ana", f"random hard {'cache ' * 40}")
    assert number_of(reply) == 3
    assert max(len(button.command) for button in buttons_of(reply)) <= 100


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
    assert "Every such question is open in this team, comes soon, or is asked here no more. " in d.text(reply)


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


async def test_topics_count_the_questions_of_each_deck_and_what_was_answered_of_them(d: Dialogue) -> None:
    assert bars_of(await d.says("ana", "topics")) == [("basics · 10 questions", 0)]
    await d.says("ana", "random answer basics/q1", MINE)
    await d.says("ana", "random answer basics/q1", MINE)
    await d.open_round()
    await d.says("ana", f"answer {MINE}")
    assert bars_of(await d.says("ana", "topics")) == [("basics · 2 of 10", 0.2)]


async def test_of_very_many_decks_topics_shows_some_those_begun_first_and_counts_the_others(
    redis: Redis,
) -> None:
    many = Dialogue(redis, catalogue_of(*(deck(question(n), id=f"d{n}") for n in range(50))))
    await many.says("ana", "random answer d49/q49", MINE)
    reply = await many.says("ana", "topics")
    assert bars_of(reply)[:2] == [("d49 · 1 of 1", 1), ("d0 · 1 question", 0)]
    assert len(bars_of(reply)) == 40
    assert "And 10 more decks" in many.text(reply)


async def test_topics_of_a_deck_are_counted_each_and_practised_together(d: Dialogue) -> None:
    await d.says("ana", "random answer basics/q1", MINE)
    reply = await d.says("ana", "topics basics")
    assert bars_of(reply) == [
        ("attention · 4 questions", 0),
        ("prompting · 1 of 3", pytest.approx(1 / 3)),
        ("long context · 3 questions", 0),
    ]
    assert "The basics" in d.text(reply)
    assert number_of(await d.press("ana", reply, "Practise")) in range(10)
    assert "basics · 1 of 10" in d.text(await d.press("ana", reply, "All topics"))


async def test_topics_of_a_deck_that_is_none_are_refused(d: Dialogue) -> None:
    assert "Did you mean `basics`" in await d.hears("ana", "topics basic")


async def test_a_topic_of_two_decks_is_counted_in_each(b: Dialogue) -> None:
    assert bars_of(await b.says("ana", "topics")) == [("rag · 4 questions", 0), ("agents · 2 questions", 0)]
    assert bars_of(await b.says("ana", "topics agents"))[1] == ("rag · 1 question", 0)


def bars_of(reply: Reply) -> list[tuple[str, float]]:
    """The words and the length of each bar of a message."""
    assert not isinstance(reply, Form)
    return [(bar.words, bar.share) for block in reply.blocks if isinstance(block, Bars) for bar in block.bars]


async def test_an_answer_taken_back_is_not_counted_among_the_topics(d: Dialogue) -> None:
    await d.open_round()
    await d.says("ana", f"answer {MINE}")
    await d.says("ana", "answer withdraw")
    assert "basics · 10 questions" in await d.hears("ana", "topics")


async def test_what_one_member_answered_is_not_counted_for_another(d: Dialogue) -> None:
    await d.says(ADMIN, "random answer basics/q1", MINE)
    assert "basics · 10 questions" in await d.hears("ana", "topics")
