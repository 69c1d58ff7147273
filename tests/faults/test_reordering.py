"""One member's acts reach two processes in any order, more than once, while the processes are killed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.game.schedule import to_ms
from bot.requests import Channel, Member
from tests.dialogue import Dialogue
from tests.faults.actors import request_of
from tests.faults.cases import ALL, IN_FAULTS

Act = dict[str, Any]

ROOT = Path(__file__).parents[2]
ORDERLY, SHUFFLED = Channel("console:orderly", "c"), Channel("console:shuffled", "c")
MEMBERS, ACTS = (25, 10) if ALL else (3, 7)
DEATHS = ("before", "after", "", "")


@dataclass
class Actor:
    """A process that takes acts in, and another in its place when it was killed."""

    process: Popen[str]

    def take(self, told: dict[str, Any]) -> bool:
        """Whether the act is acknowledged; else the process was killed over it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline().strip()
        assert said in (told["act"]["id"], "killed")
        return said != "killed"


@contextmanager
def two_actors(url: str) -> Iterator[tuple[Actor, ...]]:
    words = [sys.executable, "-m", "tests.faults.actors", url]
    with ExitStack() as stack:
        both = [stack.enter_context(Popen(words, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)) for _ in "ab"]
        yield tuple(map(Actor, both))
        for process in both:
            assert process.stdin
            process.stdin.close()


def acts_of(who: str, rng: Random, begin: int, question: str, *, late: bool) -> Iterator[Act]:
    """What a member does, each a second after the one before. After the reveal a reply is talk."""
    messages: dict[str, int] = {}
    for n in range(ACTS):
        at = begin + n * 1000 + rng.randrange(900)
        kinds = ["answer", "answer", "withdraw", *(() if late else ("reply", "edit", "edit", "gone"))]
        kind = rng.choice(kinds)
        text = f"Answer number {n} of {who}, {'late' if late else 'in time'}."
        act: Act = {"id": f"{who}-{n}-{late}", "who": who, "at": at, "text": "answer", "body": text}
        if kind == "withdraw":
            act |= {"text": "answer withdraw", "body": None}
        elif kind == "reply" or (kind in ("edit", "gone") and not messages):
            messages[f"{who}-w{n}"] = at
            act |= reply(question, f"{who}-w{n}", at)
        elif kind in ("edit", "gone"):
            message = rng.choice(sorted(messages))
            act |= reply(question, message, messages[message]) | ({"body": None} if kind == "gone" else {})
            if kind == "gone":
                del messages[message]
        yield act


def reply(question: str, message: str, created: int) -> Act:
    return {"text": "reply", "question": question, "message": message, "created": created}


def withdrawal(who: str, at: int) -> Act:
    return {"id": f"{who}-back", "who": who, "at": at, "text": "answer withdraw", "body": None}


async def state_of(d: Dialogue, who: str) -> tuple[object, ...]:
    """All that shows what a member's acts came to."""
    member = Member(who, who)
    seen = await d.store.today(d.channel, member, d.now)
    standing = await d.store.standing(d.channel, member, d.now, 5)
    own = (seen.own.text, seen.own.source, seen.own.late) if seen.own else None
    streak = standing.here.streak if standing.here else 0
    points = standing.boards.get("all", (0,))[0], standing.team_boards.get("all", (0,))[0]
    return own, points, streak, standing.answered, seen.round and seen.round.replies


def deliver(d: Dialogue, actors: tuple[Actor, ...], acts: list[Act], rng: Random) -> None:
    """Each act once or more, in any order, to either process; what is not acknowledged comes again later."""
    waiting = [*acts, *rng.choices(acts, k=len(acts) // 2)]
    rng.shuffle(waiting)
    while waiting:
        act, now = waiting.pop(), to_ms(d.now)
        told = {"act": act, "now": now, "team": d.channel.team, "channel": d.channel.id}
        if not rng.choice(actors).take(told | {"dies": rng.choice(DEATHS)}):
            waiting.insert(rng.randrange(len(waiting) + 1), act)


AN_HOUR = 3_600_000
ACROSS = ("around the reveal", "on both sides of the reveal")


@pytest.mark.parametrize(
    "arrive",
    [
        pytest.param("before the reveal", marks=IN_FAULTS),
        pytest.param("around the reveal", marks=IN_FAULTS),
        "on both sides of the reveal",
        pytest.param("late", marks=IN_FAULTS),
    ],
)
async def test_acts_in_any_order_over_two_killed_processes_come_to_what_their_moments_give(
    redis: Redis, redis_url: str, arrive: str
) -> None:
    rng, late = Random(arrive), arrive == "late"
    orderly, shuffled = Dialogue(redis, channel=ORDERLY), Dialogue(redis, channel=SHUFFLED)
    posts = [(await d.open_round()).id for d in (orderly, shuffled)]
    assert len(set(posts)) == 1
    begin = to_ms(orderly.now) + (AN_HOUR if late else 1000)
    names = [f"m{n}" for n in range(MEMBERS)]
    acts = [act for who in names for act in acts_of(who, rng, begin, posts[0], late=late)]
    early, after = (acts[::2], acts[1::2]) if arrive in ACROSS else (acts, [])
    then: list[Act] = []
    backs: list[Act] = []
    if arrive == ACROSS[1]:
        backs = [withdrawal(who, begin + (ACTS + 1) * 1000) for who in names]
        acts = [*acts, *backs]
        then = [act for who in names for act in acts_of(who, rng, begin + 3 * AN_HOUR, posts[0], late=True)]
    for d in (orderly, shuffled):
        d.now += timedelta(minutes=30)
        if late:
            await d.reveal()
        d.now += timedelta(minutes=90)
    for act in sorted(acts, key=lambda one: int(one["at"])):
        await orderly.bot.handle(request_of(act, ORDERLY))
    with two_actors(redis_url) as actors:
        deliver(shuffled, actors, early, rng)
        if after:
            await orderly.reveal()
            await shuffled.reveal()
            for d in (orderly, shuffled):
                d.now += timedelta(hours=2)
            for act in then:
                await orderly.bot.handle(request_of(act, ORDERLY))
            deliver(shuffled, actors, [*after, *then], rng)
            # The news that an answer in time was taken back comes last.
            deliver(shuffled, actors, backs, rng)
    for who in names:
        assert await state_of(shuffled, who) == await state_of(orderly, who), who
    assert len({await state_of(orderly, who) for who in names}) > 1
