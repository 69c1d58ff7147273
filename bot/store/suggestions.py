"""The questions that a team's members suggest, until an admin settles them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, cast

from redis.asyncio import Redis

from bot.game.catalogue import Entry, write_entry
from bot.game.reminders import Note, write_note
from bot.game.schedule import to_ms
from bot.game.suggestions import (
    Credit,
    Suggestion,
    ids_of,
    question_of,
    read_suggestion,
    write_credit,
    write_suggestion,
)
from bot.store.keys import own_field, team_prefix
from bot.store.scripts import Scripts
from content.names import TEAM_DECK, free_id

SuggestStatus = Literal["kept", "many", "full", "erased"]
TakeStatus = Literal["taken", "settled", "full"]
MOST_TRIES = 5
ID_TAKEN, FULL = -1, -2


class Suggestions:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def keep(self, team: str, one: Suggestion, request: str = "") -> tuple[SuggestStatus, int]:
        """Keep a suggestion until an admin settles it; and how many of its member wait."""
        args = (one.id, ids_of(one.member), write_suggestion(one), to_ms(one.at), one.member, request)
        status, open = await self._scripts.run("suggest", team_prefix(team), *args)
        return cast(SuggestStatus, status), open

    async def waiting(self, team: str) -> list[str]:
        """The ids of the suggestions that wait, the oldest first."""
        return cast(list[str], await self._scripts.run("read", team_prefix(team), "ZRANGE", "suggested"))

    async def get(self, team: str, id: str) -> Suggestion | None:
        stored = cast(str | None, await self._redis.hget(f"{team_prefix(team)}:suggestions", id))
        return read_suggestion(stored) if stored else None

    async def change(
        self, team: str, before: Suggestion, after: Suggestion, at: datetime | None = None, request: str = ""
    ) -> bool:
        """Change a suggestion that waits; False when it was settled or changed.

        `at` is the act's moment where a newer change is not to be undone.
        """
        args = (
            before.id,
            write_suggestion(before),
            write_suggestion(after),
            to_ms(at) if at else "",
            request,
        )
        return bool(await self._scripts.run("change_suggestion", team_prefix(team), *args))

    async def uncredit(self, team: str, id: str, member: str) -> bool:
        """Let nothing name the author of what the team took; False when it took no such one of theirs."""
        return bool(await self._scripts.run("uncredit", team_prefix(team), id, member))

    async def decline(self, team: str, one: Suggestion, reason: str, by: str, now: datetime) -> bool:
        """Give a suggestion back to its author; False when it was settled or changed."""
        by = by if reason else ""
        note = Note("suggestion", prompt=one.prompt, outcome="declined", reply=reason, by=by)
        args = (one.id, write_suggestion(one), to_ms(now), write_note(note), one.member, to_ms(one.at))
        return bool(await self._scripts.run("decline_suggestion", team_prefix(team), *args))

    async def take(self, team: str, one: Suggestion, now: datetime) -> TakeStatus:
        """Put a suggestion into the team's deck."""
        for _ in range(MOST_TRIES):
            done = await self._take(team, one, now)
            if done == FULL:
                return "full"
            if done != ID_TAKEN:
                return "taken" if done else "settled"
        return "settled"

    async def _take(self, team: str, one: Suggestion, now: datetime) -> int:
        prefix = team_prefix(team)
        fields = cast(list[str], await self._redis.hkeys(f"{prefix}:deck"))
        question = question_of(one, free_id(one.prompt, {own_field(field) for field in fields}, Counter()))
        note = Note(
            "suggestion", prompt=one.prompt, outcome="named" if one.named else "nameless", suggestion=one.id
        )
        args = (
            one.id,
            write_suggestion(one),
            to_ms(now),
            write_note(note),
            one.member,
            to_ms(one.at),
            f"{TEAM_DECK}/{question.id}",
            write_entry(Entry(question)),
            write_credit(Credit(one.member, one.name if one.named else "", one.id)),
        )
        return cast(int, await self._scripts.run("take_suggestion", prefix, *args))

    # What was not sent

    async def draft(self, team: str, member: str) -> Suggestion | None:
        """What a member wrote and did not send, or what came back."""
        stored = cast(
            str | None, await self._scripts.run("read", team_prefix(team), "GET", f"draft:{member}")
        )
        written = (stored or "").partition(" ")[2]
        return read_suggestion(written) if written else None

    async def save_draft(self, team: str, draft: Suggestion, at: datetime, request: str = "") -> None:
        args = (draft.member, write_suggestion(draft), to_ms(at), request)
        await self._scripts.run("draft", team_prefix(team), *args)

    async def drop_draft(self, team: str, member: str, at: datetime, request: str = "") -> None:
        await self._scripts.run("draft", team_prefix(team), member, "", to_ms(at), request)
