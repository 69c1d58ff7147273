"""The flags of a team's members, and the questions that the team asks no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from redis.asyncio import Redis

from bot.game.flags import Flag, Outcome, read_flag, write_flag
from bot.game.reminders import Note, write_note
from bot.game.rules import MOST_FLAGS
from bot.game.schedule import to_ms
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts


class Flags:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def keep(self, team: str, flag: Flag) -> bool:
        """Keep a flag until an admin settles it; False when too many wait, or its author was erased."""
        args = (flag.id, write_flag(flag), to_ms(flag.at), MOST_FLAGS, flag.member)
        return bool(await self._scripts.run("flag", team_prefix(team), *args))

    async def waiting(self, team: str) -> list[str]:
        """The ids of the flags that nobody has settled, the oldest first."""
        return cast(list[str], await self._scripts.run("read", team_prefix(team), "ZRANGE", "flagged"))

    async def get(self, team: str, id: str) -> Flag | None:
        stored = cast(str | None, await self._redis.hget(f"{team_prefix(team)}:flags", id))
        return read_flag(stored) if stored else None

    async def settle(
        self, team: str, flag: Flag, outcome: Outcome, reply: str, by: str, now: datetime
    ) -> bool:
        """Settle a flag, retire its question if need be, and tell its author; False when it was settled."""
        by = by if reply else ""
        settled = replace(flag, outcome=outcome, reply=reply, by=by)
        note = Note("flag", prompt=flag.prompt, outcome=outcome, reply=reply, by=by)
        return bool(
            await self._scripts.run(
                "settle_flag",
                team_prefix(team),
                flag.id,
                write_flag(flag),
                write_flag(settled),
                flag.question if outcome == "retired" else "",
                to_ms(now),
                write_note(note),
                flag.member,
            )
        )
