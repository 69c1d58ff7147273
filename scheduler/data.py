"""What a member asked for of all that is held of them: to have it, or to have it erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.game.holdings import whole
from bot.messages import Markdown, Message, say
from bot.requests import Channel
from bot.store.store import Store

EXPORTED = "**Your data,** as a page and as JSON. Only you see it."


@dataclass(frozen=True)
class MemberData:
    """Works in a member's turn, however long it takes; what dies in the middle begins again."""

    store: Store
    clock: Callable[[], datetime]

    async def export(self, team: str, member: str, part: int) -> tuple[Message, bool]:
        """All that is held of a member, for that member, or a part of it; and whether there are more."""
        gathered = await self.store.traces.of(team, member)
        mailings = whole(gathered.holdings, team, member, self.clock()).mailings()
        part = min(part, len(mailings) - 1)
        words = EXPORTED if len(mailings) == 1 else f"{EXPORTED} Part {part + 1} of {len(mailings)}."
        return replace(say(Markdown(words)), files=mailings[part]), part + 1 < len(mailings)

    async def erase(self, team: str, member: str, moment: int) -> None:
        """Erase all that was there at a moment. Schedules go on, with nobody to tell."""
        gathered = await self.store.traces.erase(team, member)
        for id in gathered.schedules:
            await self._forget_who_set(Channel(team, id), member)
        for id in gathered.channels:
            # Its reveal may wait for nobody any more.
            await self.store.due.enqueue(Channel(team, id), self.clock())
        await self.store.traces.end_erasing(team, member, moment)

    async def _forget_who_set(self, channel: Channel, member: str) -> None:
        forgotten = False
        while not forgotten:
            state = await self.store.channel(channel)
            if state.schedule is None or state.schedule.set_by != member:
                return
            forgotten = await self.store.forget_who_set(channel, state)
