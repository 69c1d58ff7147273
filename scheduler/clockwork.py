"""The day's cycle: it claims the channels that are due and takes each one's steps until none is left."""

from __future__ import annotations

import asyncio
import logging
from asyncio import FIRST_COMPLETED, CancelledError, Task
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from redis import RedisError

from bot.game.catalogue import Catalogue
from bot.game.channel import ChannelState, has_one_to_ask
from bot.game.rounds import Round
from bot.game.rules import GRACE, PURGE_AFTER
from bot.metrics import LATE_SECONDS, REFUSALS, RETRIES, ROUNDS
from bot.platform import ChannelRefused, Platform, TokenRefused
from bot.requests import Channel
from bot.store.keys import due_keys, is_member_turn, is_team_turn
from bot.store.own import Catalogues
from bot.store.records import Claim
from bot.store.store import Store
from bot.subject import about
from scheduler.leaving import Leaving
from scheduler.notes import A_DAY, MemberNotes
from scheduler.pins import Pins
from scheduler.recaps import Recaps
from scheduler.rounds import Rounds
from scheduler.steps import Open, PostLate, PostRest, PostReveal, PutPinRight, Recap, Wait, missed, next_step

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LONGEST_TURN = timedelta(seconds=45)
# So many channels are worked on at once, whatever is due; the rest waits in the queue for any replica.
MOST_TURNS = 128
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=15), timedelta(minutes=10)
# A platform that refuses llmq itself for so long is not asked again before an admin resumes.
GIVE_UP_AFTER = timedelta(days=1)
# While every question of a channel is open in others, it looks this often whether one has been revealed.
LOOK_AGAIN = timedelta(minutes=5)
# From begun to closed is six steps; more than a few rounds' worth in one go means that steps do not take.
MOST_STEPS = 40
ONE_SITTING = timedelta(seconds=15)


def nothing() -> None:
    """Nobody waits for the end of a turn."""


@dataclass(frozen=True)
class Clockwork:
    """Opens, reveals and closes rounds on the platforms, at the moments that the clock and the store give."""

    store: Store
    catalogue: Catalogue
    platforms: Mapping[str, Platform]
    clock: Callable[[], datetime]
    purge_after: timedelta = PURGE_AFTER
    _turns: set[Task[None]] = field(init=False, default_factory=set)
    # When each platform refused llmq itself for the last time.
    refused: dict[str, datetime] = field(init=False, default_factory=dict)
    rounds: Rounds = field(init=False)
    notes: MemberNotes = field(init=False)
    leaving: Leaving = field(init=False)

    def __post_init__(self) -> None:
        catalogues = Catalogues(self.store.own, self.catalogue)
        notes = MemberNotes(self.store, catalogues, self.platforms, self.clock)
        recaps = Recaps(self.store, catalogues, self.platforms)
        pins = Pins(self.store, self.platforms)
        rounds = Rounds(self.store, catalogues, self.platforms, self.clock, notes, recaps, pins)
        object.__setattr__(self, "notes", notes)
        object.__setattr__(self, "leaving", Leaving(self.store, self.clock, self.purge_after))
        object.__setattr__(self, "rounds", rounds)

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
            claims = await self.store.due.claim(self.platforms, now, now + LEASE, share)
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
        LATE_SECONDS.observe((self.clock() - claim.due).total_seconds())
        try:
            # Given up before the lease ends, so that nobody else posts while we still wait for the platform.
            async with asyncio.timeout(LONGEST_TURN.total_seconds()):
                moment = await self._turn(claim)
            await self.store.due.finish(claim, moment)
        except CancelledError:
            with suppress(RedisError):
                await self.store.due.finish(claim, claim.due)
            raise
        except TokenRefused as refused:
            await self._wait_for_a_token(claim, str(refused))
        except Exception:
            # Any failure of a platform or of Redis. Where the claim cannot be given back, its lease runs out.
            RETRIES.inc()
            log.exception("round work in %s %s failed", claim.channel.team, claim.channel.id)
            with suppress(RedisError):
                await self.store.due.retry(claim, self.clock(), FIRST_RETRY, LONGEST_RETRY)

    async def _turn(self, claim: Claim) -> datetime | None:
        """Work on a channel, for a member or on a team that has left; the next moment to look."""
        if is_team_turn(claim.channel):
            return await self.leaving.advance(claim.channel.team)
        if is_member_turn(claim.channel):
            return await self.notes.advance(claim.channel)
        return await self.advance(claim.channel, claim.due)

    async def _wait_for_a_token(self, claim: Claim, reason: str) -> None:
        """A token may be put right within the day: try again until then, loudly, and pause nothing before."""
        channel, now = claim.channel, self.clock()
        self.refused[channel.platform] = now
        REFUSALS.labels(channel.platform).inc()
        log.error("%s refuses llmq: %s", channel.platform, reason)
        with suppress(RedisError):
            await self.store.due.retry(claim, now, FIRST_RETRY, LONGEST_RETRY)
            if is_member_turn(channel) or is_team_turn(channel):
                return
            state = await self.store.channel(channel)
            if state.refused_since is None:
                await self.store.save_refused(channel, now)
            elif now - state.refused_since >= GIVE_UP_AFTER:
                await self.rounds.pause(channel, state, now, reason)

    def is_accepted(self, platform: str) -> bool:
        """Whether a platform has not refused llmq itself of late."""
        last = self.refused.get(platform)
        return last is None or self.clock() - last > 2 * LONGEST_RETRY

    async def advance(self, channel: Channel, due: datetime) -> datetime | None:
        """Take the steps of a channel that was due then; returns the next moment to look at it."""
        state, begun = await self.store.channel(channel), self.clock()
        if state.left:
            return begun + A_DAY
        self._count_missed(state, due)
        for _ in range(MOST_STEPS):
            now = self.clock()
            step = next_step(state, now)
            if isinstance(step, Wait):
                await self.rounds.look_ahead(channel, state, now)
                return step.until
            if isinstance(step, Open) and not await self._can_open(channel, state, now):
                return now + LOOK_AGAIN
            about(channel, "" if isinstance(step, Open | Recap | PutPinRight) else step.round.id)
            opened: Round | None = None
            try:
                opened = await self.rounds.take(step, channel, state, now)
            except ChannelRefused as refused:
                await self.rounds.pause(channel, state, now, str(refused))
            # What members made due meanwhile is remembered beside the claim.
            state = replace(state, round=opened) if opened else await self.store.channel(channel)
            if isinstance(step, PostReveal | PostLate | PostRest) and self.clock() - begun > ONE_SITTING:
                # What is long gives way to others, and to its own channel's next question.
                return self.clock()
        raise RuntimeError(f"{channel.id} took {MOST_STEPS} steps without an end")

    def _count_missed(self, state: ChannelState, due: datetime) -> None:
        """After downtime: nobody is told of a question that is not asked any more, so the log is."""
        count = missed(state, due, self.clock())
        if count:
            log.warning("%d rounds were due more than %s ago and are skipped", count, GRACE)
            ROUNDS.labels("skipped").inc(count)

    async def _can_open(self, channel: Channel, state: ChannelState, now: datetime) -> bool:
        """Whether a question of the channel's decks is open nowhere; without decks, opening says so."""
        schedule = state.schedule
        catalogue = await self.rounds.catalogues.of(channel.team)
        if schedule is None or not catalogue.chosen(schedule.sources):
            return True
        return has_one_to_ask(catalogue, schedule, state, now)
