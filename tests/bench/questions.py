"""Ten thousand questions beside the decks that come with llmq: starting, choosing, opening a round."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from redis.asyncio import Redis

from bot.requests import Channel
from content.deck import Deck, Question
from content.reading import SHIPPED, read_decks
from content.writing import render_deck
from tests.bench.measure import Compared, compare
from tests.dialogue import Dialogue, catalogue_of

MANY = 10_000
STARTS = 3
IN_FLIGHT, COMMANDS, ROUNDS = 16, 400, 30
Decks = Sequence[Deck]


def shipped() -> Decks:
    return read_decks([SHIPPED])[0]


def copies(decks: Decks) -> Decks:
    """The decks again and again under other ids, in other words, until there are ten thousand questions."""
    own = sum(len(deck.questions) for deck in decks)
    return [copy(deck, n) for n in range(1, -(-MANY // own)) for deck in decks]


def copy(deck: Deck, n: int) -> Deck:
    questions = (reworded(question, n) for question in deck.questions)
    return replace(deck, id=f"{deck.id[:24]}-{n}", questions=tuple(questions))


def reworded(question: Question, n: int) -> Question:
    """The same question of another subject, so that it is not taken for the same question."""
    return replace(question, prompt=question.prompt.replace("?", f" in case {n}?"))


def starts() -> Iterator[tuple[str, float, float]]:
    """Seconds of the first start on an empty data folder and of a later one: many, and those shipped."""
    with tempfile.TemporaryDirectory() as folder:
        for deck in copies(shipped()):
            Path(folder, f"{deck.id}.md").write_text(render_deck(deck), "utf-8")
        found = [(started(folder), started("")) for _ in range(STARTS)]
    for n, name in enumerate(("first", "later")):
        yield name, median(many[n] for many, _ in found), median(few[n] for _, few in found)


def started(decks: str) -> tuple[float, float]:
    """Seconds of the first start and of the one after it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"LLMQ_DATA_DIR": folder} | ({"LLMQ_DECKS": decks} if decks else {})
        return start(settings), start(settings)


def start(settings: dict[str, str]) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "llmq", "console"]
    subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=os.environ | settings, check=True
    )
    return time.perf_counter() - begun


async def compared(redis: Redis) -> list[tuple[str, Compared]]:
    """What is done with many questions beside the same with those shipped."""
    few = shipped()
    games = [game_of(redis, decks) for decks in ((*few, *copies(few)), few)]
    commands = ("random", "random rag", "random batch cache", "topics rag", "topics", "daily status")
    found = [(name, await asked(games, name)) for name in commands]
    return [
        *found,
        ("daily on", await one_by_one(games, "daily on 09:00 daily")),
        ("a round is opened", await one_by_one(games, "daily now")),
    ]


def game_of(redis: Redis, decks: Decks) -> Dialogue:
    """Its channels draw orders of their own, as they do for people."""
    game = Dialogue(redis, catalogue_of(*decks))
    game.bot.game = replace(game.bot.game, rng=random.Random(1))
    return game


async def asked(games: Sequence[Dialogue], command: str) -> Compared:
    many, few = (partial(ask, game, command) for game in games)
    return await compare(many, few, IN_FLIGHT, COMMANDS)


async def ask(game: Dialogue, command: str, n: int) -> None:
    await game.bot.handle(game.request(f"m{n % 50}", command, channel=Channel(f"console:{id(game)}", "c")))


async def one_by_one(games: Sequence[Dialogue], command: str) -> Compared:
    """Each in a team of its own; what is done again is done in the same teams."""
    many, few = (partial(administer, game, command) for game in games)
    return await compare(many, few, 1, ROUNDS)


async def administer(game: Dialogue, command: str, n: int) -> None:
    await game.says("boss", command, channel=Channel(f"console:{id(game)}-{n}", "c"))
