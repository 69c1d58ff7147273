"""A round as it is stored, and what is said of it: the question, its closing and the reveal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from bot.game.catalogue import Item
from bot.game.schedule import RevealRule, Schedule, describe_moment, from_day, from_ms, to_ms
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
    announce,
)
from bot.text import escape_markdown
from content.deck import KeyPoint, Reference


@dataclass(frozen=True, slots=True)
class ReferenceAnswer:
    """What is revealed of a question."""

    answer: str
    key_points: tuple[KeyPoint, ...] = ()
    pitfall: str = ""
    references: tuple[Reference, ...] = ()
    own_experience: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A member's answer to a round; `at` is the moment in milliseconds since 1970."""

    name: str
    text: str
    at: float
    late: bool


REFERENCE = TypeAdapter(ReferenceAnswer)
ANSWER = TypeAdapter(Answer)
ANSWERS = TypeAdapter(list[Answer])

PASTED = "That is the question itself. Write your own answer to it, however short."
KEPT_OPEN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Round:
    """One question in one channel on one local date. Moments are milliseconds since 1970, as stored."""

    id: str
    channel: str
    day: int
    state: str
    question: str
    topic: str
    level: str
    prompt: str
    replies: int
    min_replies: int
    opened: int
    reveal_from: int
    deadline: int
    closes: int
    message: str = ""
    reference: str = ""
    revealed: int = 0
    forced: bool = False
    told: bool = False

    @property
    def date(self) -> date:
        return from_day(self.day)

    @property
    def is_blind(self) -> bool:
        return self.state in ("scheduled", "open")

    @property
    def reference_answer(self) -> ReferenceAnswer:
        return REFERENCE.validate_json(self.reference)

    @property
    def reveal_due(self) -> int:
        """The moment at which the round, as it stands, is to be looked at again for its reveal."""
        if self.forced:
            return self.opened
        return self.reveal_from if self.replies >= self.min_replies else self.deadline


NUMBERS = ("day", "replies", "min_replies", "opened", "reveal_from", "deadline", "closes", "revealed")
WORDS = ("id", "channel", "state", "question", "topic", "level", "prompt", "message", "reference")


def read_round(stored: Mapping[str, str | float | None]) -> Round:
    """The round of a stored hash."""
    numbers = {name: int(stored.get(name) or 0) for name in NUMBERS}
    words = {name: str(stored.get(name) or "") for name in WORDS}
    return Round(**words, **numbers, forced=bool(stored.get("forced")), told=bool(stored.get("told")))  # type: ignore[arg-type]


def reference_of(item: Item) -> ReferenceAnswer:
    """What a question's round, or its practice, reveals."""
    q = item.question
    return ReferenceAnswer(q.answer, q.key_points, q.pitfall, q.references, q.own_experience)


def round_fields(item: Item, rule: RevealRule, opened: int) -> dict[str, str | int]:
    """What is stored of a new round beside its place and date: the text it is asked with, and its moments."""
    begun = from_ms(opened)
    return {
        "question": item.id,
        "topic": item.question.topic,
        "level": item.question.level,
        "prompt": item.question.prompt,
        "plain": item.plain,
        "prompt_hash": item.prompt_hash,
        "version": item.version,
        "reference": REFERENCE.dump_json(reference_of(item)).decode(),
        "min_replies": rule.min_replies,
        "reveal_from": to_ms(begun + rule.min_wait),
        "deadline": to_ms(begun + rule.deadline),
        "closes": to_ms(begun + KEPT_OPEN),
    }


def replies_in_words(replies: int) -> str:
    """`no answers`, `1 answer`, `4 answers`."""
    return f"{replies} answer{'' if replies == 1 else 's'}" if replies else "no answers"


def question_message(round: Round, schedule: Schedule) -> Message:
    """The post that opens a round."""
    rule = f"{describe_reveal(round, schedule, from_ms(round.opened))} ({schedule.zone})"
    return announce(
        Heading(f"Question of the day · {round.date:%a %-d %b}"),
        Markdown(f"**{round.prompt}**"),
        Buttons(
            (Button("Answer", f"answer @{round.id}", primary=True), Button("Status", f"today @{round.id}"))
        ),
        Footnote(f"{round.topic} · {round.level} · Answers stay hidden until the reveal: {rule}"),
    )


def describe_reveal(round: Round, schedule: Schedule, now: datetime) -> str:
    """`with 3 answers, but not before 10:00; at the latest on Mon 23 Nov 2026, 17:00`."""
    latest = describe_moment(schedule, now, from_ms(round.deadline))
    ready = from_ms(round.reveal_from)
    # Both lie within a day, so that the time alone is enough for the first.
    wait = f"{schedule.local(ready):%H:%M}" if ready > now else ""
    if round.replies >= round.min_replies:
        return f"at {wait}" if wait else "any moment"
    enough = f"with {replies_in_words(round.min_replies)}"
    return f"{enough}{f', but not before {wait}' if wait else ''}; at the latest on {latest}"


def revealed_question_message(round: Round) -> Message:
    """What the question's post says from the reveal on."""
    return announce(
        Heading(f"Question of the day · {round.date:%a %-d %b}"),
        Markdown(f"**{round.prompt}**"),
        Footnote(
            f"{round.topic} · {round.level} · Revealed with {replies_in_words(round.replies)}: see the thread"
        ),
    )


def reveal_message(round: Round, answers: list[Answer]) -> Message:
    """The post in the question's thread: the reference answer, then the answers in the order they came."""
    return announce(*reference_blocks(round.reference_answer), Divider(), *answer_blocks(answers))


def reference_blocks(reference: ReferenceAnswer) -> Iterator[Block]:
    """The reference answer with its key points, pitfall and sources."""
    yield Heading("A guide to a good answer" if reference.own_experience else "Reference answer")
    yield Markdown(reference.answer)
    if reference.key_points:
        points = "\n".join(f"- {escape_markdown(point.label)}" for point in reference.key_points)
        yield Markdown(f"**Key points**\n\n{points}")
    if reference.pitfall:
        yield Markdown(f"**Common pitfall.** {reference.pitfall}")
    if reference.references:
        links = (f"- [{escape_markdown(source.title)}]({source.url})" for source in reference.references)
        yield Markdown("**Sources**\n\n" + "\n".join(links))


def answer_blocks(answers: list[Answer]) -> Iterator[Block]:
    """Everyone's answers, or a word when there are none."""
    if not answers:
        yield Heading("Nobody answered in time")
        yield Markdown("A late answer still keeps your streak: `/llmq answer`.")
        return
    yield Heading("1 answer" if len(answers) == 1 else f"{len(answers)} answers")
    for answer in sorted(answers, key=lambda answer: answer.at):
        yield Quote(answer.name, answer.text)
    yield Footnote("Late answers keep a streak until this round closes: /llmq answer")
