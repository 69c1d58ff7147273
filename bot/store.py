"""All state, in Redis: one script and one round trip for each thing that must be atomic."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from zlib import crc32

from redis import RedisError
from redis.asyncio import Redis

from bot.catalogue import Item, Shelf, read_shelf, write_shelf
from bot.records import (
    ChannelState,
    Claim,
    Leaderboard,
    OpenRound,
    Practised,
    Recorded,
    Shares,
    Standing,
    Today,
    Withdrawn,
)
from bot.requests import Channel, Member
from bot.rounds import ANSWER, ANSWERS, Answer, Round, read_round
from bot.schedule import Schedule, from_ms, read_schedule, to_ms
from bot.scripts import Argument, Scripts

DUE_SLOTS = 8
# Streaks are brought up to date by five hundred at a time, and a reading has to end within a second or two.
MOST_STREAK_BATCHES = 20
ANY_SCHEDULE = "*"
CLOCK = "llmq:{console:local}:clock"


def milliseconds(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))


def team_prefix(team: str) -> str:
    """What every key of a team starts with."""
    return f"llmq:{{{team}}}"


def due_key(platform: str, slot: int) -> str:
    """The part of a platform's due queue that a slot holds."""
    return f"llmq:{{due:{platform}:{slot}}}"


def due_member(channel: Channel) -> str:
    return f"{channel.team} {channel.id}"


def channel_of(member: str) -> Channel:
    """The channel that `due_member` named."""
    team, _, id = member.partition(" ")
    return Channel(team, id)


def due_slot(channel: Channel) -> str:
    return due_key(channel.platform, crc32(due_member(channel).encode()) % DUE_SLOTS)


def due_keys(platforms: Iterable[str]) -> list[str]:
    return [due_key(platform, slot) for platform in platforms for slot in range(DUE_SLOTS)]


def deck_key(deck: str) -> str:
    return f"llmq:{{deck:{deck}}}"


def application_key(application: str) -> str:
    """What every key of a Discord application starts with."""
    return f"llmq:{{discord:application:{application}}}"


def commands_key(application: str) -> str:
    return f"{application_key(application)}:commands"


class Store:
    """The game's state. Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._scripts = Scripts(redis)

    async def _run(self, script: str, team: str, *args: Argument) -> Any:
        return await self._scripts.run(script, team_prefix(team), *args)

    async def _read(self, script: str, team: str, *args: Argument) -> dict[str, Any]:
        answer = await self._run(script, team, *args)
        return cast(dict[str, Any], json.loads(answer)) if answer else {}

    # Members

    async def answer(
        self,
        channel: Channel,
        member: Member,
        text: str,
        plain: str,
        now: datetime,
        round: str,
        reply_to: str,
    ) -> Recorded:
        """Record an answer to the round named, to the one in the message replied to, or to the newest."""
        args = (channel.id, round, reply_to, member.id, member.name, text, plain, to_ms(now))
        return Recorded(**await self._read("answer", channel.team, *args))

    async def withdraw(
        self, channel: Channel, member: Member, request: str, now: datetime, round: str, reply_to: str
    ) -> Withdrawn:
        """Take an answer back before the reveal."""
        args = (request, channel.id, round, reply_to, member.id, to_ms(now))
        return Withdrawn(**await self._read("withdraw", channel.team, *args))

    async def today(self, channel: Channel, member: Member, round: str = "", reply_to: str = "") -> Today:
        """The round that a command means, its reference only after the reveal."""
        seen = await self._read("today", channel.team, channel.id, round, reply_to, member.id)
        return Today(
            schedule=read_schedule(seen["schedule"]) if "schedule" in seen else None,
            note=seen.get("note", ""),
            round=read_round(seen["round"]) if "round" in seen else None,
            own=ANSWER.validate_json(seen["own"]) if "own" in seen else None,
        )

    async def random(self, team: str, member: Member, now: datetime, candidates: Sequence[str]) -> str:
        """The id of a practice question from candidates in a random order, or an empty string."""
        return cast(str, await self._run("random", team, member.id, to_ms(now), " ".join(candidates)))

    async def is_blind(self, team: str, item: Item) -> bool:
        """Whether a question is in an open round of the team."""
        return bool(await self._run("is_blind", team, item.id, item.prompt_hash))

    async def practise(
        self, team: str, member: Member, item: Item, plain: str, request: str, now: datetime
    ) -> Practised:
        """Count a practice answer."""
        asked = (item.id, item.prompt_hash, item.plain)
        args = (request, member.id, member.name, *asked, plain, to_ms(now))
        return Practised(**await self._read("practise", team, *args))

    async def leaderboard(self, team: str, member: Member, board: str, now: datetime) -> Leaderboard:
        """A board's top ten and the member's own line; streaks are brought up to date on the way.

        Of a very large team, the next reading brings the rest up to date.
        """
        for _ in range(MOST_STREAK_BATCHES):
            read = await self._read("leaderboard", team, board, member.id, to_ms(now))
            if not read["more"]:
                break
        top = tuple((id, name, int(score)) for id, name, score in read["top"])
        own = (int(read["own"][0]), int(read["own"][1])) if "own" in read else None
        return Leaderboard(top, read["size"], own, read["hidden"])

    async def standing(self, team: str, member: Member, now: datetime, since: int) -> Standing:
        """A member's figures, with the ledger from a day on."""
        read = await self._read("me", team, member.id, to_ms(now), since)
        read["boards"] = {board: (int(points), int(rank)) for board, (points, rank) in read["boards"].items()}
        read["ledger"] = tuple((int(entry[:-1]), entry[-1]) for entry in read["ledger"])
        return Standing(**read)

    async def show_on_boards(self, team: str, member: Member, now: datetime, *, shown: bool) -> bool:
        """Leave or join the boards; whether that changed anything."""
        return bool(await self._run("boards", team, member.id, "on" if shown else "off", to_ms(now)))

    async def open_rounds(self, team: str, member: Member) -> list[OpenRound]:
        """The open rounds of the channels that a member has answered in, twenty at most."""
        shown = json.loads(await self._run("open_rounds", team, member.id))
        return [OpenRound(*one) for one in shown or ()]

    async def done(self, team: str, member: Member) -> frozenset[str]:
        """Ids of the questions a member has answered."""
        return frozenset(await self._run("done", team, member.id))

    # Channels and rounds

    async def channel(self, channel: Channel) -> ChannelState:
        """A channel's schedule, newest round and history."""
        read = await self._read("channel", channel.team, channel.id)
        fields = read["channel"]
        return ChannelState(
            schedule=read_schedule(fields["schedule"]) if "schedule" in fields else None,
            note=fields.get("note", ""),
            asked_now=int(fields["now"]) if "now" in fields else None,
            round=read_round(read["round"]) if "round" in read else None,
            asked=dict(read["asked"]),
            open=frozenset(read["open"]),
            stored=fields.get("schedule", ""),
            warned="warned" in fields,
        )

    async def save_schedule(
        self, channel: Channel, before: ChannelState, schedule: Schedule | None, now: datetime, note: str = ""
    ) -> bool:
        """Keep, replace or (with None) remove a channel's schedule; the note says why it is paused.

        False when somebody else has changed it since `before`.
        """
        offset = schedule.utc_offset_ms(now) if schedule else ""
        stored = schedule.to_json() if schedule else ""
        args = (channel.id, offset, before.stored, "schedule", stored, "note", note)
        return bool(await self._run("configure", channel.team, *args))

    async def scheduled(self, team: str) -> list[str]:
        """The team's channels that have a schedule."""
        return sorted(await self._run("scheduled", team))

    async def ask_now(self, channel: Channel, day: int) -> None:
        """Let the round of a local date open without waiting for its moment."""
        await self._run("configure", channel.team, channel.id, "", ANY_SCHEDULE, "now", day)

    async def save_warned(self, channel: Channel, *, warned: bool) -> None:
        """Keep whether the admin knows that few questions are left."""
        args = (channel.id, "", ANY_SCHEDULE, "warned", "1" if warned else "")
        await self._run("configure", channel.team, *args)

    async def force_reveal(self, channel: Channel) -> str:
        """Let the newest round be revealed now; returns its state, or nothing where there is none."""
        return cast(str, await self._run("force", channel.team, channel.id))

    async def begin(
        self, channel: Channel, day: int, schedule: Schedule, now: datetime, fields: Mapping[str, str | int]
    ) -> tuple[str, Round | None]:
        """Begin the round of a date: `begun` with it, `exists`, `busy`, or `taken` (open elsewhere)."""
        flat = [part for pair in fields.items() for part in pair]
        args = (channel.id, day, schedule.utc_offset_ms(now), to_ms(now), *flat)
        begun = await self._read("begin", channel.team, *args)
        if begun["status"] != "begun":
            return begun["status"], None
        own = {"id": begun["id"], "channel": channel.id, "day": day, "opened": to_ms(now)}
        return "begun", read_round({**fields, **own, "state": "scheduled"})

    async def posted(self, team: str, round: str, message: str) -> None:
        """Record the message that a round's question stands in."""
        await self._run("posted", team, round, message)

    async def abandon(self, team: str, round: str, now: datetime) -> None:
        """Take back a round that could not be posted; one that was answered is revealed instead."""
        await self._run("abandon", team, round, to_ms(now))

    async def reveal(self, team: str, round: str, now: datetime) -> list[Answer] | None:
        """Reveal a round if it is due: the answers that came in time, or None."""
        read = await self._read("reveal", team, round, to_ms(now))
        if not read:
            return None
        return ANSWERS.validate_python([json.loads(answer) for answer in read["answers"]])

    async def told(self, team: str, round: str) -> None:
        """Record that a reveal stands in the channel."""
        await self._run("told", team, round)

    async def close(self, team: str, round: str) -> None:
        """Close a revealed round."""
        await self._run("close", team, round)

    # The due queue

    async def hurry(self, channel: Channel, moment: int) -> None:
        """Look at a channel at a moment, or before if that is planned."""
        await self._scripts.run("hurry", due_slot(channel), due_member(channel), moment)

    async def claim(self, platforms: Iterable[str], now: datetime, lease: int, limit: int) -> list[Claim]:
        """Take what is due on some platforms, `limit` from each slot, and hold it until `lease`."""
        args = (to_ms(now), lease, limit)
        found = await asyncio.gather(*(self._scripts.run("claim", key, *args) for key in due_keys(platforms)))
        pairs = ((due[n], due[n + 1]) for due in cast(list[list[str]], found) for n in range(0, len(due), 2))
        return [Claim(channel_of(member), lease, int(moment)) for member, moment in pairs]

    async def finish(self, claim: Claim, moment: int | None) -> None:
        """Give a claim back with the channel's next moment, or for good."""
        await self._scripts.run(
            "finish", due_slot(claim.channel), due_member(claim.channel), claim.lease, moment or ""
        )

    async def retry(self, claim: Claim, now: datetime, first: timedelta, longest: timedelta) -> None:
        """Give a claim back after a failure, to be taken up again later and later, up to the longest wait."""
        # Channels that failed together do not come back together.
        spread = 0.75 + crc32(due_member(claim.channel).encode()) % 100 / 200
        waits = (milliseconds(wait * spread) for wait in (first, longest))
        key, member = due_slot(claim.channel), due_member(claim.channel)
        await self._scripts.run("retry", key, member, claim.lease, to_ms(now), *waits)

    async def next_due(self, platforms: Iterable[str]) -> datetime | None:
        """The earliest moment in the due queue of some platforms."""
        pipeline = self._redis.pipeline(transaction=False)
        for key in due_keys(platforms):
            pipeline.zrange(key, 0, 0, withscores=True)
        moments = [cast(float, entry[0][1]) for entry in await pipeline.execute() if entry]
        return from_ms(min(moments)) if moments else None

    async def is_there(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self._redis.ping())
        except RedisError:
            return False

    # The terminal's clock

    async def clock(self) -> timedelta:
        """How far the terminal's clock has been moved ahead."""
        return timedelta(milliseconds=int(await self._redis.get(CLOCK) or 0))

    async def save_clock(self, ahead: timedelta) -> None:
        """Keep the terminal's clock, so that a later visit goes on from there."""
        await self._redis.set(CLOCK, milliseconds(ahead))

    # What a platform knows

    async def known_commands(self, application: str, where: str) -> str | None:
        """The digest of the commands that Discord has of an application, in one server or everywhere."""
        return cast(str | None, await self._redis.hget(commands_key(application), where))

    async def save_known_commands(self, application: str, where: str, digest: str) -> None:
        """Keep the digest of the commands that Discord has."""
        await self._redis.hset(commands_key(application), where, digest)

    # Discord's shards

    async def share(
        self,
        application: str,
        replica: str,
        now: datetime,
        lease: timedelta,
        count: int,
        served: Iterable[int] = (),
    ) -> Shares:
        """Say that a replica is there and which shards it serves; without a lease, that it leaves."""
        args: tuple[Argument, ...] = (replica, to_ms(now), milliseconds(lease), count, *served)
        read = json.loads(await self._scripts.run("share", application_key(application), *args))
        ours, elsewhere = frozenset(read["ours"]), frozenset(read["elsewhere"])
        return Shares(read["count"], read["replicas"], ours, elsewhere)

    async def is_first(self, application: str, replica: str, shard: int, event: str, kept: timedelta) -> bool:
        """Whether a replica is to handle an event that another may have had too."""
        args = (replica, shard, event, milliseconds(kept))
        return bool(await self._scripts.run("first", application_key(application), *args))

    async def turn(self, application: str, bucket: str, now: datetime, gap: timedelta) -> timedelta:
        """Take the next turn, and keep the gap after it free; how long to wait for it."""
        args = (bucket, to_ms(now), milliseconds(gap))
        return timedelta(milliseconds=await self._scripts.run("turn", application_key(application), *args))

    # Decks

    async def shelf(self, deck: str) -> tuple[str, Shelf]:
        """What is stored of a deck, and the revision to save it under."""
        saved = await self._redis.hmget(deck_key(deck), ["revision", "shelf"])
        revision, stored = cast(list[str | None], saved)
        return revision or "0", read_shelf(stored) if stored else {}

    async def save_shelf(self, deck: str, revision: str, shelf: Shelf) -> bool:
        """Store a deck's entries; False when another replica did so since the revision was read."""
        return bool(await self._scripts.run("save_deck", deck_key(deck), revision, write_shelf(shelf)))
