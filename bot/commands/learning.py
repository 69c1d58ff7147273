"""Comparing one's answer with the key points, and grading how well one knew it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.commands import answering
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.answers import COPIED, ERASED, PASTED, checked_answer, is_not_known
from bot.game.catalogue import Item
from bot.game.judge import JudgeAway
from bot.game.memory import Grade, Learnt, graded
from bot.game.posts import reference_blocks
from bot.game.rounds import Answer, ReferenceAnswer, Round, reference_of
from bot.game.schedule import date_words, from_day
from bot.messages import (
    Block,
    Button,
    Buttons,
    Divider,
    Footnote,
    Heading,
    Markdown,
    Message,
    Quote,
    Reply,
    moment,
    say,
)
from bot.store.records import Earlier, Practised, Today
from bot.wording import counted, escape_markdown
from content.coverage import Finding, coverage
from content.notes import looks_like_keywords, mostly_repeats

log = logging.getLogger(__name__)

HONEST = (
    "This looks for the key points in your wording; it cannot tell whether a statement is true, and may "
    "overlook a point that you put differently."
)
HOW_WELL = "**How well did you know it?** You choose; it decides when the question comes back."
GRADES = "Again: not yet. Hard: with effort. Good: with thought. Easy: at once."
NOT_REVEALED = "The reveal is still to come; then you can compare."
NOTHING_TO_COMPARE = "You have no answer here to compare."
PRACTISE = Button("Practise", "random")
BLIND = "That question is open in this team, or comes soon, so its answer waits for the reveal."
MOST_TRIES = 3
# A command is answered within two and a half seconds.
JUDGE_WITHIN_SECONDS = 1.9
CHECKED = "Checked by {judge}; see /llmq settings."


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer to be compared: to a round (`@C1:20780`), or to a question of the decks (`rag/chunking`)."""

    target: str
    question: str
    prompt: str
    text: str
    reference: ReferenceAnswer
    said: tuple[str, ...] = ()
    hinted: bool = False
    earlier: Earlier | None = None
    # The command whose flow the card is part of; its buttons go on in it.
    flow: str = ""
    # What a judge found, and which it is (`MODEL at HOST`); else the wording is looked at.
    judged: tuple[Finding, ...] = ()
    judge: str = ""

    @property
    def round(self) -> str:
        return self.target.removeprefix("@") if self.target.startswith("@") else ""

    def command(self, name: str, word: str | int) -> str:
        """What a button of its card would send."""
        return " ".join(filter(None, (self.flow, name, self.target, str(word))))


class Unanswered(Refusal):
    """There is a question, and no answer of the member's to it."""

    def __init__(self, round: str) -> None:
        super().__init__(NOTHING_TO_COMPARE, Button("Status", f"today @{round}", primary=True))
        self.round = round


async def attempt_of(game: Game, call: Call, *, flow: str = "") -> Attempt:
    """The answer that a command means. Raises a refusal where there is none, or the reveal is to come."""
    target = call.words.get("target", "")
    if target and not target.startswith("@"):
        return await practice_attempt(game, call, target, flow)
    request = call.request
    round = target.removeprefix("@")
    seen = await game.store.today(request.channel, request.member, call.now, round)
    if seen.round is None:
        raise Refusal(NOTHING_TO_COMPARE)
    if seen.own is None:
        raise Unanswered(seen.round.id)
    if seen.round.is_blind or not seen.round.reference:
        raise Refusal(NOT_REVEALED)
    return attempt_at(seen, seen.round, seen.own)


def attempt_at(seen: Today, round: Round, own: Answer) -> Attempt:
    """An answer to a revealed round."""
    return Attempt(
        target=f"@{round.id}",
        question=round.question,
        prompt=round.prompt,
        text=own.text,
        reference=round.reference_answer,
        said=own.said,
        hinted=seen.hinted,
        earlier=seen.earlier,
    )


async def practice_attempt(game: Game, call: Call, question: str, flow: str) -> Attempt:
    item, request = await unseen_item(game, call, question), call.request
    last = (await game.store.card(request.channel.team, request.member, question)).attempt
    prompt, reference = item.question.prompt, reference_of(item)
    if last is None:
        if "grade" not in call.words:
            raise Refusal(NOTHING_TO_COMPARE)
        # Who only looked at the answer may grade themselves, too.
        return Attempt(question, question, prompt, "", reference, flow=flow)
    return Attempt(question, question, prompt, last.text, reference, last.said, last.hinted, flow=flow)


def item_named(game: Game, question: str) -> Item:
    """A question of the decks, which may have changed since a button named it."""
    item = game.catalogue.items.get(question)
    if item is None:
        raise Refusal("That question is no longer in the decks.", PRACTISE)
    return item


async def unseen_item(game: Game, call: Call, question: str, onwards: Button = PRACTISE) -> Item:
    """A question of the decks. Raises a refusal for one that is open in the team, or comes soon."""
    item = item_named(game, question)
    if await game.store.is_blind(call.request.channel.team, item):
        raise Refusal(BLIND, onwards)
    return item


async def taken(
    game: Game, call: Call, item: Item, body: str, onwards: Button = PRACTISE
) -> tuple[str, Practised]:
    """Take the text of a form as a practice answer; the text to keep, and what it earned."""
    text = checked_answer(body, call.meant)
    done = await game.store.practise(call.request, item, text, call.now, worth=not is_not_known(text))
    match done.status:
        case "erased":
            raise Refusal(ERASED)
        case "blind":
            raise Refusal(BLIND, onwards)
        case "pasted":
            raise Refusal(PASTED)
        case "copied":
            raise Refusal(COPIED)
    return text, done


async def compare(game: Game, call: Call) -> Reply:
    """The key points of a question beside one's own words; without any, how the question stands."""
    try:
        attempt = await attempt_of(game, call)
    except Unanswered as unanswered:
        return await answering.today(game, replace(call, words={"round": f"@{unanswered.round}"}))
    return card(await judged(game, call, attempt))


async def judged(game: Game, call: Call, attempt: Attempt) -> Attempt:
    """The attempt with what a judge finds, where there is one, it is in time, and the member lets it read."""
    points, request = attempt.reference.key_points, call.request
    if game.judge is None or not attempt.text or not points:
        return attempt
    if not (await game.store.notes.reminders(request.channel.team, request.member.id)).judge:
        return attempt
    try:
        async with asyncio.timeout(JUDGE_WITHIN_SECONDS):
            found = await game.judge.findings(attempt.prompt, points, attempt.text)
    except (JudgeAway, TimeoutError) as away:
        log.warning("the judge finds nothing, so wording is looked at: %s", str(away) or "too late")
        return attempt
    return replace(attempt, judged=found, judge=f"{game.judge.model} at {game.judge.host}")


def card(attempt: Attempt, *, edits: bool = False) -> Message:
    """The card of an answer: what was found in it, then the grades."""
    return replace(say(*found_blocks(attempt), Divider(), *grade_blocks(attempt)), edits=edits)


def is_compared(attempt: Attempt) -> bool:
    """Whether there is a text to look for key points in, and key points to look for."""
    reference = attempt.reference
    return bool(attempt.text and reference.key_points and not reference.own_experience)


def findings_in(attempt: Attempt) -> tuple[Finding, ...]:
    """What a judge found, else what the wording shows."""
    return attempt.judged or tuple(coverage(attempt.reference.key_points, attempt.text))


def share_of(attempt: Attempt, findings: Sequence[Finding]) -> str:
    """`2 of 3 key points`."""
    count = sum(one.found or one.label in attempt.said for one in findings)
    return f"{count} of {counted(len(findings), 'key point')}"


def share_found(attempt: Attempt) -> str:
    """`2 of 3 key points`, or nothing where there is nothing to compare."""
    return share_of(attempt, findings_in(attempt)) if is_compared(attempt) else ""


def found_blocks(attempt: Attempt) -> Iterator[Block]:
    if not is_compared(attempt):
        yield Markdown(f"**{attempt.prompt}**")
        yield from reference_blocks(attempt.reference)
        return
    findings = findings_in(attempt)
    yield Heading(f"Found {share_of(attempt, findings)}")
    for n, finding in enumerate(findings, start=1):
        yield from finding_blocks(attempt, n, finding)
    how = CHECKED.format(judge=attempt.judge) if attempt.judge else HONEST
    yield Footnote(" ".join((how, *notes(attempt))))
    if attempt.earlier:
        asked = from_day(attempt.round.rpartition(":")[2])
        yield Markdown(f"On {date_words(from_day(attempt.earlier.day), asked, weekday=False)} you wrote:")
        yield Quote("You", attempt.earlier.text)


def finding_blocks(attempt: Attempt, n: int, finding: Finding) -> Iterator[Block]:
    label = escape_markdown(finding.label)
    if finding.evidence:
        yield Markdown(f"{n}. **Found:** {label}")
        yield Quote("You", excerpt(finding.evidence, attempt.text))
    elif finding.label in attempt.said:
        yield Markdown(f"{n}. **Found, by your word:** {label}")
    else:
        yield Markdown(f"{n}. **Not found:** {label}")
        yield Buttons((Button(f"I did say {n}", attempt.command("said", n)),))


def excerpt(words: str, text: str) -> str:
    """Words of a text, with `…` where it goes on."""
    before, behind = not text.startswith(words), not text.endswith(words)
    return f"{'…' * before}{words}{'…' * behind}"


def notes(attempt: Attempt) -> Iterator[str]:
    if looks_like_keywords(attempt.text):
        yield "This looks like a list of keywords."
    if mostly_repeats(attempt.prompt, attempt.text):
        yield "Much of this repeats the question."
    if attempt.hinted:
        yield "You used the hint."


def grade_blocks(attempt: Attempt) -> Iterator[Block]:
    yield Markdown(HOW_WELL)
    yield Buttons(tuple(Button(grade.capitalize(), attempt.command("grade", grade)) for grade in Grade))
    yield Footnote(GRADES)
    reference = (Button("Reference", f"today @{attempt.round}"),) if attempt.round else ()
    yield Buttons((*reference, Button("Flag", f"flag {attempt.target}")))


async def say_point(game: Game, call: Call, *, flow: str = "") -> Message:
    """Take a member's word for a key point that was not found."""
    attempt, request = await attempt_of(game, call, flow=flow), call.request
    labels = [point.label for point in attempt.reference.key_points]
    number = int(call.words["number"])
    if not 1 <= number <= len(labels):
        raise Refusal("That button belongs to something older.")
    label = labels[number - 1]
    team, member = request.channel.team, request.member
    await game.store.say_point(team, member, attempt.question, attempt.round, label, call.now)
    attempt = replace(attempt, said=(*attempt.said, label))
    return card(await judged(game, call, attempt), edits=True)


async def grade(game: Game, call: Call) -> Reply:
    """Keep how well one knew an answer, and say when the question comes back."""
    attempt = await judged(game, call, await attempt_of(game, call))
    if "grade" not in call.words:
        return card(attempt, edits=True)
    learnt, points = await keep_grade(game, call, attempt.question, attempt.round, counts=False)
    return replace(say(*graded_blocks(attempt, learnt, points)), edits=True)


async def keep_grade(
    game: Game, call: Call, question: str, round: str, *, counts: bool
) -> tuple[Learnt, int]:
    """Keep a grade; another one on the same day takes the place of the first, an older act has no effect."""
    chosen, request = Grade(call.words["grade"]), call.request
    # Never ahead of our own clock: what is to come is not known yet.
    at = min(request.at or call.now, call.now)
    team, member = request.channel.team, request.member
    for _ in range(MOST_TRIES):
        known = await game.store.card(team, member, question)
        last = known.learnt.memory.reviewed if known.learnt else None
        if known.learnt and last and last > at:
            return known.learnt, 0
        again = last is not None and last.date() == at.date()
        learnt = graded(known.learnt, chosen, at, again=again)
        kept = await game.store.learn(
            team, member, question, known.stored, learnt, at, round, counts=counts and not again
        )
        if kept.status != "changed":
            return learnt, kept.points
    raise Refusal("Another grade came at the same moment. Try again.")


def graded_blocks(attempt: Attempt, learnt: Learnt, points: int) -> Iterator[Block]:
    yield from found_blocks(attempt)
    yield Divider()
    earned = f" +{points} points." if points else ""
    yield Markdown(f"**{learnt.grade.capitalize()}.** It comes back on {back_on(learnt)}.{earned}")
    yield Buttons(
        (
            Button("Choose again", attempt.command("grade", "").strip()),
            Button("Next due", "review"),
        )
    )


def back_on(learnt: Learnt) -> str:
    return moment(learnt.memory.due, None, "day")


def last_one(learnt: Learnt) -> str:
    """What became of the question before, in a flow."""
    return f"Last one: {learnt.grade.capitalize()}, back on {back_on(learnt)}."


async def hint(game: Game, call: Call) -> Reply:
    """How many key points there are, and how one of them begins."""
    target = call.words.get("target", "")
    request = call.request
    if target and not target.startswith("@"):
        item = await unseen_item(game, call, target)
        points, answer = [point.label for point in item.question.key_points], f"random answer {target}"
        await game.store.use_hint(request.channel.team, request.member, "", target)
        return hint_message(points, answer)
    seen = await game.store.today(request.channel, request.member, call.now, target.removeprefix("@"))
    if seen.round is None or not seen.round.is_blind:
        raise Refusal("No question is open here.", PRACTISE)
    round = seen.round
    labels = await game.store.use_hint(request.channel.team, request.member, round.id, round.question)
    return hint_message(labels, f"answer @{round.id}", answered=seen.own is not None)


def hint_message(labels: Sequence[str], answer: str, *, answered: bool = False) -> Message:
    if not labels:
        raise Refusal("This question has no key points: it asks for your own experience.")
    first = labels[0].split()
    # Of a short one no more than half, or nothing would be left to find.
    start = " ".join(first[: min(2, len(first) // 2)])
    begins = f" One begins with “{escape_markdown(start)} …”." if start else ""
    words = f"{counted(len(labels), 'key point')}.{begins}"
    return say(
        Markdown(words),
        Footnote("It costs nothing; your card will note it."),
        Buttons((Button("Change" if answered else "Answer", answer, primary=not answered),)),
    )
