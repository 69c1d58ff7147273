"""What earlier versions stored is brought into the form of this one at the start, once or more often.

Version 1 (0.2): streaks, boards and question days belong to channels. Before it they were the team's. The
questions of the first deck stand in the decks of their subjects.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex
from typing import Any, cast
from zlib import crc32

from pydantic import TypeAdapter
from redis.asyncio import Redis

from bot.game.rules import DEADLINE, IN_TIME, LATE, MIN_REPLIES, MIN_WAIT
from bot.game.schedule import RevealRule, milliseconds
from bot.store.moves import drop_shelf, move_shelf, rename_questions
from bot.store.scripts import Scripts
from content.words import normalised

log = logging.getLogger(__name__)

VERSION = 1
SCHEMA = "llmq:{schema}"
LOCK = "llmq:{schema}:lock"
# A process that dies at it is missed after so long; one that works renews its lease three times meanwhile.
LEASE = timedelta(seconds=15)
WAIT_SECONDS = 0.5
HIDDEN = ":hidden"
BEFORE = RevealRule(MIN_REPLIES, MIN_WAIT, DEADLINE)
RULE = TypeAdapter(RevealRule)

Hash = dict[str, str]
Fields = dict[Any, Any]


async def migrate(redis: Redis, scripts: Scripts) -> None:
    """Bring all teams to this version; of several processes one does it, and the others wait."""
    holder = token_hex(8)

    async def take() -> bool:
        return bool(await scripts.run("lease", LOCK, holder, milliseconds(LEASE)))

    while int(await redis.get(SCHEMA) or 0) < VERSION:
        if not (await take() and await while_held(take, bring_up(redis))):
            await asyncio.sleep(WAIT_SECONDS)


async def while_held(renew: Callable[[], Awaitable[bool]], work: Coroutine[Any, Any, None]) -> bool:
    """Do work while a lease can be renewed; False where another process has it by now and goes on."""
    doing, held = asyncio.create_task(work), True
    try:
        while held and not doing.done():
            await asyncio.wait((doing,), timeout=LEASE.total_seconds() / 3)
            held = doing.done() or await renew()
        if held:
            await doing
        return held
    finally:
        doing.cancel()


async def bring_up(redis: Redis) -> None:
    moves = await move_shelf(redis)
    async for prefix in teams(redis):
        await migrate_team(redis, prefix)
        await rename_questions(redis, prefix, moves)
    await drop_shelf(redis)
    await redis.set(SCHEMA, VERSION)
    await redis.delete(LOCK)


async def teams(redis: Redis) -> AsyncIterator[str]:
    """The prefixes of the teams that an earlier version knew."""
    seen: set[str] = set()
    for end in (":names", ":team"):
        async for key in redis.scan_iter(match=f"llmq:{{*}}{end}", count=1000):
            prefix = cast(str, key).removesuffix(end)
            if prefix not in seen:
                seen.add(prefix)
                yield prefix


@dataclass(frozen=True, slots=True)
class Kept:
    """What the rounds say: question days by channel, and answered rounds by member and question."""

    days: Mapping[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    answered: Mapping[str, Mapping[str, list[tuple[int, str]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


async def migrate_team(redis: Redis, prefix: str) -> None:
    log.info("bringing what is stored of %s up to version %d", prefix, VERSION)
    kept = Kept()
    async for key in redis.scan_iter(match=f"{prefix}:channel:*", count=1000):
        await migrate_channel(redis, cast(str, key))
    async for key in redis.scan_iter(match=f"{prefix}:round:*", count=1000):
        await migrate_round(redis, prefix, cast(str, key), kept)
    for channel, days in kept.days.items():
        await redis.zadd(f"{prefix}:days:{channel}", {str(day): day for day in days})
    names = cast(Hash, await redis.hgetall(f"{prefix}:names"))
    boards = [cast(str, key) async for key in redis.scan_iter(match=f"{prefix}:board:*", count=1000)]
    for member, name in names.items():
        await migrate_member(redis, prefix, member, name, kept, boards)
    gone = ("names", "hidden", "live", "days", "unclosed")
    await redis.delete(*(f"{prefix}:{name}" for name in gone))


async def migrate_channel(redis: Redis, key: str) -> None:
    """A channel gets the seed of its order; a reveal rule that an admin set stays a number of answers."""
    saved = cast(Hash, await redis.hgetall(key))
    new: Fields = {}
    if "seed" not in saved:
        new["seed"] = str(crc32(key.encode()) or 1)
    schedule = json.loads(saved["schedule"]) if "schedule" in saved else {}
    rule = schedule.get("reveal")
    if rule and "waits_for_regulars" not in rule:
        rule["waits_for_regulars"] = RULE.validate_python(rule) == BEFORE
        new["schedule"] = json.dumps(schedule, separators=(",", ":"))
    if new:
        await redis.hset(key, mapping=new)


async def migrate_round(redis: Redis, prefix: str, key: str, kept: Kept) -> None:
    """A round gets the fields that it lacks, and its answers their points."""
    round = cast(Hash, await redis.hgetall(key))
    if "day" not in round:
        return
    day, id, is_closed = int(round["day"]), round["id"], round["state"] == "closed"
    if round["state"] != "scheduled":
        kept.days[round["channel"]].add(day)
    if "regulars" not in round:
        await redis.hset(key, mapping=dict(round_fields(round)))
        await redis.hdel(key, "told")
    answers = cast(Hash, await redis.hgetall(f"{prefix}:answers:{id}"))
    for member, stored in answers.items():
        kept.answered[member][round["question"]].append((day, id))
        answer = json.loads(stored)
        if "points" not in answer:
            await redis.hset(f"{prefix}:answers:{id}", member, json.dumps(answer_of(answer)))
        if not is_closed and not answer["late"]:
            await redis.zadd(f"{prefix}:order:{id}", {member: answer["at"]}, nx=True)


def round_fields(round: Hash) -> Iterator[tuple[str, str]]:
    yield "regulars", ""
    yield "waiting", "0"
    yield "reference_plain", normalised(json.loads(round.get("reference") or "{}").get("answer", ""))
    if "told" in round:
        yield "reveal_posted", "1"
    if round["state"] == "closed":
        yield "closed", round["closes"]


def answer_of(before: Mapping[str, Any]) -> dict[str, Any]:
    points = LATE if before["late"] else IN_TIME
    status = "late" if before["late"] else "saved"
    kept = {name: before[name] for name in ("text", "at", "late")}
    return {**kept, "id": "", "points": points, "base": points, "status": status}


async def migrate_member(
    redis: Redis, prefix: str, member: str, name: str, kept: Kept, boards: Sequence[str]
) -> None:
    mine = f"{prefix}:member:{member}"
    channels = cast(set[str], await redis.smembers(f"{prefix}:channels:{member}"))
    hidden = await redis.sismember(f"{prefix}:hidden", member)
    fields: Fields = {"name": name} | ({"hidden": "1"} if hidden else {})
    await redis.hset(mine, mapping=fields)
    await migrate_streak(redis, prefix, member, channels, kept)
    await migrate_questions(redis, prefix, member, kept)
    await copy_scores(redis, member, channels, of_team(boards, prefix, hidden=bool(hidden)))
    await redis.hdel(mine, "streak", "best", "freezes", "through")
    await redis.delete(*(f"{prefix}:{old}:{member}" for old in ("channels", "marks", "done")))


async def migrate_streak(redis: Redis, prefix: str, member: str, channels: set[str], kept: Kept) -> None:
    """The streak of the team goes on in each channel that the member has answered in."""
    ledger_key = f"{prefix}:ledger:{member}"
    if await redis.type(ledger_key) == "hash":
        return
    saved = cast(Hash, await redis.hgetall(f"{prefix}:member:{member}"))
    state = [int(saved.get(name, 0)) for name in ("streak", "best", "freezes", "through")]
    marks = cast(Hash, await redis.hgetall(f"{prefix}:marks:{member}"))
    entries = cast(list[str], await redis.zrange(ledger_key, 0, -1))
    settled = {int(entry[:-1]): entry[-1] for entry in entries}
    async with redis.pipeline(transaction=True) as together:
        together.delete(ledger_key)
        for channel in channels:
            days = kept.days.get(channel, set())
            open_days = {int(day): mark_of(counts) for day, counts in marks.items() if int(day) in days}
            own = {day: mark for day, mark in settled.items() if day in days and mark in "alf"}
            first = min((*own, *open_days), default=state[3])
            numbers = ",".join(map(str, (*state, first, 0, 0, 0, 0)))
            words = " ".join(f"{day}{mark}" for day, mark in open_days.items())
            together.hsetnx(f"{prefix}:streaks:{member}", channel, f"{numbers};{words}")
            packed = "".join(f"{day:05}{mark}" for day, mark in sorted(own.items()))
            together.hset(ledger_key, channel, packed)
        await together.execute()


def mark_of(counts: str) -> str:
    """Answers in time and late, as `1,0`."""
    return "l" if counts.startswith("0,") else "a"


async def migrate_questions(redis: Redis, prefix: str, member: str, kept: Kept) -> None:
    """How often each question was answered, and the rounds in which it was."""
    times = cast(Hash, await redis.hgetall(f"{prefix}:done:{member}"))
    for question, count in times.items():
        rounds = [(0, "-"), (0, "-"), *sorted(kept.answered[member][question])]
        (_, before), (day, last) = rounds[-2:]
        packed = f"{count} {day} {last} {last} {before}"
        await redis.hsetnx(f"{prefix}:questions:{member}", question, packed)


def of_team(boards: Sequence[str], prefix: str, *, hidden: bool) -> list[str]:
    """The team's own boards, of those who show themselves or of those who do not."""
    own = (board for board in boards if "@" not in board.removeprefix(prefix))
    return [board for board in own if board.endswith(HIDDEN) == hidden]


async def copy_scores(redis: Redis, member: str, channels: set[str], boards: Sequence[str]) -> None:
    """A member's points go on the boards of the channels, too."""
    for board in boards:
        score = await redis.zscore(board, member)
        end = HIDDEN if board.endswith(HIDDEN) else ""
        if score is None:
            continue
        for channel in channels:
            await redis.zadd(f"{board.removesuffix(end)}@{channel}{end}", {member: score}, nx=True)
