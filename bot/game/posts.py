"""What is said of a round in its channel: the question, the reveal, late answers, and notes to its admin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.game.reminders import Note
from bot.game.rounds import Answer, ReferenceAnswer, Round
from bot.game.rules import PAUSE_AFTER_UNANSWERED
from bot.game.schedule import Schedule, date_words, from_day
from bot.messages import (
    Bar,
    Bars,
    Block,
    Button,
    Buttons,
    Footnote,
    Heading,
    Markdown,
    Message,
    Quote,
    announce,
    channel_link,
    moment,
    say,
    thread_link,
)
from bot.wording import counted, escape_markdown, in_letters, plain

FEWEST_FOR_A_WORD = 3
PRIVATE = "Answer is private; a reply in the thread is not."


@dataclass(frozen=True, slots=True)
class Lapse:
    """What a day without an answer took from a member: a freeze (f), or the streak (m) as long as it was.

    `until` is when the day can be brought back at the latest, if it can.
    """

    member: str
    day: int
    mark: Literal["f", "m"]
    streak: int
    until: datetime | None = None
    freezes: int = 0


def question_message(round: Round, schedule: Schedule | None) -> Message:
    """The post that opens a round."""
    ping = (schedule.ping,) if schedule and schedule.ping else ()
    return announce(
        *ping,
        Markdown(f"**{round.prompt}**"),
        Footnote(" · ".join(about_question(round, schedule))),
        Buttons(question_buttons(round)),
        Footnote(f"{PRIVATE} {reveal_sentence(round, schedule)} A late answer keeps your streak."),
        notice=f"Question: {plain(round.prompt)}",
    )


def question_buttons(round: Round) -> tuple[Button, ...]:
    hint, status = Button("Hint", f"hint @{round.id}"), Button("Status", f"today @{round.id}")
    return answer_button(round, primary=True), hint, status


def about_question(round: Round, schedule: Schedule | None) -> Iterator[str]:
    yield round.topic
    yield round.level
    if round.asked_before:
        before = round.asked_before.astimezone(schedule.tz if schedule else UTC).date()
        yield f"asked here last on {date_words(before, round.date, weekday=False)}"
    yield f"answered by {round.replies}" if round.replies else "no answers yet"


def answer_button(round: Round, *, primary: bool = False, label: str = "Answer") -> Button:
    return Button(label, f"answer @{round.id}", primary)


def compare_button(round: Round) -> Button:
    return Button("Compare mine", f"compare @{round.id}", primary=True)


def flag_button(round: Round) -> Button:
    return Button("Flag", f"flag @{round.id}")


def reveal_sentence(round: Round, schedule: Schedule | None) -> str:
    """When the reveal comes: `Reveal: between 10:00 and 17:00, once everyone who usually answers has.`"""
    latest = moment(round.deadline, schedule.tz if schedule else None)
    if round.regulars == "0" or round.reveal_from >= round.deadline:
        return f"Reveal: {latest}."
    earliest = moment(round.reveal_from, schedule.tz if schedule else None)
    once = "everyone who usually answers has" if round.regulars else f"there are {answers(round.min_replies)}"
    return f"Reveal: between {earliest} and {latest}, once {once}."


def answers(count: int) -> str:
    """`no answers`, `1 answer`, `4 answers`."""
    return counted(count, "answer")


def revealed_question_message(round: Round, schedule: Schedule | None) -> Message:
    """What the question's post says from the reveal on, until the round closes."""
    until = moment(round.closes, schedule.tz if schedule else None, "day")
    return announce(
        *closed_blocks(round),
        Buttons((compare_button(round), answer_button(round, label="Answer late"))),
        Footnote(f"See the thread. Late answers until {until}."),
        notice=f"Revealed: {answers(round.replies)}",
    )


def told_question_message(round: Round, schedule: Schedule | None) -> Message:
    """What the question's post says when its reveal is told, which may be behind the next question."""
    closed = round.state == "closed"
    return closed_question_message(round) if closed else revealed_question_message(round, schedule)


def closed_question_message(round: Round) -> Message:
    """What the question's post says once the round is closed."""
    return announce(*closed_blocks(round), notice=f"Closed: {answers(round.replies)}")


def closed_blocks(round: Round) -> tuple[Block, ...]:
    replies = f"{round.replies} answered" if round.replies else "no answers"
    return Markdown(f"**{round.prompt}**"), Footnote(f"{round.topic} · {round.level} · {replies}")


def reveal_message(round: Round, found: Sequence[int] = ()) -> Message:
    """The first post in the question's thread: the key points and the reference answer.

    `found` says in how many answers each key point was found, where that was counted.
    """
    reference = round.reference_answer
    blocks = (
        *point_blocks(reference, found, round.replies),
        *answer_blocks(reference),
        *((Footnote(f"Suggested by {round.credit}."),) if round.credit else ()),
        *no_answers(round),
    )
    return announce(*blocks, notice="The reveal: key points and reference answer")


def no_answers(round: Round) -> Iterator[Block]:
    if not round.replies:
        yield Markdown("No answers yet. A late answer still keeps your streak.")
        yield Buttons((flag_button(round),))


def reference_blocks(reference: ReferenceAnswer) -> Iterator[Block]:
    """The reference answer with its key points, pitfall and sources."""
    yield from point_blocks(reference)
    yield from answer_blocks(reference)


def point_blocks(reference: ReferenceAnswer, found: Sequence[int] = (), replies: int = 0) -> Iterator[Block]:
    """The key points; with counts, how many of the answers have each."""
    if not reference.key_points:
        return
    yield Heading("Key points")
    if not (found and replies):
        yield Markdown("\n".join(f"- {escape_markdown(point.label)}" for point in reference.key_points))
        return
    pairs = zip(found, reference.key_points, strict=True)
    yield Bars(tuple(Bar(f"{count} of {replies} · {one.label}", count / replies) for count, one in pairs))
    yield Footnote("How many answers have the wording. llmq may overlook other words.")


def answer_blocks(reference: ReferenceAnswer) -> Iterator[Block]:
    yield Heading("A guide to a good answer" if reference.own_experience else "Reference answer")
    yield Markdown(reference.answer)
    if reference.pitfall:
        yield Markdown(f"**A common mistake.** {reference.pitfall}")
    if reference.references:
        links = (f"- [{escape_markdown(source.title)}]({source.url})" for source in reference.references)
        yield Markdown("**Sources**\n\n" + "\n".join(links))


def answers_message(round: Round, page: Sequence[Answer], first: int) -> Message:
    """Some of the answers in the order they came, a heading before the first, buttons after the last."""
    heading = () if first else (Heading(f"{answers(round.replies)}"),)
    quotes = (Quote(answer.name, answer.text) for answer in page)
    is_last = first + len(page) >= round.replies
    buttons = (Buttons((compare_button(round), flag_button(round))),) if is_last else ()
    return announce(*heading, *quotes, *buttons, notice=f"The reveal: {answers(round.replies)}")


def late_message(answer: Answer) -> Message:
    """An answer that came after the reveal."""
    marks = (answer.name, *late_marks(answer))
    return announce(Quote(" · ".join(marks), answer.text), notice=f"A late answer from {answer.name}.")


def late_marks(answer: Answer) -> Iterator[str]:
    if answer.late:
        yield "late, after reading" if answer.read else "late"


def revealed_line(round: Round, found: Sequence[int] = ()) -> Message:
    """The one line that announces a reveal in the channel; it calls nobody."""
    if not round.replies:
        words = "**Revealed.** A late answer still keeps your streak."
        return announce(Markdown(words), notice="Revealed")
    parts = [f"**Revealed:** {round.replies} answered.", *rarest(round, found)]
    link = thread_link(round.channel, round.message, "Open the thread")
    return announce(Markdown(" ".join((*parts, link))), notice="Revealed")


def rarest(round: Round, found: Sequence[int]) -> Iterator[str]:
    """A word on the key point that hardly anyone had, where enough answered."""
    if found and round.replies >= FEWEST_FOR_A_WORD and min(found) * 2 < round.replies:
        count, alike = min(found), found.count(min(found))
        which = f"{in_letters(alike).capitalize()} key {'point was' if alike == 1 else 'points were'}"
        yield f"{which} found in {f'only {answers(count)}' if count else 'no answer'}."


# To the admin who set the schedule.


def paused_note(channel: str, reason: str) -> Message:
    words = f"The daily question in {channel_link(channel)} is paused. {reason} `/llmq daily resume` goes on."
    return say(Markdown(words))


def unposted_note(channel: str, round: Round) -> Message:
    return say(
        Markdown(
            f"The reveal of {round.date:%a %-d %b} in {channel_link(channel)} could not be posted. "
            "`/llmq history` shows it, and the channel goes on as planned."
        )
    )


def few_left_note(channel: str, left: int, waits: int) -> Message:
    """`left` are the questions not asked in this lap, of which `waits` are open in other channels."""
    words = f"The daily question in {channel_link(channel)} has {counted(left, 'new question')} left. "
    if waits:
        words += f"{waits} of them open in other channels just now. "
    return say(Markdown(words + "After that those asked longest ago come again. `/llmq topics` lists all."))


def not_pinned_note(channel: str, reason: str) -> Message:
    """Said once, until a question could be pinned."""
    words = f"The question in {channel_link(channel)} could not be pinned. {reason} It is tried with the next"
    return say(Markdown(f"{words} one; `/llmq daily pin on` tries at once, `daily pin off` ends it."))


def gone_note(channel: str, gone: Sequence[str]) -> Message:
    """`gone` are decks or topics that a schedule names and no loaded deck has."""
    words = f"The daily question in {channel_link(channel)} asks from decks or topics that are not loaded: "
    return say(Markdown(f"{words}{', '.join(gone)}. It goes on with the others; llmq's log says why."))


UNANSWERED = (
    f"{in_letters(PAUSE_AFTER_UNANSWERED).capitalize()} questions had no answers; "
    "another hour or other topics may help."
)


def thread_title(round: Round) -> str:
    """`Tue 24 Nov · What is the difference?`, for the list of threads."""
    return f"{round.date:%a %-d %b} · {plain(round.prompt)}"


# To members.


def streak_note(channel: str, lapse: Lapse, now: datetime) -> Message:
    """What a day without an answer took, and how it can be brought back."""
    place, days = channel_link(channel), counted(lapse.streak, "day")
    if lapse.mark == "f":
        left = f" You hold {lapse.freezes} more." if lapse.freezes else ""
        return say(Markdown(f"A freeze kept your streak of {days} in {place} on {name_of(lapse.day)}.{left}"))
    ended = f"Your streak in {place} ended at {days}."
    if lapse.until is None or lapse.until <= now:
        return say(Markdown(f"{ended} The next answer starts a new one."))
    by = moment(lapse.until, None, "day")
    words = f"{ended} To bring it back, answer the question of {name_of(lapse.day)} by {by}."
    answer = Button("Answer it", f"answer @{channel}:{lapse.day}", primary=True)
    return say(Markdown(words), Buttons((answer,)))


def flag_message(note: Note) -> Message:
    """What became of a flag."""
    became = "is no longer asked here" if note.outcome == "retired" else "stays"
    words = Markdown(f"**Your flag: the question {became}.** {note.prompt}")
    return say(words, Quote("The reply", note.reply)) if note.reply else say(words)


def suggestion_message(note: Note) -> Message:
    """What became of a suggested question."""
    asked = Quote("You", note.prompt)
    if note.outcome == "declined":
        again = Button("Change and send again", "suggest", primary=True)
        reply = (Quote("The reviewer", note.reply),) if note.reply else ()
        return say(Markdown("**Your question was not taken.**"), asked, *reply, Buttons((again,)))
    if note.outcome != "named":
        return say(Markdown("**Your question is in, without your name.**"), asked)
    nameless = (Buttons((Button("Leave my name out", f"suggest nameless {note.suggestion}"),)),)
    told = (Markdown("**Your question is in, with your name.**"), asked)
    return say(*told, *(nameless if note.suggestion else ()))


def name_of(day: int) -> str:
    """`Tue 24 Nov`."""
    return f"{from_day(day):%a %-d %b}"
