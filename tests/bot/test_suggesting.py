"""Suggestions: checked like decks, taken or declined by admins, asked in their own team alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from redis.asyncio import Redis

from bot.commands.table import TABLE
from bot.game.suggestions import Suggestion, as_markdown, one_line, question_of, troubles
from bot.messages import Form, Message, Reply
from bot.requests import Channel
from bot.store.own import Catalogues
from content.checking import check_deck
from tests.dialogue import (
    ADMIN,
    Dialogue,
    buttons_of,
    catalogue_of,
    deck,
    is_refused,
    question,
    ten_questions,
)
from tests.faults.cases import ALL

THEIRS = Channel("slack:other", "general")
ANSWER = (
    "Zebrafish embeddings map each stripe to a vector. Stripes that look alike lie close together. "
    "A nearest neighbour search then finds similar fish."
)
WRITTEN = {
    "question": "How do zebrafish embeddings find similar fish?",
    "points": "- each stripe to a vector\n- alike lie close together\nnearest neighbour search",
    "source": "https://example.org/fish",
    "topic": "zebrafish",
}


async def suggested(d: Dialogue, who: str = "ana", answer: str = ANSWER, **changed: str) -> Reply:
    return await d.fill(who, await d.says(who, "suggest"), answer, {**WRITTEN, **changed})


async def taken(d: Dialogue, who: str = "ana", **changed: str) -> Reply:
    await suggested(d, who, **changed)
    return await d.press(ADMIN, await d.says(ADMIN, "suggestions"), "Approve")


def told(d: Dialogue, who: str) -> list[str]:
    return [d.text(message) for _, member, message in d.platform.told if member == who]


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def test_a_suggestion_waits_for_the_admins_and_is_shown_as_typed(d: Dialogue) -> None:
    said = await suggested(d)
    assert "Thank you." in d.text(said)
    assert "1 of 5 open." in d.text(said)
    shown = await d.hears(ADMIN, "suggestions")
    assert "Suggestion 1 of 1" in shown
    assert f"Ana: {WRITTEN['question']}" in shown
    assert "- alike lie close together" in shown
    assert "Topic: zebrafish" in shown
    assert "Source: https://example.org/fish" in shown


async def test_members_do_not_review(d: Dialogue) -> None:
    await suggested(d)
    (id,) = await d.store.suggestions.waiting(d.channel.team)
    for text in ("suggestions", *(f"suggestions {act} {id}" for act in ("approve", "edit", "decline"))):
        assert is_refused(await d.says("bob", text))
    assert len(await d.store.suggestions.waiting(d.channel.team)) == 1


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"question": "Tell me of fish"}, "question", "question mark"),
        ({"question": "Why " + "so " * 150 + "?"}, "question", "shorten it to 300"),
        ({"question": " "}, "question", "Write a question."),
        ({"points": "each stripe to a vector"}, "points", "write 3 to 5, one a line"),
        ({"points": f"{WRITTEN['points']}\na whale"}, "points", "Key point 4: the answer lacks `whale`"),
        ({"source": "javascript:alert(1)"}, "source", "https://"),
        ({"source": "https://a.b) [x](https://evil.example"}, "source", "https://"),
        ({"source": "https://:80/x"}, "source", "https://"),
        ({"topic": 'a "b"'}, "topic", "letters and digits"),
        ({"topic": "t" * 41}, "topic", "shorten it to 40"),
    ],
)
async def test_faults_come_back_with_their_field_and_the_text_is_kept(
    d: Dialogue, changed: dict[str, str], field: str, words: str
) -> None:
    said = await suggested(d, **changed)
    assert isinstance(said, Message)
    assert is_refused(said)
    assert said.field == field
    assert words in d.text(said)
    again = await d.press("ana", said, "Go on writing")
    assert isinstance(again, Form)
    assert ANSWER in {one.initial for one in again.inputs}
    assert WRITTEN["points"] in {one.initial for one in again.inputs} or "points" in changed
    assert await d.store.suggestions.waiting(d.channel.team) == []
    assert "Thank you." in d.text(await d.fill("ana", again, ANSWER, WRITTEN))
    assert all(one.initial == "" for one in await inputs(d, "ana"))


async def inputs(d: Dialogue, who: str) -> Any:
    form = await d.says(who, "suggest")
    assert isinstance(form, Form)
    return form.inputs


async def test_key_points_may_stand_on_one_line(d: Dialogue) -> None:
    await suggested(d, points="each stripe to a vector; alike lie close together; nearest neighbour search")
    assert "- alike lie close together" in await d.hears(ADMIN, "suggestions")


async def test_all_faults_are_said_at_once(d: Dialogue) -> None:
    said = d.text(await suggested(d, question="Tell me", points="one", source="ftp://x"))
    assert said.count("Question:") == said.count("Key points:") == said.count("Source:") == 1


async def test_a_question_like_one_that_is_there_is_shown_before_it_is_sent(redis: Redis) -> None:
    d = Dialogue(redis)
    alike = "What is subject number 3 really good for?"
    said = await suggested(d, question=alike)
    assert "There are similar questions" in d.text(said)
    assert "What is subject number 3 good for?" in d.text(said)
    assert await d.store.suggestions.waiting(d.channel.team) == []
    assert isinstance(await d.press("ana", said, "Change"), Form)
    assert "Thank you." in d.text(await d.press("ana", said, "Send anyway"))
    assert "Similar: What is subject" in await d.hears(ADMIN, "suggestions")
    # Pressed twice it is sent once, and nobody sends what is another's.
    assert "1 of 5 open." in d.text(await d.press("ana", said, "Send anyway"))
    assert is_refused(await d.press("bob", said, "Send anyway"))


async def test_what_is_discarded_is_gone(d: Dialogue) -> None:
    said = await suggested(d, question="What is subject number 3 really good for?")
    await d.press("ana", said, "Discard")
    assert all(one.initial == "" for one in await inputs(d, "ana"))


async def test_five_of_a_member_may_wait(d: Dialogue) -> None:
    for n in range(5):
        assert f"{n + 1} of 5 open." in d.text(await suggested(d, question=f"{'Why' * n} fish {n}{n}{n}?"))
    sixth = await suggested(d, question="What does a sixth one ask?")
    assert is_refused(sixth)
    assert "Thank you." in d.text(await suggested(d, "bob"))


async def test_the_same_sent_twice_is_one(d: Dialogue) -> None:
    form = await d.says("ana", "suggest")
    for _ in range(2):
        assert "1 of 5 open." in d.text(await d.fill("ana", form, ANSWER, WRITTEN))
    assert "Suggestion 1 of 1" in await d.hears(ADMIN, "suggestions")


async def test_an_approved_question_is_found_and_asked_and_its_author_is_told(d: Dialogue) -> None:
    said = await taken(d)
    assert "It can be asked now:** How do zebrafish" in d.text(said)
    assert "None are waiting." in d.text(said)
    assert "Your question is in, with your name." in told(d, "ana")[0]
    assert "team · 1 question" in await d.hears("bob", "topics")
    practice = await d.says("bob", "random zebrafish")
    shown = d.text(await d.press("bob", practice, "Show answer"))
    assert "nearest neighbour search" in shown
    assert "Suggested by" not in shown


async def test_the_reveal_says_who_suggested_it_and_before_it_nothing_is_shown(d: Dialogue) -> None:
    await taken(d)
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    await d.open_round()
    assert "How do zebrafish" in d.text(d.platform.posts[-1].message)
    for text in ("random zebrafish", "random show team/how-do-zebrafish-embeddings-find", "today", "history"):
        assert "neighbour" not in await d.hears("bob", text)
    await d.says("bob", "answer The stripes become vectors, I believe.")
    revealed = await d.reveal()
    assert "nearest neighbour search" in d.text(revealed.message)
    assert "Suggested by Ana." in d.text(revealed.message)
    assert "Found 0 of 3" in await d.hears("bob", "compare")


async def test_an_author_may_leave_the_name_out(d: Dialogue) -> None:
    said = await suggested(d)
    assert "Your name stays out." in d.text(await d.press("ana", said, "Leave my name out"))
    # No other member may.
    other = await suggested(d, "bob", question="Which other fish have embeddings with stripes?")
    command = next(one.command for one in buttons_of(other))
    assert is_refused(await d.says("ana", command))
    shown = await d.says(ADMIN, "suggestions")
    assert "is left out at the reveal" in d.text(shown)
    await d.press(ADMIN, shown, "Approve")
    assert "without your name" in told(d, "ana")[0]
    assert "Suggested by" not in d.text(await revealed(d))


@pytest.mark.parametrize("when", ["before it is asked", "while it is open"])
async def test_an_author_may_leave_the_name_out_once_it_is_in(d: Dialogue, when: str) -> None:
    await taken(d)
    (message,) = (message for _, member, message in d.platform.told if member == "ana")
    if when == "while it is open":
        await d.says(ADMIN, "daily on 09:00 daily UTC team")
        await d.open_round()
    # No other member may, and twice is once.
    assert is_refused(await d.press("bob", message, "Leave my name out"))
    for _ in range(2):
        assert "Your name stays out" in d.text(await d.press("ana", message, "Leave my name out"))
    if when == "while it is open":
        said = (await d.reveal()).message
    else:
        said = await revealed(d)
    assert "nearest neighbour search" in d.text(said)
    assert "Suggested by" not in d.text(said)


async def test_an_open_question_is_in_no_file_for_its_author(d: Dialogue) -> None:
    await taken(d)
    entry, stored = await d.store.own.get(d.channel.team, (await own(d)).removeprefix("team/"))
    assert entry
    better = replace(entry, question=replace(entry.question, answer="An admin wrote this."), version=2)
    await d.store.own.put(d.channel.team, entry.question.id, stored, better, d.now)
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    await d.open_round()
    for is_shown in (False, True):
        if is_shown:
            await d.reveal()
            await d.says(ADMIN, "daily off")
        gathered = repr(await d.store.traces.of(d.channel.team, "ana"))
        assert ("An admin wrote this." in gathered) is is_shown
        assert "How do zebrafish" in gathered


async def test_nothing_but_a_suggestion_is_sent_as_one(redis: Redis) -> None:
    d = Dialogue(redis)
    form = await d.says(ADMIN, "questions add")
    there = {**WRITTEN, "question": "What is subject number 3 good for?"}
    assert "There is this question already" in d.text(await d.fill(ADMIN, form, ANSWER, there))
    assert is_refused(await d.says(ADMIN, "suggest send add"))
    assert await d.store.suggestions.waiting(d.channel.team) == []


async def own(d: Dialogue) -> str:
    """The id of the only question of the team's deck."""
    _, shelf = await d.store.own.shelf(d.channel.team)
    (id,) = shelf
    return f"team/{id}"


async def revealed(d: Dialogue) -> Message:
    """The reveal of the team's own question in a channel that asks nothing else."""
    await d.says(ADMIN, "daily on 09:00 daily UTC team")
    await d.open_round()
    return (await d.reveal()).message


async def test_a_declined_one_goes_back_with_a_reason_and_its_text(d: Dialogue) -> None:
    await suggested(d)
    form = await d.press(ADMIN, await d.says(ADMIN, "suggestions"), "Decline")
    said = await d.fill(ADMIN, form, "Too <@U1> fishy.")
    assert "It goes back to its author" in d.text(said)
    (words,) = told(d, "ana")
    assert "Your question was not taken." in words
    assert "Too <@U1> fishy." in words
    message = next(message for _, member, message in d.platform.told if member == "ana")
    again = await d.press("ana", message, "Change and send again")
    assert isinstance(again, Form)
    assert [one.initial for one in again.inputs][1] == ANSWER
    assert is_refused(await d.fill(ADMIN, form, "Again."))
    assert len(told(d, "ana")) == 1


async def test_admins_may_change_it_first(d: Dialogue) -> None:
    await suggested(d)
    form = await d.press(ADMIN, await d.says(ADMIN, "suggestions"), "Edit")
    assert isinstance(form, Form)
    assert form.inputs[0].initial == WRITTEN["question"]
    wrong = await d.fill(ADMIN, form, ANSWER, {**WRITTEN, "question": "Fish"})
    assert is_refused(wrong)
    better = {**WRITTEN, "question": "How does one find similar zebrafish?"}
    changed = await d.fill(ADMIN, form, ANSWER, better)
    await d.press(ADMIN, changed, "Approve")
    assert "How does one find similar zebrafish?" in await d.hears("bob", f"random show {await own(d)}")
    assert "Suggested by Ana." in d.text(await revealed(d))


async def test_they_come_one_after_another(d: Dialogue) -> None:
    await suggested(d, "ana")
    await suggested(d, "bob", question="Which other fish have embeddings with stripes?")
    first = await d.says(ADMIN, "suggestions")
    assert "Suggestion 1 of 2" in d.text(first)
    later = await d.press(ADMIN, first, "Later")
    assert "Suggestion 2 of 2" in d.text(later)
    assert "Suggestion 1 of 1" in d.text(await d.press(ADMIN, later, "Approve"))
    assert is_refused(await d.press(ADMIN, later, "Approve"))


async def test_a_team_question_can_be_flagged_and_retired(d: Dialogue) -> None:
    await taken(d)
    form = await d.says("bob", f"flag {await own(d)}")
    await d.fill("bob", form, "It is fishy.", {"reason": "error"})
    await d.press(ADMIN, await d.says(ADMIN, "flags"), "Retire here")
    assert is_refused(await d.says("bob", f"random show {await own(d)}"))


async def test_two_approved_at_once_are_both_in(d: Dialogue) -> None:
    await suggested(d, "ana", question="Which fish have the same stripes?")
    await suggested(d, "bob", question="Which fish have the same stripes, too?")
    team, kept = d.channel.team, d.store.suggestions
    ones = [one for id in await kept.waiting(team) if (one := await kept.get(team, id))]
    alike = [replace(one, prompt="Which fish have stripes?") for one in ones]
    for before, after in zip(ones, alike, strict=True):
        assert await kept.change(team, before, after)
    # Both look for a free id before either has it.
    assert await asyncio.gather(*(kept.take(team, one, d.now) for one in alike)) == ["taken", "taken"]
    assert list((await d.store.own.shelf(team))[1]) == [
        "which-fish-have-stripes",
        "which-fish-have-stripes-2",
    ]


async def test_what_is_sent_to_the_server_twice_takes_effect_once(d: Dialogue) -> None:
    await suggested(d)
    team, kept = d.channel.team, d.store.suggestions
    (id,) = await kept.waiting(team)
    one = await kept.get(team, id)
    assert one
    run = d.store._scripts.run

    async def twice(name: str, *args: Any) -> Any:
        await run(name, *args)
        return await run(name, *args)

    d.store._scripts.run = twice  # type: ignore[assignment,method-assign]
    assert await kept.take(team, one, d.now) == "taken"
    assert len((await d.store.own.shelf(team))[1]) == 1
    assert await d.redis.zcard(f"llmq:{{{team}}}:notes:ana") == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["draft", "suggest", "enqueue", "take_suggestion", "decline_suggestion"])
@pytest.mark.parametrize("act", ["Approve", "Decline"])
async def test_what_dies_at_any_step_and_is_done_again_is_done_once(
    d: Dialogue, act: str, step: str, moment: str
) -> None:
    sent = replace(d.request("ana", "suggest", ANSWER), inputs=WRITTEN)
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
    for _ in range(2):
        await d.handle(sent)
    for _ in range(2):
        shown = await d.says(ADMIN, "suggestions")
        if any(button.label == act for button in buttons_of(shown)):
            pressed = await d.press(ADMIN, shown, act)
            if isinstance(pressed, Form):
                await d.fill(ADMIN, pressed, "Too fishy.")
    await d.forward(minutes=2)
    _, shelf = await d.store.own.shelf(d.channel.team)
    assert len(shelf) == (1 if act == "Approve" else 0)
    assert await d.store.suggestions.waiting(d.channel.team) == []
    assert len(told(d, "ana")) == 1


async def test_a_deck_that_began_anew_is_not_taken_for_the_old_one(d: Dialogue) -> None:
    await taken(d)
    assert "zebrafish" in await d.hears("bob", "topics team")
    await d.redis.delete(f"llmq:{{{d.channel.team}}}:deck")
    d.now += timedelta(minutes=1)
    await taken(d, question="Which birds have embeddings?", topic="birds")
    topics = await d.hears("bob", "topics team")
    assert "birds" in topics
    assert "zebrafish" not in topics


# Another team


async def test_no_command_of_another_team_shows_a_teams_own_question(d: Dialogue) -> None:
    await taken(d)
    await suggested(d, "bob", question="Which other zebrafish have stripes, too?")
    ids = [await own(d), *await d.store.suggestions.waiting(d.channel.team)]
    await d.says(ADMIN, "daily on 09:00 daily UTC", channel=THEIRS)
    words = ["", "zebrafish", *ids]
    words += ["team", *(f"{id} {more}" for id in ids for more in ("good", "1"))] if ALL else []
    for command in TABLE.commands:
        for more in words:
            for body in (None, "What does it ask, then?") if ALL else (None,):
                reply = await d.says(ADMIN, f"{command.name} {more}".strip(), body, channel=THEIRS)
                shown = d.text(reply).casefold().replace("`zebrafish", "")
                given_away = [word for word in ("stripe", "similar fish", "neighbour") if word in shown]
                assert not given_away, command.name


async def test_another_team_is_never_asked_it(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(3)))))
    await taken(d)
    await d.says(ADMIN, "daily on 09:00 daily UTC", channel=THEIRS)
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    for _ in range(8):
        await d.forward(days=1)
        for channel in (THEIRS, d.channel):
            await d.says("bob", "answer What I think of it, in short.", channel=channel)
    posted = [(post.channel, "zebrafish" in d.text(post.message)) for post in d.platform.posts]
    assert (d.channel, True) in posted
    assert (THEIRS, True) not in posted


TEAMS = st.sampled_from(["console:local", "slack:T1", "discord:1"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEAMS, st.booleans()), max_size=12))
async def test_each_team_has_the_shared_questions_and_its_own(
    redis: Redis, acts: list[tuple[str, bool]]
) -> None:
    await redis.flushall()
    shared = ten_questions()
    d = Dialogue(redis, shared)
    both = [Catalogues(d.store.own, shared) for _ in range(2)]
    taken_in: dict[str, set[str]] = {}
    for n, (team, approves) in enumerate(acts):
        if approves:
            prompt = f"Why is fish {n} of {team} striped?"
            one = Suggestion("ana", "Ana", prompt, ANSWER, "", "", "fish", d.now, id=f"id{n}")
            await d.store.suggestions.keep(team, one)
            await d.store.suggestions.take(team, one, d.now)
            taken_in.setdefault(team, set()).add(as_markdown(prompt))
        for catalogues in both:
            items = (await catalogues.of(team)).items.values()
            prompts = {item.question.prompt for item in items} - {
                item.question.prompt for item in shared.items.values()
            }
            assert prompts == taken_in.get(team, set())
            assert len(items) == len(shared.items) + len(prompts)
    assert len(shared.items) == 10


# What is typed


HOSTILE = st.lists(
    st.sampled_from((*"ab `*_[]()<>#|!&;~\\-=+:.1\n\ue000\ue001\ue004", "&amp;", "&#x202E;", "&#57344;")),
    max_size=60,
).map("".join)


@given(HOSTILE)
def test_a_members_text_formats_nothing(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(as_markdown(text))
    kinds = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "text_special"}
    shown = "".join(child.content for token in tokens for child in token.children or ())
    assert "".join(shown.split()) == "".join(one_line(text).split())


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_what_has_no_trouble_is_what_the_check_of_decks_takes(
    prompt: str, answer: str, source: str, topic: str
) -> None:
    one = Suggestion("ana", "Ana", f"Why {prompt}?", answer, f"{answer}\n" * 3, source, topic)
    if not list(troubles(one)):
        assert check_deck(deck(question_of(one, "q"))) == ()


def test_a_good_suggestion_has_no_trouble_and_passes_the_check() -> None:
    one = Suggestion(
        "ana", "Ana", WRITTEN["question"], ANSWER, WRITTEN["points"], WRITTEN["source"], WRITTEN["topic"]
    )
    assert list(troubles(one)) == []
    assert check_deck(deck(question_of(one, "q"))) == ()
