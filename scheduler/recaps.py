"""How the recap of a channel's week is told: once, whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.game.channel import ChannelState
from bot.game.recap import (
    A_WEEK,
    SHORTEST_STREAK,
    Scored,
    Week,
    middle_of_month,
    middle_of_week,
    monday_of,
    month_over,
    recap_message,
    topics_ahead,
)
from bot.game.schedule import Schedule, from_day, to_day
from bot.platform import Platform
from bot.requests import Channel, Member
from bot.store.own import Catalogues
from bot.store.records import Board, Place
from bot.store.store import Store

log = logging.getLogger(__name__)

# Boards are looked at for the whole channel.
NOBODY = Member("", "")


@dataclass(frozen=True)
class Recaps:
    """Tells recaps on the platforms."""

    store: Store
    catalogues: Catalogues
    platforms: Mapping[str, Platform]

    async def tell(self, day: date, channel: Channel, state: ChannelState, now: datetime) -> None:
        """Post the recap of a date, unless it stands there already; a week without answers has none."""
        assert state.schedule
        week = await self._week(day, channel, state, state.schedule, now)
        platform, key = self.platforms[channel.platform], f"{channel.id}:recap:{to_day(day)}"
        if week.took_part and not await platform.find(channel, key):
            await platform.post(channel, recap_message(channel.id, week), key)
            log.info("the week was told")
        await self.store.weeks.told(channel, day)

    async def _week(
        self, day: date, channel: Channel, state: ChannelState, schedule: Schedule, now: datetime
    ) -> Week:
        monday = monday_of(day)
        asked, members = await self.store.weeks.asked(channel, monday, monday + timedelta(days=6))
        catalogue = await self.catalogues.of(channel.team)
        month = month_over(day, from_day(state.recapped) if state.recapped else day - A_WEEK)
        streaks = await self._board(channel, "streak", now)
        return Week(
            took_part=len(members),
            goal=schedule.goal,
            best=scored(await self._board(channel, "week", middle_of_week(monday))),
            streaks=scored(one for one in streaks if one.member in members and one.score >= SHORTEST_STREAK),
            asked=asked,
            topics=topics_ahead(catalogue, schedule, state, monday + A_WEEK, now),
            month=month,
            champions=scored(await self._board(channel, "month", middle_of_month(month))) if month else (),
        )

    async def _board(self, channel: Channel, board: Board, at: datetime) -> tuple[Place, ...]:
        """The first ten of a board of the channel; those who left the boards are not on it."""
        return (await self.store.leaderboard(channel, NOBODY, board, at)).top


def scored(places: Iterable[Place]) -> list[Scored]:
    return [Scored(one.name, one.score) for one in places]
