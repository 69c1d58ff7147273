"""Comparing an answer with the key points, and grading how well one knew it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.commands.learning import excerpt, hint_message
from bot.game.memory import Grade
from bot.game.posts import rarest
from bot.messages import Bars, Message
from content.deck import KeyPoint
from tests.adapters.samples import ROUND
from tests.dialogue import ADMIN, Dialogue, buttons_of, catalogue_of, deck, is_refused, question
from tests.lives import Life

KNOWS = "It is secret0 that makes the difference here."
KNOWS_NOT = "It may well be something else entirely."


async def with_a_reveal(redis: Redis) -> Dialogue:
    """A revealed question to which Ana has the key point and Bob has not."""
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", f"answer {KNOWS}")
    await d.says("bob", f"answer {KNOWS_NOT}")
    await d.reveal()
    return d


REVEALED = Life(with_a_reveal)


@pytest.fixture
async def revealed(redis: Redis, redis_url: str) -> Dialogue:
    return await REVEALED.again(redis, redis_url)


async def test_a_card_shows_what_was_found_with_the_members_own_words(revealed: Dialogue) -> None:
    said = await revealed.hears("ana", "compare")
    assert "Found 1 of 1 key point" in said
    assert f"**Found:** point0\nYou: {KNOWS}\n" in said
    assert "it cannot tell whether a statement is true" in said


async def test_a_card_says_not_found_and_never_wrong(revealed: Dialogue) -> None:
    said = (await revealed.hears("bob", "compare")).casefold()
    assert "**not found:** point0" in said
    assert not any(word in said for word in ("wrong", "incorrect", "missed", "score"))


async def test_a_members_word_counts_for_a_point_and_is_proposed_to_the_authors(revealed: Dialogue) -> None:
    card = await revealed.says("bob", "compare")
    after = await revealed.press("bob", card, "I did say 1")
    assert isinstance(after, Message)
    assert after.edits
    assert "**Found, by your word:** point0" in revealed.text(after)
    assert "Found, by your word" in await revealed.hears("bob", "compare")
    again = await revealed.says("bob", "said @practice:20780 1")
    assert "Found, by your word" in revealed.text(again)
    (proposal,) = await revealed.redis.lrange("llmq:{console:local}:proposals", 0, -1)
    assert KNOWS_NOT in proposal


async def test_before_the_reveal_there_is_nothing_to_compare_with(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", f"answer {KNOWS}")
    for text in ("compare", "grade @practice:20780 good", "said @practice:20780 1"):
        reply = await d.says("ana", text)
        assert is_refused(reply)
        assert "point0" not in d.text(reply)


async def test_a_reveal_without_answers_counts_none_of_them(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.reveal()
    said = await d.hears("ana", "compare")
    assert "Answer first, or read the reference" in said
    assert "Revealed: 0" not in said


async def test_me_says_what_is_likely_remembered_and_what_was_eight_weeks_ago(revealed: Dialogue) -> None:
    card = await revealed.says("ana", "compare")
    await revealed.press("ana", card, "Good")
    assert "Review: 100 % likely remembered" in await revealed.hears("ana", "me")
    await revealed.forward(weeks=8)
    # What the schedule asks soon is not reviewed before.
    await revealed.says(ADMIN, "daily off")
    said = await revealed.hears("ana", "me")
    assert "Review: 1 due, " in said
    assert "% (100 % eight weeks ago) likely remembered" in said


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([0, 3], "One key point was found in no answer."),
        ([0, 3, 0], "Two key points were found in no answer."),
        ([1, 1, 3], "Two key points were found in only 1 answer."),
        ([3, 3], ""),
    ],
)
def test_the_reveal_counts_the_key_points_that_hardly_anyone_had(found: list[int], words: str) -> None:
    assert " ".join(rarest(replace(ROUND, replies=4), found)) == words


async def test_who_did_not_answer_sees_how_the_question_stands(revealed: Dialogue) -> None:
    reply = await revealed.says("cyd", "compare")
    assert not is_refused(reply)
    assert "Answer first, or read the reference" in revealed.text(reply)
    assert [button.label for button in buttons_of(reply)] == ["Answer late", "Show the reference"]


@pytest.mark.parametrize("grade", list(Grade))
async def test_a_grade_says_when_the_question_comes_back_and_earns_once(
    revealed: Dialogue, grade: Grade
) -> None:
    card = await revealed.says("ana", "compare")
    said = revealed.text(await revealed.press("ana", card, grade.capitalize()))
    assert f"**{grade.capitalize()}.** It comes back on" in said
    assert "+2 points." in said
    again = revealed.text(await revealed.press("ana", card, "Easy"))
    assert "points" not in again.partition("comes back on")[2]
    assert "This week: 12 points" in await revealed.hears("ana", "me")


async def test_a_grade_can_be_chosen_again_and_the_last_one_counts(revealed: Dialogue) -> None:
    card = await revealed.says("ana", "compare")
    first = await revealed.press("ana", card, "Easy")
    back = await revealed.press("ana", first, "Choose again")
    await revealed.press("ana", back, "Again")
    other = await revealed.says("bob", "compare")
    await revealed.press("bob", other, "Again")
    of = revealed.store.card
    team = revealed.channel.team
    anas = await of(team, revealed.request("ana", "").member, "basics/q0")
    bobs = await of(team, revealed.request("bob", "").member, "basics/q0")
    assert anas.learnt
    assert bobs.learnt
    assert (anas.learnt.grade, anas.learnt.memory.stability) == ("again", bobs.learnt.memory.stability)
    assert anas.learnt.reviews == 1


async def test_an_older_grade_that_arrives_late_has_no_effect(revealed: Dialogue) -> None:
    pressed = revealed.now
    await revealed.forward(minutes=5)
    newer = await revealed.hears("ana", "grade @practice:20780 easy")
    late = revealed.text(await revealed.says("ana", "grade @practice:20780 again", at=pressed))
    assert "**Easy.** It comes back on" in late
    assert newer.partition(" +2")[0] in late


async def test_a_practice_answer_gets_its_card_at_once(redis: Redis) -> None:
    d = Dialogue(redis)
    practice = await d.says("ana", "random")
    form = await d.press("ana", practice, "Answer")
    card = await d.fill("ana", form, "Whatever secret0 says, it is secret3 or secret7 and so on.")
    assert "of 1 key point" in d.text(card)
    assert "+1 point; 4 more practice points today." in d.text(card)
    assert "It comes back on" in d.text(await d.press("ana", card, "Hard"))


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("it divides the logits", "One begins with “it divides …”."),
        ("divides the logits", "One begins with “divides …”."),
        ("logits", "1 key point."),
    ],
)
def test_a_hint_gives_no_more_than_half_of_a_point_away(label: str, shown: str) -> None:
    said = Dialogue.text(hint_message([label], "answer"))
    assert shown in said
    assert label not in said


async def test_a_hint_says_how_many_points_there_are_and_is_noted_on_the_card(redis: Redis) -> None:
    d = Dialogue(redis)
    post = await d.open_round()
    hint = d.text(await d.press("ana", post.message, "Hint"))
    assert "1 key point." in hint
    assert "point0" not in hint
    assert "secret0" not in hint
    await d.says("ana", f"answer {KNOWS}")
    await d.reveal()
    assert "You used the hint." in await d.hears("ana", "compare")
    assert "You used the hint." not in d.text(await d.says("bob", "compare"))


async def test_who_has_answered_may_change_the_answer_from_a_hint(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    assert [one.label for one in buttons_of(await d.says("ana", "hint"))] == ["Answer"]
    await d.says("ana", f"answer {KNOWS}")
    assert [one.label for one in buttons_of(await d.says("ana", "hint"))] == ["Change"]


@pytest.mark.parametrize(
    ("words", "shown"), [("a b c", "a b c"), ("a b", "a b…"), ("b c", "…b c"), ("b", "…b…")]
)
def test_words_of_an_answer_say_where_it_goes_on(words: str, shown: str) -> None:
    assert excerpt(words, "a b c") == shown


async def test_a_hint_is_of_the_text_that_the_round_was_asked_with(redis: Redis) -> None:
    first = replace(question(0), key_points=(KeyPoint("old words of it", ("secret0",)),))
    d = Dialogue(redis, catalogue_of(deck(first, question(1))))
    await d.open_round()
    edited = replace(first, key_points=tuple(KeyPoint(f"new words {n}", ("other",)) for n in range(3)))
    other = Dialogue(redis, catalogue_of(deck(edited, question(1))), now=d.now)
    hint = await other.hears("ana", "hint")
    assert "1 key point." in hint
    assert "old words" in hint
    gone = Dialogue(redis, catalogue_of(deck(question(1))), now=d.now)
    assert "old words" in await gone.hears("bob", "hint")


async def test_the_reveal_counts_in_how_many_answers_each_point_was_found(revealed: Dialogue) -> None:
    bars = [
        block for one in revealed.platform.replies for block in one.message.blocks if isinstance(block, Bars)
    ]
    assert [bar.words for bar in bars[0].bars] == ["1 of 2 · point0"]
    assert not any("Ana" in bar.words for bar in bars[0].bars)


async def test_the_question_and_the_receipt_of_a_late_answer_lead_to_the_card(revealed: Dialogue) -> None:
    edited = revealed.platform.edits[-1].message
    assert [button.label for button in buttons_of(edited)] == ["Compare mine", "Answer late"]
    late = await revealed.says("cyd", "answer A late one that says secret0 too.")
    assert "Found 1 of 1" in revealed.text(await revealed.press("cyd", late, "Compare mine"))


async def test_an_earlier_answer_to_the_same_question_stands_beside_the_new_one(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", "answer The first time I wrote this here.")
    for _ in range(20):
        await d.forward(days=1, hours=2 if d.now.hour < 10 else 0)
        await d.says("bob", "answer Somebody answers each day here.")
        if "subject number 0" in d.text(d.platform.posts[-1].message):
            break
    assert "asked here last on 23 Nov" in d.text(d.platform.posts[-1].message)
    await d.says("ana", "answer The second time I know it better.")
    await d.reveal()
    said = await d.hears("ana", "compare")
    assert "On 23 Nov you wrote:\nYou: The first time I wrote this here." in said


async def test_a_due_question_comes_back_in_one_flow_that_edits_its_message(revealed: Dialogue) -> None:
    card = await revealed.says("ana", "compare")
    await revealed.press("ana", card, "Good")
    assert "Nothing is due" in await revealed.hears("ana", "review")
    revealed.now += timedelta(days=3)
    first = await revealed.says("ana", "review")
    assert "Review · 1 of 1" in revealed.text(first)
    assert "secret0" not in revealed.text(first)
    form = await revealed.press("ana", first, "Answer")
    card = await revealed.fill("ana", form, KNOWS)
    assert "Found 1 of 1" in revealed.text(card)
    end = await revealed.press("ana", card, "Easy")
    assert isinstance(end, Message)
    assert end.edits
    assert "Done for today: 1 reviewed." in revealed.text(end)
    assert "Last one: Easy, back on" in revealed.text(end)


async def test_review_never_serves_what_is_open_or_comes_soon(revealed: Dialogue) -> None:
    await revealed.press("ana", await revealed.says("ana", "compare"), "Again")
    revealed.now += timedelta(days=30)
    await revealed.says(ADMIN, "daily on 09:00 daily")
    state = await revealed.store.channel(revealed.channel)
    assert state.round
    await revealed.redis.hset(f"llmq:{{{revealed.channel.team}}}:ahead", "basics/q0", 1)
    assert "subject number 0" not in await revealed.hears("ana", "review")


async def test_twenty_a_day_are_enough(redis: Redis) -> None:
    d = Dialogue(redis)
    team, member = d.channel.team, d.request("ana", "").member
    await d.redis.hset(f"llmq:{{{team}}}:member:ana", mapping={"review_day": 20780, "reviewed": 20})
    assert "20 reviewed, enough for today." in await d.hears("ana", "review")
    assert (await d.store.due_reviews(team, member, d.now)).reviewed == 20


async def test_a_hint_in_practice_is_noted_on_the_card_of_that_question_alone(redis: Redis) -> None:
    d = Dialogue(redis)
    assert "your card will note it" in await d.hears("ana", "hint basics/q0")
    assert "You used the hint." in await d.hears("ana", "random answer basics/q0", KNOWS)
    assert "You used the hint." in await d.hears("ana", "compare basics/q0")
    assert "You used the hint." not in await d.hears("ana", "random answer basics/q1", KNOWS)


async def test_what_no_deck_holds_any_more_is_not_due(redis: Redis) -> None:
    d = Dialogue(redis)
    for n in range(2):
        await d.says("ana", f"random answer basics/q{n}", body=KNOWS)
        await d.says("ana", f"grade basics/q{n} again")
    d.now += timedelta(days=3)
    assert "2 due" in await d.hears("ana", "me")
    later = Dialogue(redis, catalogue_of(deck(question(1))), d.now)
    assert "1 due" in await later.hears("ana", "me")
    assert "1 still due" in await later.hears("ana", "review stop")
    assert "Review · 1 of 1" in await later.hears("ana", "review")


async def test_a_topic_is_reviewed_however_much_of_others_is_due_before_it(redis: Redis) -> None:
    questions = [*(question(n, "common") for n in range(21)), question(21, "rare")]
    d = Dialogue(redis, catalogue_of(deck(*questions)))
    for n in range(22):
        await d.says("ana", f"grade basics/q{n} again")
        d.now += timedelta(seconds=1)
    d.now += timedelta(days=3)
    assert "subject number 21" in await d.hears("ana", "review rare")


async def test_what_is_due_but_kept_back_is_not_taken_for_nothing_to_review(revealed: Dialogue) -> None:
    await revealed.press("ana", await revealed.says("ana", "compare"), "Again")
    # Of a deck of ten all come soon again, this one among them.
    await revealed.redis.hset("llmq:{console:local}:ahead", "basics/q0", "1")
    await revealed.forward(days=1)
    said = await revealed.hears("ana", "review")
    assert "Nothing to review now.** What is due is open in this team or comes soon, so it waits." in said
    assert "Nothing to review yet" in await revealed.hears("bob", "review")
