"""A mock interview: questions in one private flow, nothing of their answers before the end."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from redis.asyncio import Redis

from bot.game.catalogue import Catalogue
from bot.messages import Bars, Button, Form, Message, Reply
from tests.dialogue import Dialogue, buttons_of, catalogue_of, deck, is_refused, question

NUMBER = re.compile(r"subject number (\d+)")


def thirty() -> Catalogue:
    return catalogue_of(deck(*(question(n) for n in range(30))))


def command(message: Reply, label: str) -> str:
    return next(button.command for button in buttons_of(message) if button.label == label)


async def begun(d: Dialogue, text: str = "interview 3") -> Message:
    offer = await d.says("ana", text)
    assert isinstance(offer, Message)
    shown = await d.press("ana", offer, "Begin")
    assert isinstance(shown, Message)
    return shown


async def answers(d: Dialogue, shown: Message, text: str) -> Message:
    form = await d.press("ana", shown, "Answer")
    assert isinstance(form, Form)
    after = await d.says("ana", form.command, body=text)
    assert isinstance(after, Message)
    return after


def knows(shown: Message, d: Dialogue) -> str:
    """An answer that has the question's key point."""
    found = NUMBER.search(d.text(shown))
    assert found
    return f"It is secret{found[1]} that makes the difference here."


async def test_all_questions_are_asked_one_after_another_and_then_there_is_a_report(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    shown = await begun(d)
    assert "Question 1 of 3" in d.text(shown)
    assert "The clock is only a guide." in d.text(shown)
    second = await answers(d, shown, knows(shown, d))
    assert "Question 2 of 3" in d.text(second)
    assert second.edits
    third = await answers(d, second, "I would guess that it is about something else.")
    report = await d.press("ana", third, "Skip")
    assert isinstance(report, Message)
    bars = next(block for block in report.blocks if isinstance(block, Bars))
    assert [bar.words.partition(" · ")[0] for bar in bars.bars] == ["1 of 1", "0 of 1", "skipped"]
    assert "2 questions are in your review now: 2 and 3." in d.text(report)
    assert "A hint, not a mark." in d.text(report)


async def test_nothing_of_an_answer_is_shown_before_the_end(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    shown = await begun(d)
    second = await answers(d, shown, "I would guess that it is about something else.")
    for seen in (shown, second):
        assert "secret" not in d.text(seen)
        assert "point" not in d.text(seen)
    assert is_refused(await d.says("ana", "interview show 1"))


async def test_what_was_not_found_is_due_for_review_at_once(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    shown = await begun(d, "interview 1")
    question_id = command(shown, "Skip").split()[-1]
    await d.press("ana", shown, "Skip")
    assert command(await d.says("ana", "review"), "Answer") == f"review answer {question_id}"


async def test_the_report_says_how_much_of_each_topic_was_found_the_least_first(redis: Redis) -> None:
    family = [question(n, "attention" if n < 3 else "prompting") for n in range(5)]
    d = Dialogue(redis, catalogue_of(deck(*family)))
    shown = await begun(d, "interview 5")
    for _ in range(5):
        found = NUMBER.search(d.text(shown))
        assert found
        known = int(found[1]) != 4
        shown = await answers(d, shown, knows(shown, d) if known else "I would guess something else of it.")
    _, by_topic = (block for block in shown.blocks if isinstance(block, Bars))
    assert [(bar.words, bar.share) for bar in by_topic.bars] == [
        ("1 of 2 · prompting", 0.5),
        ("3 of 3 · attention", 1.0),
    ]
    assert "1 question is in your review now: " in d.text(shown)


async def test_a_report_on_one_topic_says_nothing_twice(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    await begun(d, "interview prompting 3")
    report = await d.says("ana", "interview end")
    assert isinstance(report, Message)
    assert len([block for block in report.blocks if isinstance(block, Bars)]) == 1


async def test_what_was_graded_since_is_in_the_review_no_more(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    await answers(d, await begun(d, "interview 2"), "I would guess something else of it.")
    report = await d.says("ana", "interview end")
    assert "2 questions are in your review now: 1 and 2." in d.text(report)
    card = await d.press("ana", report, "Go through them")
    await d.press("ana", card, "Good")
    assert "1 question is in your review now: 2." in await d.hears("ana", "interview end")


async def test_one_can_go_on_later_and_another_process_knows_where(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    shown = await begun(d)
    await answers(d, shown, knows(shown, d))
    await d.forward(hours=30)
    other = Dialogue(redis, thirty(), now=d.now)
    waiting = await other.says("ana", "interview")
    assert "Your interview waits at question 2 of 3" in d.text(waiting)
    assert "Question 2 of 3" in d.text(await other.press("ana", waiting, "Go on"))


async def test_only_its_member_has_it(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    await begun(d)
    assert is_refused(await d.says("bob", "interview next"))
    assert "Interview · 5 questions" in await d.hears("bob", "interview")


async def test_an_answer_that_comes_twice_or_too_late_changes_nothing_more(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    shown = await begun(d)
    form = await d.press("ana", shown, "Answer")
    assert isinstance(form, Form)
    for _ in range(3):
        again = await d.says("ana", form.command, body=knows(shown, d))
        assert "Question 2 of 3" in d.text(again)


async def test_to_finish_now_skips_the_rest_and_to_drop_forgets_all(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    await answers(d, await begun(d), "I would guess that it is about something else.")
    report = await d.press("ana", await d.says("ana", "interview"), "Finish now")
    assert "skipped" in d.text(report)
    card = await d.press("ana", report, "Go through them")
    assert "Not found" in d.text(card)
    await d.says("ana", "interview 2")
    await d.says("ana", "interview drop")
    assert is_refused(await d.says("ana", "interview next"))


async def test_questions_that_are_open_or_come_soon_are_in_no_interview(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(12)))))
    await d.open_round()
    kept_back = {"q0", *(f"q{n}" for n in range(1, 11))}
    for _ in range(5):
        await d.says("ana", "interview 12")
        stored = json.loads(await d.redis.get("llmq:{console:local}:interview:ana") or "{}")
        assert not kept_back & {one.partition("/")[2] for one in stored["questions"]}
        await d.says("ana", "interview drop")


async def test_a_question_that_is_opened_meanwhile_is_left_out(redis: Redis) -> None:
    d = Dialogue(redis, ten_free())
    shown = await begun(d, "interview 10")
    assert "Question 1 of 10" in d.text(shown)
    await d.open_round()
    after = await d.press("ana", shown, "Skip")
    assert "Question 2" not in d.text(after)
    assert "open in the team now · 1." in d.text(after)


def ten_free() -> Catalogue:
    return catalogue_of(deck(*(question(n) for n in range(10))))


async def test_a_follow_up_stands_behind_its_question(redis: Redis) -> None:
    family = [question(0), replace(question(1), follow_up_of="q0")]
    d = Dialogue(redis, catalogue_of(deck(*family)))
    for _ in range(5):
        await d.says("ana", "interview 2")
        stored = json.loads(await d.redis.get("llmq:{console:local}:interview:ana") or "{}")
        assert stored["questions"] == ["basics/q0", "basics/q1"]
        await d.says("ana", "interview drop")


async def test_a_topic_the_number_and_the_minutes_are_taken_in_any_order(redis: Redis) -> None:
    d = Dialogue(redis, thirty())
    said = await d.hears("ana", "interview prompting 4 15")
    assert "Interview · 4 questions on prompting" in said
    assert "About 15 minutes each" in said
    assert is_refused(await d.says("bob", "interview 99999"))


async def test_an_interview_on_a_deck_asks_from_that_deck_alone(redis: Redis) -> None:
    two = catalogue_of(deck(question(0), question(1)), deck(question(2), question(3), id="more"))
    d = Dialogue(redis, two)
    assert "Interview · 2 questions on more" in await d.hears("ana", "interview more")
    stored = json.loads(await d.redis.get("llmq:{console:local}:interview:ana") or "{}")
    assert sorted(stored["questions"]) == ["more/q2", "more/q3"]


def test_buttons_fit() -> None:
    longest = Button("Answer", f"interview answer {'d' * 36}/{'q' * 36}")
    assert len(longest.command) <= 100
