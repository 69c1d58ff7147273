"""The day's cycle: it claims the channels that are due and takes each one's steps until none is left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from bot.catalogue import Catalogue, next_question
from bot.messages import Markdown, say
from bot.requests import Channel, ChannelRefused, Platform
from bot.rounds import (
    Answer,
    Round,
    question_message,
    reveal_message,
    revealed_question_message,
    round_fields,
)
from bot.schedule import Schedule, from_ms, to_day, to_ms
from bot.store import ChannelState, Claim, Store
from scheduler.steps import GRACE, Close, Open, Post, Reveal, Step, Tell, Wait, next_step

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LONGEST_TURN = timedelta(seconds=45)
CLAIMS_AT_ONCE = 8
# From begun to closed is five steps; more than a few rounds' worth in one go means that steps do not take.
MOST_STEPS = 12


@dataclass(frozen=True)
class Clockwork:
    """Opens, reveals and closes rounds on the platforms, at the moments that the clock and the store give."""

    store: Store
    catalogue: Catalogue
    platforms: Mapping[str, Platform]
    clock: Callable[[], datetime]

    async def work(self) -> None:
        """Do all that is due now. What fails is left claimed, and is taken up again when its lease ends."""
        while claims := await self.store.claim(self.clock(), to_ms(self.clock() + LEASE), CLAIMS_AT_ONCE):
            await asyncio.gather(*(self._serve(claim) for claim in claims))

    async def _serve(self, claim: Claim) -> None:
        if claim.channel.platform not in self.platforms:
            # Another process serves it, and finds it when the lease ends.
            return
        try:
            # Given up before the lease ends, so that nobody else posts while we still wait for the platform.
            async with asyncio.timeout(LONGEST_TURN.total_seconds()):
                moment = await self.advance(claim.channel)
        except Exception:
            # Any failure of a platform or of Redis: the lease is the retry.
            log.exception("round work in %s %s failed", claim.channel.team, claim.channel.id)
            return
        await self.store.finish(claim, moment)

    async def advance(self, channel: Channel) -> int | None:
        """Take a channel's steps that are due; returns the next moment to look at it."""
        for _ in range(MOST_STEPS):
            now = self.clock()
            state = await self.store.channel(channel)
            step = next_step(state, now)
            if isinstance(step, Wait):
                return step.until
            try:
                await self._take(step, channel, state, now)
            except ChannelRefused as refused:
                await self._pause(channel, state, now, str(refused))
        raise RuntimeError(f"{channel.id} took {MOST_STEPS} steps without an end")

    async def _take(self, step: Step, channel: Channel, state: ChannelState, now: datetime) -> None:
        match step:
            case Open():
                await self._open(step.day, channel, state, now)
            case Post():
                await self._post_again(step.round, channel, state, now)
            case Reveal():
                await self._reveal(step, channel, now)
            case Tell():
                answers = await self.store.reveal(channel.team, step.round.id, now)
                await self._tell(step.round, channel, answers or [])
            case Close():
                await self.store.close(channel.team, step.round.id)
            case Wait():
                pass
            case _:
                assert_never(step)

    async def _open(self, day: date, channel: Channel, state: ChannelState, now: datetime) -> None:
        schedule = state.schedule
        assert schedule is not None
        candidates = self.catalogue.chosen(schedule.sources)
        # What is open in another channel is blind there; its reveal here would give it away.
        elsewhere = [id for id in candidates if id not in state.open]
        chosen = next_question(elsewhere or candidates, state.asked)
        if chosen is None:
            raise ChannelRefused("The decks it asks from have no question any more.")
        fields = round_fields(self.catalogue.items[chosen], schedule.reveal, to_ms(now))
        if await self.store.begin(channel, to_day(day), schedule, now, fields) != "begun":
            return
        begun = (await self.store.channel(channel)).round
        if begun:
            await self._post(begun, channel, schedule)
        await self._warn(candidates, {*state.asked, chosen}, channel, schedule)

    async def _post(self, round: Round, channel: Channel, schedule: Schedule) -> None:
        platform = self.platforms[channel.platform]
        message = await platform.post(channel, question_message(round, schedule), round.id)
        await self.store.posted(channel.team, round.id, message)

    async def _post_again(self, round: Round, channel: Channel, state: ChannelState, now: datetime) -> None:
        """A post may have reached the channel without our hearing of it: look before posting once more."""
        message = await self.platforms[channel.platform].find(channel, round.id)
        if message:
            await self.store.posted(channel.team, round.id, message)
        elif state.schedule is None or now - from_ms(round.opened) > GRACE:
            log.warning("round %s was never posted and is skipped", round.id)
            await self.store.abandon(channel.team, round.id)
        else:
            await self._post(round, channel, state.schedule)

    async def _reveal(self, step: Reveal, channel: Channel, now: datetime) -> None:
        if step.forced:
            await self.store.force_reveal(channel)
        answers = await self.store.reveal(channel.team, step.round.id, now)
        if answers is not None:
            await self._tell(step.round, channel, answers)

    async def _tell(self, round: Round, channel: Channel, answers: list[Answer]) -> None:
        platform, told = self.platforms[channel.platform], replace(round, replies=len(answers))
        await platform.edit(channel, round.message, revealed_question_message(told))
        await platform.reply(channel, round.message, reveal_message(told, answers), f"{round.id}:reveal")
        await self.store.told(channel.team, round.id)

    async def _pause(self, channel: Channel, state: ChannelState, now: datetime, reason: str) -> None:
        """A platform that refuses a channel for good: stop, say why, and leave nothing half done."""
        log.warning("schedule in %s %s paused: %s", channel.team, channel.id, reason)
        if state.schedule:
            await self.store.save_schedule(channel, replace(state.schedule, paused=True), now, reason)
        current = (await self.store.channel(channel)).round
        if current and current.state == "scheduled":
            await self.store.abandon(channel.team, current.id)
        elif current and current.state == "revealed":
            await self.store.told(channel.team, current.id)
        if state.schedule:
            words = f"The daily question in {channel.id} is paused. {reason} `/llmq daily resume` goes on."
            await self._tell_admin(channel, state.schedule, words)

    async def _warn(
        self, candidates: tuple[str, ...], asked: set[str], channel: Channel, schedule: Schedule
    ) -> None:
        """Tell the admin once, when a week of questions is left."""
        left = sum(id not in asked for id in candidates)
        if left != len(schedule.days) or not schedule.set_by:
            return
        words = (
            f"The daily question in channel {channel.id} has {left} new questions left, a week's worth. "
            "After that the ones asked longest ago come again. `/llmq topics` lists the decks to add from."
        )
        await self._tell_admin(channel, schedule, words)

    async def _tell_admin(self, channel: Channel, schedule: Schedule, words: str) -> None:
        """A note to whoever set the schedule. One who cannot be reached is no fault of the channel."""
        try:
            await self.platforms[channel.platform].tell(channel.team, schedule.set_by, say(Markdown(words)))
        except ChannelRefused as refused:
            log.warning("%s of %s cannot be told: %s", schedule.set_by, channel.team, refused)
