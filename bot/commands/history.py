"""Past questions of a channel: a page of them, and one whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from textwrap import shorten

from bot.commands import learning
from bot.commands.dates import read_date
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.memory import Learnt
from bot.game.rounds import Round
from bot.game.rules import KEPT_ROUND
from bot.game.schedule import from_day, to_day
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Form,
    Heading,
    Input,
    Markdown,
    Message,
    Quote,
    Reply,
    Table,
    channel_link,
    say,
    thread_link,
)
from bot.store.records import Past, PastRound, Today
from bot.wording import as_code, did_you_mean, escape_markdown, nearest, plain

PAGE = 10
LONGEST_PROMPT = 40
# A choice in a form takes so much on every platform.
LONGEST_CHOICE = 70
MOST_TOPICS = 9
ALL = "all"
WORDS = {"no": "no answer", "late": "late", "time": "answered"}
NONE_YET = "No question was revealed here yet."
NO_SUCH = "No question of that day is kept here."
KEPT = f"Questions are kept for {KEPT_ROUND.days} days."


async def history(game: Game, call: Call) -> Reply:
    """The channel's past questions, or the one of a day."""
    if round := round_meant(game, call):
        return await one(game, call, round)
    return await page(game, call, call.words.get("topic", ""), int(call.words.get("page", 1)))


def round_meant(game: Game, call: Call) -> str:
    """The id of the round that a button or a date names, or nothing."""
    if "date" not in call.words:
        return call.words.get("round", "").removeprefix("@")
    day = to_day(read_date(call.words["date"], call.now.date()))
    return f"{call.request.channel.id}:{day}"


async def page(game: Game, call: Call, topic: str, number: int, *, edits: bool = False) -> Message:
    channel, member = call.request.channel, call.request.member
    topic = named(topic, game.catalogue.sources)
    past = await game.store.history(channel, member, topic, (number - 1) * PAGE, PAGE)
    if not past.rounds:
        raise none_found(past, topic, number)
    message = say(*page_blocks(past, channel.id, topic, number))
    return replace(message, edits=edits or number > 1)


def named(topic: str, known: tuple[str, ...]) -> str:
    """A topic or deck as it is written, however its letters were typed."""
    return next((one for one in known if one.casefold() == topic.casefold()), topic)


def none_found(past: Past, topic: str, number: int) -> Refusal:
    if not past.topics:
        return Refusal(NONE_YET)
    if number > 1:
        return Refusal("There is nothing earlier here.", Button("History", "history"))
    near = did_you_mean(nearest(topic, tuple(past.topics)))
    return Refusal(f"No past question on {as_code(topic)} here.{near}", Button("All", "history"))


def page_blocks(past: Past, channel: str, topic: str, number: int) -> Iterator[Block]:
    yield Heading(f"Past questions on {topic}" if topic else "Past questions")
    yield Table(("Date", "Question", "You"), tuple(map(row_of, past.rounds)))
    yield Buttons(tuple(page_buttons(past, topic, number)))
    yield Footnote(f"{KEPT} One whole: /llmq history {from_day(past.rounds[0].day)}")


def page_buttons(past: Past, topic: str, number: int) -> Iterator[Button]:
    about = f'"{topic}" ' if topic else ""
    yield Button("Open one", f"history open {about}{number}")
    if past.more:
        yield Button("Earlier", f"history {about}{number + 1}")
    if len(past.topics) > 1:
        yield Button("Topic", "history topic")


def row_of(round: PastRound) -> tuple[str, str, str]:
    return date_of(round), short(round.prompt, LONGEST_PROMPT), WORDS.get(round.word, round.word)


def date_of(round: PastRound) -> str:
    return f"{from_day(round.day):%a %-d %b}"


def short(prompt: str, most: int) -> str:
    """The beginning of a question as plain text, for a cell or a choice."""
    return shorten(plain(prompt), most, placeholder="…")


async def by_topic(game: Game, call: Call) -> Reply:
    """Ask for a topic of those that were asked here, and show its questions."""
    if call.request.body is not None:
        chosen = call.request.inputs.get("topic", ALL)
        return await page(game, call, "" if chosen == ALL else chosen, 1, edits=True)
    past = await game.store.history(call.request.channel, call.request.member, "", 0, PAGE)
    if len(past.topics) < 2:
        raise Refusal(NONE_YET if not past.topics else "All questions here were on one topic.")
    return topic_form(past.topics)


def topic_form(topics: Mapping[str, int]) -> Form:
    """The topics that came most often."""
    often = sorted(sorted(topics), key=lambda topic: -topics[topic])[:MOST_TOPICS]
    choices = ((ALL, "All topics"), *((topic, f"{topic} ({topics[topic]})") for topic in often))
    return Form(
        "Past questions",
        "On which topic?",
        "history topic",
        (Input("topic", "Topic", "choice", ALL, choices),),
    )


async def open_one(game: Game, call: Call) -> Reply:
    """Ask for one of a page's questions, and show it whole."""
    if call.request.body is not None:
        return await one(game, call, call.request.inputs.get("round", ""))
    topic, number = call.words.get("topic", ""), int(call.words.get("page", 1))
    channel, member = call.request.channel, call.request.member
    past = await game.store.history(channel, member, topic, (number - 1) * PAGE, PAGE)
    if not past.rounds:
        raise Refusal(NONE_YET)
    if len(past.rounds) == 1:
        return await one(game, call, past.rounds[0].id)
    choices = tuple((one.id, short(f"{date_of(one)} · {one.prompt}", LONGEST_CHOICE)) for one in past.rounds)
    asked = Input("round", "Question", "choice", past.rounds[0].id, choices)
    return Form("Past questions", "Which one?", "history open", (asked,))


async def one(game: Game, call: Call, round: str) -> Message:
    """One past question whole, as its member has answered it."""
    channel, member = call.request.channel, call.request.member
    seen = await game.store.today(channel, member, call.now, round)
    if seen.round is None:
        raise Refusal(NO_SUCH)
    if seen.round.is_blind:
        raise Refusal(learning.NOT_REVEALED, Button("Status", f"today @{seen.round.id}", primary=True))
    learnt = (await game.store.card(channel.team, member, seen.round.question)).learnt
    found = await how_much(game, call, seen)
    return say(*one_blocks(seen, seen.round, member.name, found, learnt))


async def how_much(game: Game, call: Call, seen: Today) -> str:
    """`2 of 3 key points`, or nothing where that cannot be told."""
    if seen.own is None or seen.round is None or not seen.round.reference:
        return ""
    attempt = await learning.judged(game, call, learning.attempt_at(seen, seen.round, seen.own))
    return learning.share_found(attempt)


def one_blocks(seen: Today, round: Round, name: str, found: str, learnt: Learnt | None) -> Iterator[Block]:
    yield Markdown(f"**{round.prompt}**")
    where = channel_link(round.channel)
    link = f" · {thread_link(round.channel, round.message, 'Open the thread')}" if round.message else ""
    yield Markdown(f"{from_day(round.day):%a %-d %b} in {where} · {escape_markdown(round.topic)}{link}")
    if seen.own:
        yield Quote(name, seen.own.text)
    if fields := tuple(fields_of(seen, found, learnt)):
        yield Fields(fields)
    yield Buttons(one_buttons(seen, round))


def fields_of(seen: Today, found: str, learnt: Learnt | None) -> Iterator[tuple[str, str]]:
    if seen.own is None:
        yield "You", WORDS["no"]
    elif seen.own.late:
        yield "You", "late, after reading" if seen.own.read else "late"
    if found:
        yield "Found", found
    if learnt:
        yield "Grade", learnt.grade.capitalize()
        yield "Back on", learning.back_on(learnt)


def one_buttons(seen: Today, round: Round) -> tuple[Button, ...]:
    back = Button("History", "history")
    if seen.own and not seen.blind:
        return Button("Compare mine", f"compare @{round.id}", primary=True), back
    return Button("Status", f"today @{round.id}", primary=True), back
