"""What members are to be told privately: their reminders, and the notes that wait for their moment."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from redis.asyncio import Redis

from bot.game.reminders import (
    WANTED,
    Note,
    Reminders,
    Wanted,
    read_note,
    read_reminders,
    write_fields,
    write_note,
)
from bot.game.schedule import from_ms, to_day, to_ms
from bot.requests import Channel
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts

PAGE = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What a member is to be told now, each as it is stored; `after` is when there is more to tell.

    `erasing` is the moment up to which all that is held of them is to be erased, if they want that. Where
    llmq `has_left` the team, nothing is.
    """

    notes: Mapping[str, Note]
    after: datetime | None
    reminders: Reminders
    is_away: bool
    erasing: int | None = None
    has_left: bool = False


# What a member is told once a day.
Daily = Literal["review", "deadline"]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a member wants to be told after a change; `older`: a newer act stands for a part of it."""

    reminders: Reminders
    older: bool


class Notes:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def reminders(self, team: str, member: str) -> Reminders:
        """What a member wants to be told."""
        stored = await self._redis.hget(f"{team_prefix(team)}:member:{member}", "reminders")
        return read_reminders(cast(str | None, stored))

    async def change(
        self,
        team: str,
        member: str,
        reminders: Reminders,
        fields: Collection[str],
        at: datetime,
        untold: str = "",
    ) -> Changed:
        """Let some fields be as they are in these reminders, unless a newer act stands for them.

        `untold` is the request's id where no platform told the moment.
        """
        wants: list[str] = []
        for kind in (one for one in WANTED if one in fields):
            wants += (kind, "1" if reminders.wants(kind) else "0")
        new, prefix = write_fields(reminders, fields), team_prefix(team)
        read = json.loads(await self._scripts.run("remind", prefix, member, new, to_ms(at), untold, *wants))
        return Changed(read_reminders(read.get("reminders")), read["older"])

    async def wanting(self, team: str, kind: Wanted) -> dict[str, Reminders]:
        """All members of a team who want to be told of something."""
        prefix = team_prefix(team)
        members = sorted(cast(set[str], await self._redis.smembers(f"{prefix}:wants:{kind}")))
        pipeline = self._redis.pipeline(transaction=False)
        for member in members:
            pipeline.hget(f"{prefix}:member:{member}", "reminders")
        stored = cast(list[str | None], await pipeline.execute()) if members else []
        return {member: read_reminders(one) for member, one in zip(members, stored, strict=True)}

    async def add_of_round(
        self, channel: Channel, note: Note, moment: datetime, members: Sequence[str]
    ) -> list[str]:
        """Let members who play in a channel be told of a round, each once; returns who does play there."""
        what, stored, found = f"{note.kind}:{note.round}", write_note(note), list[str]()
        for start in range(0, len(members), PAGE):
            some = members[start : start + PAGE]
            found += await self._scripts.run(
                "plan_notes", team_prefix(channel.team), channel.id, what, stored, to_ms(moment), *some
            )
        return found

    async def add(self, team: str, member: str, note: Note, moment: datetime, request: str = "") -> None:
        """Let a member be told something at a moment; of a request that may come again, once."""
        args = (member, write_note(note), to_ms(moment), request)
        await self._scripts.run("add_note", team_prefix(team), *args)

    async def take(self, team: str, member: str, now: datetime) -> Taken:
        """What is to be told by now. It stays until it is `told`; the member's turn keeps others from it."""
        read = json.loads(await self._scripts.run("take_notes", team_prefix(team), member, to_ms(now)))
        after = from_ms(read["next"]) if "next" in read else None
        notes = {stored: read_note(stored) for stored in read["notes"]}
        reminders = read_reminders(read.get("reminders"))
        return Taken(notes, after, reminders, read["away"], read.get("erasing"), read["left"])

    async def told(self, team: str, member: str, stored: str) -> None:
        """Record that a note reached its member."""
        await self._redis.zrem(f"{team_prefix(team)}:notes:{member}", stored)

    async def was_reminded(self, team: str, member: str, kind: Daily, day: date) -> bool:
        """Whether a member was reminded of this on a day of theirs."""
        last = await self._redis.hget(f"{team_prefix(team)}:member:{member}", f"reminded:{kind}")
        return int(cast(str | None, last) or 0) >= to_day(day)

    async def reminded(self, team: str, member: str, kind: Daily, day: date) -> None:
        """Record that a member was reminded of this on a day of theirs."""
        await self._redis.hset(f"{team_prefix(team)}:member:{member}", f"reminded:{kind}", str(to_day(day)))
