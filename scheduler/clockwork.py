"""The day's cycle: it claims the channels that are due and takes each one's steps until none is left."""

from __future__ import annotations

import asyncio
import logging
from asyncio import FIRST_COMPLETED, CancelledError, Task
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import assert_never
from weakref import WeakValueDictionary

from redis import RedisError

from bot.game.catalogue import Catalogue, Item
from bot.game.rounds import (
    Answer,
    Round,
    question_message,
    reveal_message,
    revealed_question_message,
    round_fields,
)
from bot.game.schedule import Schedule, from_ms, to_day, to_ms
from bot.messages import Markdown, channel_link, say
from bot.metrics import LATE_SECONDS, PAUSES, RETRIES, ROUNDS
from bot.platform import ChannelRefused, Platform
from bot.requests import Channel
from bot.store.keys import due_keys
from bot.store.records import ChannelState, Claim
from bot.store.store import Store
from bot.subject import about
from scheduler.steps import GRACE, TELLING, Close, Open, Post, Reveal, Step, Tell, Wait, missed, next_step

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LONGEST_TURN = timedelta(seconds=45)
# So many channels are worked on at once, whatever is due; the rest waits in the queue for any replica.
MOST_TURNS = 128
# A round that begins so long after its moment, or is posted so long after it began, is counted as late.
LATE = timedelta(minutes=5)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=15), timedelta(minutes=10)
# While every question of a channel is open in others, it looks this often whether one has been revealed.
LOOK_AGAIN = timedelta(minutes=5)
# From begun to closed is five steps; more than a few rounds' worth in one go means that steps do not take.
MOST_STEPS = 12


def nothing() -> None:
    """Nobody waits for the end of a turn."""


@dataclass(frozen=True)
class Clockwork:
    """Opens, reveals and closes rounds on the platforms, at the moments that the clock and the store give."""

    store: Store
    catalogue: Catalogue
    platforms: Mapping[str, Platform]
    clock: Callable[[], datetime]
    _turns: set[Task[None]] = field(init=False, default_factory=set)
    # The questions that a team's channels have chosen, for as long as any of them opens.
    _chosen: WeakValueDictionary[str, set[str]] = field(init=False, default_factory=WeakValueDictionary)

    async def work(self) -> None:
        """Do all that is due now. What fails is taken up again later and later."""
        await self.begin()
        while self._turns:
            await asyncio.wait(self._turns, return_when=FIRST_COMPLETED)
            await self.begin()

    def has_room(self) -> bool:
        """Whether more channels may be worked on; not at every single one, which would cost a claim each."""
        return len(self._turns) <= MOST_TURNS // 2

    async def begin(self, ended: Callable[[], None] = nothing) -> None:
        """Claim what is due as far as there is room and start on it; `ended` is called after each channel."""
        slots, more = len(due_keys(self.platforms)), True
        while more and self.has_room():
            now, share = self.clock(), max((MOST_TURNS - len(self._turns)) // slots, 1)
            claims = await self.store.due.claim(self.platforms, now, to_ms(now + LEASE), share)
            for claim in claims:
                turn = asyncio.create_task(self._serve(claim))
                self._turns.add(turn)
                turn.add_done_callback(self._turns.discard)
                turn.add_done_callback(lambda _: ended())
            # With fewer, no slot had more than its share.
            more = len(claims) >= share

    async def stop(self, within: timedelta) -> None:
        """Let what was begun end, and hand back what takes longer, for another replica to go on with."""
        if self._turns:
            _, late = await asyncio.wait(self._turns, timeout=within.total_seconds())
            for turn in late:
                turn.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _serve(self, claim: Claim) -> None:
        about(claim.channel)
        LATE_SECONDS.observe((to_ms(self.clock()) - claim.due) / 1000)
        try:
            # Given up before the lease ends, so that nobody else posts while we still wait for the platform.
            async with asyncio.timeout(LONGEST_TURN.total_seconds()):
                moment = await self.advance(claim.channel, from_ms(claim.due))
            await self.store.due.finish(claim, moment)
        except CancelledError:
            with suppress(RedisError):
                await self.store.due.finish(claim, claim.due)
            raise
        except Exception:
            # Any failure of a platform or of Redis. Where the claim cannot be given back, its lease runs out.
            RETRIES.inc()
            log.exception("round work in %s %s failed", claim.channel.team, claim.channel.id)
            with suppress(RedisError):
                await self.store.due.retry(claim, self.clock(), FIRST_RETRY, LONGEST_RETRY)

    async def advance(self, channel: Channel, due: datetime) -> int | None:
        """Take the steps of a channel that was due then; returns the next moment to look at it."""
        state = await self.store.channel(channel)
        self._count_missed(state, due)
        for _ in range(MOST_STEPS):
            now = self.clock()
            step = next_step(state, now)
            if isinstance(step, Wait):
                return step.until
            if isinstance(step, Open) and not self._can_open(state):
                return to_ms(now + LOOK_AGAIN)
            about(channel, "" if isinstance(step, Open) else step.round.id)
            opened: Round | None = None
            try:
                opened = await self._take(step, channel, state, now)
            except ChannelRefused as refused:
                await self._pause(channel, state, now, str(refused))
            # What members made due meanwhile is remembered beside the claim.
            state = replace(state, round=opened) if opened else await self.store.channel(channel)
        raise RuntimeError(f"{channel.id} took {MOST_STEPS} steps without an end")

    def _count_missed(self, state: ChannelState, due: datetime) -> None:
        """After downtime: nobody is told of a question that is not asked any more, so the log is."""
        count = missed(state, due, self.clock())
        if count:
            log.warning("%d rounds were due more than %s ago and are skipped", count, GRACE)
            ROUNDS.labels("skipped").inc(count)

    async def _take(self, step: Step, channel: Channel, state: ChannelState, now: datetime) -> Round | None:
        """Take a step; returns the round that it opened."""
        match step:
            case Open():
                return await self._open(step.day, channel, state, now)
            case Post():
                await self._post_again(step.round, channel, state, now)
            case Reveal():
                await self._reveal(step, channel, now)
            case Tell():
                answers = await self.store.reveal(channel.team, step.round.id, now)
                await self._tell(step.round, channel, answers or [])
            case Close():
                await self._close(step.round, channel, state)
            case Wait():
                pass
            case _:
                assert_never(step)
        return None

    async def _open(self, day: date, channel: Channel, state: ChannelState, now: datetime) -> Round | None:
        schedule = state.schedule
        assert schedule is not None
        candidates = self.catalogue.in_turn(schedule.sources, state.asked)
        if not candidates:
            raise ChannelRefused("The decks it asks from have no question any more.")
        begun = await self._begin(day, candidates, channel, state, now)
        if begun is None:
            return None
        if state.asked_now != to_day(day) and now - schedule.moment(day) > LATE:
            ROUNDS.labels("late").inc()
        opened = await self._post(begun, channel, schedule)
        await self._warn({*state.asked, begun.question}, channel, state)
        return opened

    async def _begin(
        self, day: date, candidates: list[Item], channel: Channel, state: ChannelState, now: datetime
    ) -> Round | None:
        """Begin a round with the first question that is blind in no other channel."""
        schedule = state.schedule
        assert schedule is not None
        # Channels of a team that open at once would all choose the same question, and all but one in vain.
        chosen = self._chosen.setdefault(channel.team, set())
        for item in candidates:
            if item.id in chosen or not state.is_free(item):
                continue
            chosen.add(item.id)
            fields = round_fields(item, schedule.reveal, to_ms(now))
            status, begun = await self.store.begin(channel, to_day(day), schedule, now, fields)
            if status != "taken":
                if begun is None:
                    chosen.discard(item.id)
                return begun
        return None

    def _can_open(self, state: ChannelState) -> bool:
        """Whether a question of the channel's decks is open nowhere; without decks, opening says so."""
        candidates = self.catalogue.chosen(state.schedule.sources if state.schedule else ())
        return not candidates or any(state.is_free(self.catalogue.items[id]) for id in candidates)

    async def _post(self, round: Round, channel: Channel, schedule: Schedule) -> Round:
        about(channel, round.id)
        platform = self.platforms[channel.platform]
        message = await platform.post(channel, question_message(round, schedule), round.id)
        await self.store.posted(channel.team, round.id, message)
        log.info("question posted")
        ROUNDS.labels("opened").inc()
        if self.clock() - from_ms(round.opened) > LATE:
            ROUNDS.labels("late").inc()
        return replace(round, state="open", message=message)

    async def _post_again(self, round: Round, channel: Channel, state: ChannelState, now: datetime) -> None:
        """A post may have reached the channel without our hearing of it: look before posting once more."""
        message = await self.platforms[channel.platform].find(channel, round.id)
        if message:
            await self.store.posted(channel.team, round.id, message)
        elif state.schedule is None or now - from_ms(round.opened) > GRACE:
            log.warning("round %s of %s was never posted and is skipped", round.id, channel.team)
            ROUNDS.labels("skipped").inc()
            await self.store.abandon(channel.team, round.id, self.clock())
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
        log.info("revealed with %d answers", len(answers))
        ROUNDS.labels("revealed").inc()

    async def _pause(self, channel: Channel, state: ChannelState, now: datetime, reason: str) -> None:
        """A platform that refuses a channel for good: stop, say why, and leave nothing half done."""
        PAUSES.labels(channel.platform).inc()
        log.warning("schedule in %s %s paused: %s", channel.team, channel.id, reason)
        paused = False
        while state.schedule and not paused:
            stopped = replace(state.schedule, paused=True)
            paused = await self.store.save_schedule(channel, state, stopped, now, reason)
            if not paused:
                state = await self.store.channel(channel)
        current = (await self.store.channel(channel)).round
        if current and current.state == "scheduled":
            await self.store.abandon(channel.team, current.id, now)
        elif current and current.state == "revealed":
            await self.store.told(channel.team, current.id)
        if state.schedule:
            words = (
                f"The daily question in {channel_link(channel.id)} is paused. {reason} "
                "`/llmq daily resume` goes on."
            )
            await self._tell_admin(channel, state.schedule, words)

    async def _close(self, round: Round, channel: Channel, state: ChannelState) -> None:
        await self.store.close(channel.team, round.id)
        if not round.told:
            ROUNDS.labels("untold").inc()
            log.error(
                "the reveal of round %s of %s could not be told for %s", round.id, channel.team, TELLING
            )
        if not round.told and state.schedule:
            words = (
                f"The reveal of {round.date:%a %-d %b} in {channel_link(channel.id)} could not be posted. "
                "`/llmq today` shows it until the next question, and the channel goes on as planned."
            )
            await self._tell_admin(channel, state.schedule, words)

    async def _warn(self, asked: set[str], channel: Channel, state: ChannelState) -> None:
        """Tell the admin when a week of questions is left: once, until there are more again."""
        schedule = state.schedule
        assert schedule is not None
        left = sum(id not in asked for id in self.catalogue.chosen(schedule.sources))
        few = left <= len(schedule.days)
        if few and not state.warned and schedule.set_by:
            words = (
                f"The daily question in {channel_link(channel.id)} has {left} new "
                f"question{'' if left == 1 else 's'} left, a week's worth. "
                "After that the ones asked longest ago come again. `/llmq topics` lists what there is."
            )
            await self._tell_admin(channel, schedule, words)
        if few != state.warned:
            await self.store.save_warned(channel, warned=few)

    async def _tell_admin(self, channel: Channel, schedule: Schedule, words: str) -> None:
        """A note to whoever set the schedule. One who cannot be reached is no fault of the channel."""
        try:
            await self.platforms[channel.platform].tell(channel.team, schedule.set_by, say(Markdown(words)))
        except ChannelRefused as refused:
            log.warning("%s of %s cannot be told: %s", schedule.set_by, channel.team, refused)
