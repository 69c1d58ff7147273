"""A team's state, in Redis: one script and one round trip for each thing that must be atomic."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, cast

from redis import RedisError
from redis.asyncio import Redis

from bot.game.catalogue import Item, Shelf, read_shelf, write_shelf
from bot.game.rounds import ANSWER, ANSWERS, Answer, Round, read_round
from bot.game.schedule import Schedule, milliseconds, read_schedule, to_ms
from bot.requests import Channel, Member
from bot.store.due import DueQueue
from bot.store.keys import CLOCK, deck_key, team_prefix
from bot.store.records import (
    ChannelState,
    Leaderboard,
    OpenRound,
    Practised,
    Recorded,
    Standing,
    Today,
    Withdrawn,
)
from bot.store.scripts import Argument, Scripts

# Streaks are brought up to date by five hundred at a time, and a reading has to end within a second or two.
MOST_STREAK_BATCHES = 20
ANY_SCHEDULE = "*"
FOLDER = files("bot.store") / "lua"


class Store:
    """The game's state. Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._scripts = Scripts(redis, FOLDER)
        self.due = DueQueue(redis, self._scripts)

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

    # Decks

    async def shelf(self, deck: str) -> tuple[str, Shelf]:
        """What is stored of a deck, and the revision to save it under."""
        saved = await self._redis.hmget(deck_key(deck), ["revision", "shelf"])
        revision, stored = cast(list[str | None], saved)
        return revision or "0", read_shelf(stored) if stored else {}

    async def save_shelf(self, deck: str, revision: str, shelf: Shelf) -> bool:
        """Store a deck's entries; False when another replica did so since the revision was read."""
        return bool(await self._scripts.run("save_deck", deck_key(deck), revision, write_shelf(shelf)))
