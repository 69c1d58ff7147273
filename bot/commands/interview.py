"""A mock interview: questions in one private flow, and a report at its end."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.commands import learning
from bot.commands.learning import MOST_TRIES, item_named
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game import interview as steps
from bot.game.answers import text_form
from bot.game.catalogue import Item
from bot.game.interview import Interview
from bot.game.rounds import reference_of
from bot.game.rules import INTERVIEW_MINUTES, INTERVIEW_QUESTIONS
from bot.messages import (
    Bar,
    Bars,
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Heading,
    Markdown,
    Message,
    Reply,
    moment,
    say,
)
from bot.wording import counted
from content.coverage import coverage
from content.words import joined

# More candidates than this make the script's call longer and the choice hardly better.
MOST_CANDIDATES = 64
# A question of which less than this was found goes into review at once.
WELL_FOUND = 0.5
GONE = "There is no interview to go on with."
ANOTHER = Button("Another", "interview")
BEGIN_ONE = Button("Begin one", "interview")
GO_ON = Button("Go on", "interview next")
DROP = Button("Drop", "interview drop")
FLOW = "interview"
Step = Callable[[Interview], Interview]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in the answer to a question; one without an item may not be shown now."""

    question: str
    item: Item | None
    text: str
    found: int

    @property
    def topic(self) -> str:
        return self.item.question.topic if self.item else ""

    @property
    def points(self) -> int:
        return len(self.item.question.key_points) if self.item else 0

    @property
    def share(self) -> float:
        return self.found / self.points if self.points else 0.0

    @property
    def is_weak(self) -> bool:
        """Whether the question should come back at once."""
        return self.item is not None and self.share < WELL_FOUND


async def interview(game: Game, call: Call) -> Reply:
    """Choose the questions of an interview, or say that one waits."""
    request = call.request
    team, member = request.channel.team, request.member
    waiting, stored = await game.store.interview(team, member)
    if waiting and not waiting.is_over:
        return say(*waiting_blocks(waiting))
    items = await chosen(game, call)
    minutes = int(call.words.get("minutes", INTERVIEW_MINUTES))
    about = call.words.get("topic", "")
    new = Interview(about, minutes, tuple(item.id for item in items), call.now)
    if not await game.store.keep_interview(team, member, stored, new, call.now):
        raise Refusal("Another interview was begun at the same moment.", GO_ON)
    return say(*offer_blocks(new))


async def chosen(game: Game, call: Call) -> Sequence[Item]:
    """Questions with key points that may be shown, in a random order, follow-ups behind their parents."""
    topic = call.words.get("topic", "")
    items = [item for item in game.catalogue.items.values() if fits(item, topic)]
    some = game.rng.sample(items, min(len(items), MOST_CANDIDATES))
    free = await game.store.free(call.request.channel.team, [item.candidate for item in some])
    if not free:
        raise Refusal(
            "Every such question is open in this team, comes soon, or is asked here no more. "
            "Name another topic."
        )
    most = int(call.words.get("questions", INTERVIEW_QUESTIONS))
    return steps.in_pairs([game.catalogue.items[id] for id in free], most)


def fits(item: Item, topic: str) -> bool:
    return bool(item.question.key_points) and topic in ("", item.question.topic, item.deck)


def offer_blocks(interview: Interview) -> Iterator[Block]:
    about = f" on {interview.about}" if interview.about else ""
    yield Heading(f"Interview · {counted(len(interview.questions), 'question')}{about}")
    each = counted(interview.minutes, "minute")
    yield Markdown(f"About {each} each; results at the end. You may stop and go on later.")
    yield Buttons((Button("Begin", "interview next", primary=True), DROP))


def waiting_blocks(interview: Interview) -> Iterator[Block]:
    where = f"question {interview.number} of {len(interview.questions)}"
    begun = moment(interview.begun, None, "day")
    yield Markdown(f"**Your interview waits at {where}**, begun {begun}.")
    on, end = Button("Go on", "interview next", primary=True), Button("Finish now", "interview end")
    yield Buttons((on, end, DROP))


async def changed(game: Game, call: Call, step: Step) -> Interview:
    """The interview after a step, which is taken again when another process was faster."""
    team, member = call.request.channel.team, call.request.member
    for _ in range(MOST_TRIES):
        before, stored = await game.store.interview(team, member)
        if before is None:
            raise Refusal(GONE, BEGIN_ONE)
        after = step(before)
        due = await to_review(game, call, after) if after.is_over and not before.is_over else ()
        if after == before or await game.store.keep_interview(team, member, stored, after, call.now, due):
            return after
    raise Refusal("Another answer came at the same moment. Try again.")


async def go_on(game: Game, call: Call) -> Reply:
    """Show the question that waits, or the report."""
    while True:
        current = await changed(game, call, lambda before: steps.asked(before, call.now))
        if current.is_over:
            return replace(await report(game, call, current), edits=True)
        question = current.waiting
        item = game.catalogue.items.get(question)
        if item and await game.store.free(call.request.channel.team, [item.candidate]):
            return replace(say(*question_blocks(current, item)), edits=True)
        await changed(game, call, partial(steps.without, question=question))


def question_blocks(interview: Interview, item: Item) -> Iterator[Block]:
    yield Heading(f"Question {interview.number} of {len(interview.questions)}")
    yield Markdown(f"**{item.question.prompt}**")
    yield Footnote(f"Until about {moment(interview.until, None)}. The clock is only a guide.")
    yield Buttons(
        (
            Button("Answer", f"interview answer {item.id}", primary=True),
            Button("Skip", f"interview skip {item.id}"),
            Button("Pause", "interview pause"),
        )
    )


async def answer(game: Game, call: Call) -> Reply:
    """Take an answer, and go on."""
    question, request = call.words["target"], call.request
    if request.body is None:
        unseen = await learning.unseen_item(game, call, question, GO_ON)
        return text_form("Interview", unseen.question.prompt, f"interview answer {unseen.id}")
    item = item_named(game, question)
    text, _ = await learning.taken(game, call, item, request.body, GO_ON)
    await changed(game, call, lambda before: steps.answered(before, item.id, text, call.now))
    return await go_on(game, call)


async def skip(game: Game, call: Call) -> Reply:
    """Leave a question out, and go on."""
    question = call.words["target"]
    await changed(game, call, lambda before: steps.answered(before, question, "", call.now))
    return await go_on(game, call)


async def pause(game: Game, call: Call) -> Reply:
    """Leave the flow; nothing of it is lost."""
    current = await changed(game, call, lambda before: replace(before, asked=None))
    if current.is_over:
        return await go_on(game, call)
    return replace(say(*waiting_blocks(current)), edits=True)


async def end(game: Game, call: Call) -> Reply:
    """Finish now, with what was answered."""
    return replace(await report(game, call, await changed(game, call, steps.ended)), edits=True)


async def drop(game: Game, call: Call) -> Reply:
    """Forget an interview."""
    team, member = call.request.channel.team, call.request.member
    _, stored = await game.store.interview(team, member)
    if not stored:
        raise Refusal(GONE, BEGIN_ONE)
    await game.store.keep_interview(team, member, stored, None, call.now)
    dropped = say(Markdown("**The interview is dropped.** Nothing of it is kept."), Buttons((ANOTHER,)))
    return replace(dropped, edits=True)


async def results(game: Game, call: Call, interview: Interview) -> list[Result]:
    """The questions with what was found. One that is open in the team by now tells nothing."""
    known = [game.catalogue.items[id] for id in interview.questions if id in game.catalogue.items]
    free = set(await game.store.free(call.request.channel.team, [item.candidate for item in known]))
    items = {item.id: item for item in known if item.id in free}
    found: list[Result] = []
    for question, text in zip(interview.questions, interview.answers, strict=False):
        found.append(result(question, items.get(question), text))
        # Each takes milliseconds, and others wait.
        await asyncio.sleep(0)
    return found


def result(question: str, item: Item | None, text: str) -> Result:
    points = item.question.key_points if item and text else ()
    return Result(question, item, text, sum(one.found for one in coverage(points, text)))


async def to_review(game: Game, call: Call, interview: Interview) -> Sequence[str]:
    """The questions that should come back at once."""
    return [one.question for one in await results(game, call, interview) if one.is_weak]


async def report(game: Game, call: Call, interview: Interview) -> Message:
    request = call.request
    found, due = await asyncio.gather(
        results(game, call, interview),
        game.store.due_reviews(request.channel.team, request.member, call.now),
    )
    return say(*report_blocks(interview, found, due.due))


def report_blocks(interview: Interview, found: Sequence[Result], due: Sequence[str]) -> Iterator[Block]:
    yield Heading("Interview: report")
    yield Bars(tuple(bar(n, one) for n, one in enumerate(found, start=1)))
    yield from topic_blocks(found)
    yield Fields(tuple(summary(interview, found)))
    # One that was graded since is due no more.
    again = [n for n, one in enumerate(found, start=1) if one.is_weak and one.question in due]
    if again:
        are = "is" if len(again) == 1 else "are"
        numbers = joined([str(n) for n in again], "and")
        yield Markdown(f"{counted(len(again), 'question').capitalize()} {are} in your review now: {numbers}.")
    through = Button("Go through them", "interview show 1", primary=True)
    yield Buttons((through, Button("Review", "review"), ANOTHER))
    yield Footnote("A hint, not a mark.")


def name_of(question: str) -> str:
    """A question in few words: its id says what it is about."""
    return question.partition("/")[2].replace("-", " ")


def bar(n: int, one: Result) -> Bar:
    label = f"{n}. {name_of(one.question)}"
    if one.item is None:
        return Bar(f"open in the team now · {label}", 0.0)
    return Bar(f"{one.found} of {one.points} · {label}" if one.text else f"skipped · {label}", one.share)


def topic_blocks(found: Sequence[Result]) -> Iterator[Block]:
    """How much was found by topic, the least first, where there are several."""
    topics: defaultdict[str, list[Result]] = defaultdict(list)
    for one in found:
        if one.item:
            topics[one.topic].append(one)
    if len(topics) > 1:
        yield Markdown("**By topic**")
        yield Bars(tuple(sorted((topic_bar(*each) for each in topics.items()), key=lambda bar: bar.share)))


def topic_bar(topic: str, found: Sequence[Result]) -> Bar:
    """`4 of 7 · rag`; what was skipped counts as not found."""
    part, whole = sum(one.found for one in found), sum(one.points for one in found)
    return Bar(f"{part} of {whole} · {topic}", part / whole if whole else 0.0)


def summary(interview: Interview, found: Sequence[Result]) -> Iterator[tuple[str, str]]:
    minutes = round(interview.spent / timedelta(minutes=1))
    yield "Time", counted(minutes, "minute") if minutes else "less than a minute"
    given = [one for one in found if one.text and one.item]
    best, worst = (pick(given, key=lambda one: one.share) if given else None for pick in (max, min))
    if best and best.found:
        yield "Most found", name_of(best.question)
    if worst and worst.share < 1 and worst is not best:
        yield "Look again", name_of(worst.question)


async def finished(game: Game, call: Call) -> Interview:
    """An interview that is over. Raises a refusal where there is none, or some of it is still to come."""
    current, _ = await game.store.interview(call.request.channel.team, call.request.member)
    if current is None:
        raise Refusal(GONE, BEGIN_ONE)
    if not current.is_over:
        raise Refusal("The results come at the end of the interview.", GO_ON)
    return current


async def show(game: Game, call: Call) -> Reply:
    """The card of one question of an interview that is over."""
    return await shown(game, call, await finished(game, call), int(call.words["number"]))


async def shown(game: Game, call: Call, current: Interview, number: int) -> Message:
    found = await results(game, call, current)
    if not 1 <= number <= len(found):
        raise Refusal("That button belongs to something older.", ANOTHER)
    one = found[number - 1]
    if one.item is None:
        raise Refusal(
            "That question is open in this team now, so its answer waits for the reveal.",
            *onwards(number, len(found)),
        )
    hinted = await game.store.keep_attempt(call.request, one.question, one.text, call.now)
    prompt, reference = one.item.question.prompt, reference_of(one.item)
    kept = learning.Attempt(one.question, one.question, prompt, one.text, reference, hinted=hinted, flow=FLOW)
    card = learning.card(await learning.judged(game, call, kept))
    return in_report(card, current, number, prompt if one.text else "")


def in_report(card: Message, interview: Interview, number: int, prompt: str) -> Message:
    """A card with its place in the interview; one that begins with the prompt itself needs it no more."""
    count = len(interview.questions)
    place = (Heading(f"Interview: {number} of {count}"), *((Markdown(f"**{prompt}**"),) if prompt else ()))
    return replace(card, blocks=(*place, *card.blocks, Buttons(onwards(number, count))), edits=True)


def onwards(number: int, count: int) -> tuple[Button, ...]:
    report = Button("Report", "interview end")
    return (Button("Next question", f"interview show {number + 1}"), report) if number < count else (report,)


def number_of(interview: Interview, question: str) -> int:
    """Which question of the interview this is, from one."""
    if question not in interview.questions:
        raise Refusal("That button belongs to something older.", ANOTHER)
    return interview.questions.index(question) + 1


async def say_point(game: Game, call: Call) -> Reply:
    """Take a member's word for a key point; the card stays where it is in the report."""
    current, item = await finished(game, call), item_named(game, call.words["target"])
    number = number_of(current, item.id)
    card = await learning.say_point(game, call, flow=FLOW)
    return in_report(card, current, number, item.question.prompt)


async def grade(game: Game, call: Call) -> Reply:
    """Keep the grade and go on with the next question, or back to the report."""
    current, item = await finished(game, call), item_named(game, call.words["target"])
    number = number_of(current, item.id)
    learnt, _ = await learning.keep_grade(game, call, item.id, "", counts=False)
    last = number == len(current.questions)
    after = await report(game, call, current) if last else await shown(game, call, current, number + 1)
    return replace(after, blocks=(*after.blocks, Footnote(learning.last_one(learnt))), edits=True)
