"""What single things cost in time of this process, beside what they took before they were made faster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from redis.asyncio import Redis

from adapters.discord import components as discord
from adapters.slack import blocks as slack
from adapters.slack.notices import plain_words
from bot.game.channel import MOST_CANDIDATES
from bot.game.order import Lap, in_order
from bot.messages import Button, Buttons, Markdown, Quote, announce
from bot.metrics import command_timed, commands_counted
from bot.store.store import Store
from content.deck import Deck
from content.words import normalised
from llmq.building import load
from tests.bench.measure import RUNS, microseconds
from tests.dialogue import catalogue_of, deck, question

ANSWERS, QUESTIONS = 1000, 1000
ANSWER = "It learns the joint distribution, so it can sample; the other only learns a boundary. " * 5
QUOTE = Quote("Ana", ANSWER)
BUTTONS = Buttons(tuple(Button(f"Button {n}", f"button {n}") for n in range(3)))
REFERENCE = Markdown(f"**The reference**, in *two* paragraphs.\n\n{ANSWER}\n\n- `one`\n- two\n- three")
REVEAL = announce(REFERENCE, BUTTONS, *(Quote(f"Member {n}", f"{n} {ANSWER}") for n in range(ANSWERS)))
SHORT = announce(REFERENCE, BUTTONS)
MILLISECONDS = 1000.0

Cost = tuple[str, float, str]


def costs() -> Iterator[Cost]:
    """Each by name, its microseconds, and what it took once."""
    yield "The letters of an answer", microseconds(lambda: normalised(ANSWER)), "35 µs"
    yield "The counters of a command", microseconds(count_a_command), "8.5 µs"
    yield f"What a channel asks next, of {MANY:,} questions", microseconds(ask_next), "123 ms"
    yield "Slack: a quote", microseconds(lambda: slack.drawn_anew(QUOTE)), "221 µs"
    yield "Slack: buttons", microseconds(lambda: slack.drawn_anew(BUTTONS)), "252 µs"
    yield "Slack: a reveal drawn anew", microseconds(in_slack_anew), ""
    yield f"Slack: a reveal of {ANSWERS:,} answers", microseconds(lambda: slack.parts_of(REVEAL)), "415 ms"
    yield "Discord: a reveal drawn anew", microseconds(lambda: discord.views_of(SHORT)), ""
    yield "Discord: a message that was drawn before", microseconds(lambda: discord.parts_of(SHORT)), "as anew"


def count_a_command() -> None:
    commands_counted("random", "done").inc()
    command_timed("random").observe(0.001)


MANY = 3200
POOL = catalogue_of(deck(*(question(n) for n in range(MANY)))).chosen(())


def ask_next() -> None:
    in_order(POOL, {}, Lap(seed=1), MOST_CANDIDATES)


def in_slack_anew() -> None:
    slack.drawn_before.cache_clear()
    plain_words.cache_clear()
    slack.parts_of(SHORT)


async def second_start(redis: Redis) -> Cost:
    """Loading a deck of a thousand questions without ids that was loaded before."""
    store, loaded, took = Store(redis), without_ids(), []
    await load(store, [loaded])
    for _ in range(RUNS):
        begun = time.perf_counter()
        await load(store, [loaded])
        took.append((time.perf_counter() - begun) * 1_000_000)
    return f"A deck of {QUESTIONS:,} questions without ids, loaded again", median(took), "3,244 ms and more"


def without_ids() -> Deck:
    return deck(*(replace(question(n), has_own_id=False) for n in range(QUESTIONS)))
