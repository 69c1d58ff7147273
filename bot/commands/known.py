"""What a member is likely to remember still, as a whole and by topic."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.parsing import Call, Game
from bot.game.memory import TREND, Learnt, likely
from bot.messages import (
    Block,
    Button,
    Buttons,
    Footnote,
    Heading,
    Markdown,
    Reply,
    Table,
    say,
)

WEAKEST_TOPICS = 3
PAGE = 10
KNOWN = "Known: how likely you remember what you graded, and how that has changed in eight weeks."
HEADER = ("Answered", "Known")


def learning_fields(learnt: Mapping[str, Learnt], due: int, now: datetime) -> Iterator[tuple[str, str]]:
    """How much is due, and how much is likely known still."""
    if learnt:
        known = f"{shares(learnt.values(), now)} likely remembered"
        yield "Review", f"{due} due, {known}" if due else known


def shares(known: Collection[Learnt], now: datetime) -> str:
    """`52 %`, or `52 % (40 % eight weeks ago)` where there was something to remember then."""
    then = likely(known, now - TREND)
    return f"{percent(likely(known, now))}{f' ({percent(then)} eight weeks ago)' if then else ''}"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


@dataclass(frozen=True, slots=True)
class Topic:
    """How many of a topic's questions a member has answered, and what share is likely known, now and before.

    `known` is None where nothing was graded, `before` where nothing was eight weeks ago.
    """

    name: str
    answered: int
    count: int
    known: float | None
    before: float | None

    @property
    def row(self) -> tuple[str, str, str]:
        return self.name, f"{self.answered} of {self.count}", self.trend

    @property
    def trend(self) -> str:
        """`52 %, up 12`: both in hundredths, so that the sum is right as shown."""
        if self.known is None:
            return "not graded"
        now, before = (round((share or 0) * 100) for share in (self.known, self.before))
        if self.before is None or now == before:
            return percent(self.known)
        return f"{percent(self.known)}, {'up' if now > before else 'down'} {abs(now - before)}"


def topics_of(
    game: Game, learnt: Mapping[str, Learnt], answered: Collection[str], now: datetime
) -> list[Topic]:
    """The topics that a member has begun, those known least first and those that nothing tells of last."""
    items = game.catalogue.items
    topic = {
        question: items[question].question.topic for question in (*learnt, *answered) if question in items
    }
    graded: defaultdict[str, list[Learnt]] = defaultdict(list)
    for question in learnt.keys() & topic.keys():
        graded[topic[question]].append(learnt[question])
    counts = Counter(item.question.topic for item in items.values())
    done = Counter(topic[question] for question in answered if question in topic)
    found = [
        Topic(
            name, done[name], counts[name], known_at(graded[name], now), known_at(graded[name], now - TREND)
        )
        for name in dict.fromkeys(topic.values())
    ]
    return sorted(found, key=lambda one: (one.known is None, one.known or 0.0, one.name))


def known_at(known: Collection[Learnt], moment: datetime) -> float | None:
    """The share that was likely known at a moment; None where there was nothing to know."""
    return likely(known, moment) if any(one.at(moment) for one in known) else None


def topic_blocks(topics: Sequence[Topic]) -> Iterator[Block]:
    """The three topics that are known least."""
    weakest = [one for one in topics if one.known is not None][:WEAKEST_TOPICS]
    if weakest:
        first = "Weakest topics" if len(topics) > len(weakest) else "Topic"
        yield Table((first, *HEADER), tuple(one.row for one in weakest))
        yield Footnote(KNOWN)


async def by_topic(game: Game, call: Call) -> Reply:
    """All topics that the member has begun, a page at a time."""
    channel, member = call.request.channel, call.request.member
    (learnt, _), answered = await asyncio.gather(
        game.store.learnt(channel.team, member, call.now), game.store.answered(channel.team, member)
    )
    topics, page = topics_of(game, learnt, answered, call.now), int(call.words.get("page", 1))
    return replace(say(*page_blocks(topics, page)), edits=True)


def page_blocks(topics: Sequence[Topic], page: int) -> Iterator[Block]:
    """Ten topics with how much of each was answered and is known."""
    shown = topics[(page - 1) * PAGE : page * PAGE]
    yield Heading("Your topics")
    if not shown:
        yield Markdown("No topics here yet. Answer a question and its topic comes here.")
    else:
        yield Table(("Topic", *HEADER), tuple(one.row for one in shown))
        yield Footnote(KNOWN)
    earlier = (Button("Back", f"me topics {page - 1}"),) if page > 1 else ()
    later = (Button("More", f"me topics {page + 1}"),) if len(topics) > page * PAGE else ()
    yield Buttons((*earlier, *later, Button("Me", "me"), Button("Practise", "random")))
