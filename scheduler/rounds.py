"""How each step of a round is taken on a platform; every one is safe to take twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import assert_never
from weakref import WeakValueDictionary

from bot.game.catalogue import Catalogue
from bot.game.channel import ChannelState, Draft, draft_of, supply_of
from bot.game.posts import (
    UNANSWERED,
    answers_message,
    closed_question_message,
    few_left_note,
    gone_note,
    late_message,
    not_pinned_note,
    paused_note,
    question_message,
    reveal_message,
    revealed_line,
    streak_note,
    thread_title,
    told_question_message,
    unposted_note,
)
from bot.game.rounds import Round
from bot.game.rules import ANSWERABLE, GRACE, KEPT_AHEAD, PAUSE_AFTER_UNANSWERED
from bot.game.schedule import Schedule, to_day
from bot.messages import Message
from bot.metrics import PAUSES, ROUNDS
from bot.platform import ChannelRefused, Platform, TokenRefused
from bot.requests import Channel
from bot.store.heartbeat import answerable
from bot.store.own import Catalogues
from bot.store.store import Store
from bot.subject import about
from content.coverage import coverage
from scheduler.notes import MemberNotes
from scheduler.pins import Pins
from scheduler.recaps import Recaps
from scheduler.steps import (
    Close,
    GiveUp,
    Open,
    Post,
    PostLate,
    PostRest,
    PostReveal,
    PutPinRight,
    Recap,
    Recount,
    Reveal,
    Step,
    Wait,
    may_be_told,
)

log = logging.getLogger(__name__)

# A round that begins so long after its moment, or is posted so long after it began, is counted as late.
LATE = timedelta(minutes=5)
# Answers are posted in pages; between two of them others get their turn.
PAGE = 10
LONGEST_POSTING = timedelta(seconds=20)
# What is nice to have may take so long, waiting for a platform's limit included.
LONGEST_ASIDE = timedelta(seconds=10)
MOST_TRIES = 3
LAPSE_PAGE = 50
MOST_COUNTED = 500


class Chosen(set[str]):
    """The questions that a team's channels have chosen, for as long as any of them opens."""


@dataclass(frozen=True)
class Rounds:
    """Opens, reveals and closes rounds on the platforms."""

    store: Store
    catalogues: Catalogues
    platforms: Mapping[str, Platform]
    clock: Callable[[], datetime]
    notes: MemberNotes
    recaps: Recaps
    pins: Pins
    _chosen: WeakValueDictionary[str, Chosen] = field(init=False, default_factory=WeakValueDictionary)

    def platform(self, channel: Channel) -> Platform:
        return self.platforms[channel.platform]

    async def take(self, step: Step, channel: Channel, state: ChannelState, now: datetime) -> Round | None:
        """Take a step; returns the round that it opened."""
        match step:
            case Open():
                return await self._open(step.day, channel, state, now)
            case Post():
                await self._post_again(step.round, channel, state, now)
            case Reveal():
                await self._reveal(step, channel, now)
            case PostReveal():
                await self._post_reveal(step.round, channel, state)
            case PostLate():
                await self._post_late(step.round, channel)
            case Close():
                await self._close(step.round, channel, state, now)
            case Recount():
                await self._recount(step.round, channel, state, now)
            case Recap():
                await self.recaps.tell(step.day, channel, state, now)
            case PutPinRight():
                await self._aside("pin", self._put_pin_right(channel, state, now))
            case PostRest():
                await self._post_rest(step.round, channel, state)
            case GiveUp():
                await self._give_up(step.round, channel, state)
            case Wait():
                pass
            case _:
                assert_never(step)
        return None

    # Open

    async def _open(self, day: date, channel: Channel, state: ChannelState, now: datetime) -> Round | None:
        schedule = state.schedule
        assert schedule is not None
        catalogue = await self.catalogues.of(channel.team)
        draft = draft_of(catalogue, schedule, state, now)
        if not catalogue.chosen(schedule.sources):
            raise ChannelRefused("The decks it asks from have no question any more.")
        begun = await self._begin(day, draft, channel, schedule, now)
        if begun is None:
            return None
        if state.asked_now != to_day(day) and now - schedule.moment(day) > LATE:
            ROUNDS.labels("late").inc()
        opened = await self._post(begun, channel, schedule)
        await self._warn(catalogue, begun.question, channel, state, schedule, now)
        await self._warn_of_gone(catalogue, channel, state, schedule)
        return opened

    async def look_ahead(self, channel: Channel, state: ChannelState, now: datetime) -> None:
        """Keep back what comes next by the team's own deck as it is: a new question may be the first."""
        if state.schedule is None or state.drawn == state.deck:
            return
        catalogue = await self.catalogues.of(channel.team)
        newest = state.round.question if state.round else ""
        ahead = [one for one in draft_of(catalogue, state.schedule, state, now).ahead if one != newest]
        await self.store.save_ahead(channel, state, ahead[:KEPT_AHEAD])

    async def _begin(
        self, day: date, draft: Draft, channel: Channel, schedule: Schedule, now: datetime
    ) -> Round | None:
        """Begin a round with the first question that is blind in no other channel."""
        # Channels of a team that open at once would all choose the same question, and all but one in vain.
        chosen = self._chosen.setdefault(channel.team, Chosen())
        left = {item.id: item for item in draft.candidates if item.id not in chosen}
        while left:
            item = left.pop(next(iter(left)))
            chosen.add(item.id)
            begun = await self.store.begin(channel, to_day(day), schedule, now, draft, item)
            if begun.status != "open_elsewhere":
                if begun.round is None:
                    chosen.discard(item.id)
                return begun.round
            if begun.instead in left:
                left = {begun.instead: left.pop(begun.instead), **left}
        return None

    async def _post(self, round: Round, channel: Channel, schedule: Schedule) -> Round:
        about(channel, round.id)
        message = await self.platform(channel).post(channel, question_message(round, schedule), round.id)
        await self._posted(round, channel, message)
        log.info("question posted")
        ROUNDS.labels("opened").inc()
        if self.clock() - round.opened > LATE:
            ROUNDS.labels("late").inc()
        return replace(round, state="open", message=message)

    async def _posted(self, round: Round, channel: Channel, message: str) -> None:
        """Record that the question stands in the channel; reminders are planned before, lest none be."""
        await self.notes.plan_deadline(round, channel)
        await self.store.posted(channel.team, round.id, message)

    async def _post_again(self, round: Round, channel: Channel, state: ChannelState, now: datetime) -> None:
        """A post may have reached the channel without our hearing of it: look before posting once more."""
        message = await self.platform(channel).find(channel, round.id)
        if message:
            await self._posted(round, channel, message)
        elif state.schedule is None or now - round.opened > GRACE:
            log.warning("round %s of %s was never posted and is skipped", round.id, channel.team)
            ROUNDS.labels("skipped").inc()
            await self.store.abandon(channel.team, round.id, self.clock())
        else:
            await self._post(round, channel, state.schedule)

    async def _recount(self, round: Round, channel: Channel, state: ChannelState, now: datetime) -> None:
        """Say in the question's post how many answered. Tried in vain, it is left until the next answer."""
        message = question_message(round, state.schedule)
        done = await self._aside("count", self.platform(channel).edit(channel, round.message, message))
        in_vain = 0 if done else (round.in_vain + 1) % MOST_TRIES
        shown = round.shown if in_vain else round.replies
        await self.store.counted(channel.team, round.id, shown, now, in_vain)

    async def _aside(self, what: str, doing: Awaitable[None]) -> bool:
        """Do what is nice to have and holds nothing up. False when trying again may help."""
        try:
            async with asyncio.timeout(LONGEST_ASIDE.total_seconds()):
                await doing
        except TokenRefused:
            raise
        except ChannelRefused as refused:
            log.warning("the %s of the question stays as it is: %s", what, refused)
        except Exception as fault:
            # Whatever is in the way, a limit of the platform among it, the round itself has to go on.
            log.warning("the %s of the question waits: %s", what, str(fault) or type(fault).__name__)
            return False
        return True

    async def _put_pin_right(self, channel: Channel, state: ChannelState, now: datetime) -> None:
        refusal = await self.pins.put_right(channel, state, now)
        if refusal:
            await self._tell_admin(channel, state.schedule, not_pinned_note(channel.id, refusal))

    # Reveal

    async def _reveal(self, step: Reveal, channel: Channel, now: datetime) -> None:
        if step.forced:
            await self.store.force_reveal(channel)
        await self.store.reveal(channel.team, step.round.id, now)

    async def _post_reveal(self, round: Round, channel: Channel, state: ChannelState) -> bool:
        """The question's post, the reference, the answers page by page, and a line in the channel.

        Whether all of it stands there now.
        """
        platform, begun = self.platform(channel), self.clock()
        found = await self._points_found(round, channel)
        if not round.answers_posted:
            await platform.edit(channel, round.message, told_question_message(round, state.schedule))
            key, title = f"{round.id}:reveal", thread_title(round)
            await platform.reply(channel, round.message, reveal_message(round, found), key, title=title)
        if not await self._post_answers(round, channel, begun):
            return False
        key = f"{round.id}:revealed"
        if not await platform.find(channel, key):
            await platform.post(channel, revealed_line(round, found), key, about=round.message)
        await self.notes.plan_reveal(round, channel)
        covered = sum(found) / (len(found) * round.replies) if found else None
        await self.store.reveal_posted(channel.team, round.id, covered)
        log.info("revealed with %d answers", round.replies)
        ROUNDS.labels("revealed").inc()
        return True

    async def _post_rest(self, round: Round, channel: Channel, state: ChannelState) -> None:
        """Go on with a reveal when the next question stands already: a refusal stops nothing of that."""
        try:
            if await self._post_reveal(round, channel, state):
                await self._close_post(replace(round, reveal_posted=True), channel)
        except TokenRefused:
            raise
        except ChannelRefused as refused:
            log.warning("the reveal of %s stays as it is: %s", round.id, refused)
            await self._give_up(round, channel, state)

    async def _give_up(self, round: Round, channel: Channel, state: ChannelState) -> None:
        """Leave a reveal as far as it came, and say so."""
        await self._say_untold(round, channel, state)
        await self.store.reveal_posted(channel.team, round.id)

    async def _say_untold(self, round: Round, channel: Channel, state: ChannelState) -> None:
        ROUNDS.labels("untold").inc()
        log.error("the reveal of %s in %s could not be posted for hours", round.id, channel.team)
        await self._tell_admin(channel, state.schedule, unposted_note(channel.id, round))

    async def _points_found(self, round: Round, channel: Channel) -> list[int]:
        """In how many answers each key point was found; not counted where there are very many answers."""
        points = round.reference_answer.key_points
        if not points or not 0 < round.replies <= MOST_COUNTED or round.reference_answer.own_experience:
            return []
        counts = [0] * len(points)
        for first in range(0, round.replies, PAGE):
            for answer in await self.store.answers(channel.team, round.id, first, first + PAGE - 1):
                found = [one.found or one.label in answer.said for one in coverage(points, answer.text)]
                counts = [count + has for count, has in zip(counts, found, strict=True)]
                # Each takes milliseconds, and others wait.
                await asyncio.sleep(0)
        return counts

    async def _post_answers(self, round: Round, channel: Channel, begun: datetime) -> bool:
        """Post the answers that do not stand in the thread yet; whether all do now."""
        first, end = round.answers_posted, round.thread_end
        while first < round.replies:
            if self.clock() - begun > LONGEST_POSTING:
                return False
            page = await self.store.answers(channel.team, round.id, first, first + PAGE - 1)
            if page:
                message, key = answers_message(round, page, first), f"{round.id}:answers:{first}"
                end = await self.platform(channel).reply(channel, round.message, message, key, after=end)
            first += PAGE
            await self.store.answers_posted(channel.team, round.id, first, end)
        return True

    async def _post_late(self, round: Round, channel: Channel) -> None:
        """Bring late answers in the thread up to date, each in a message of its own.

        They count without standing there, so a refusal stops nothing.
        """
        for answer in await self.store.answers(channel.team, round.id, 0, PAGE - 1, "late"):
            key, message = f"{round.id}:late:{answer.member}", late_message(answer) if answer.text else None
            try:
                await self.platform(channel).renew(
                    channel, round.message, message, key, answer.id, after=round.thread_end
                )
            except ChannelRefused as refused:
                log.warning("a late answer to %s is not in its thread: %s", round.id, refused)
            await self.store.late_posted(channel.team, round.id, answer)

    # Close

    async def _close(self, round: Round, channel: Channel, state: ChannelState, now: datetime) -> None:
        was_down = await self._was_down(round, channel, now)
        await self._close_post(round, channel)
        untold = not round.reveal_posted and may_be_told(round, now)
        if state.untold and untold:
            # One at a time: what is older was not told for a whole question.
            await self._give_up(state.untold, channel, state)
        unanswered = await self.store.close(channel.team, round.id, now, was_down=was_down, untold=untold)
        if not round.reveal_posted and not untold:
            await self._say_untold(round, channel, state)
        await self._tell_of_streaks(channel, now)
        if unanswered >= PAUSE_AFTER_UNANSWERED and state.schedule and not state.schedule.paused:
            await self.pause(channel, await self.store.channel(channel), now, UNANSWERED)

    async def _was_down(self, round: Round, channel: Channel, now: datetime) -> bool:
        """Whether the question could be answered for too short a time, because nobody served the platform."""
        gaps = await self.store.heartbeat.gaps(channel.platform, round.opened, now)
        return bool(gaps) and answerable(round.opened, min(round.closes, now), gaps) < ANSWERABLE

    async def _close_post(self, round: Round, channel: Channel) -> None:
        """Take the buttons off the question. An old post that cannot be changed stands in nobody's way."""
        if round.message and round.reveal_posted:
            try:
                await self.platform(channel).edit(channel, round.message, closed_question_message(round))
            except ChannelRefused as refused:
                log.warning("the post of %s stays as it is: %s", round.id, refused)

    async def _tell_of_streaks(self, channel: Channel, now: datetime) -> None:
        """Bring the channel's streaks up to date; who lost something hears of it, where that is quiet."""
        platform = self.platform(channel)
        members = await self.store.on_a_streak(channel)
        for start in range(0, len(members), LAPSE_PAGE):
            lapses = await self.store.lapse(channel, members[start : start + LAPSE_PAGE], now)
            for lapse in lapses if platform.tells_quietly else ():
                noted = await self.store.note(channel, lapse.member)
                if noted:
                    words = streak_note(channel.id, replace(noted, freezes=lapse.freezes), now)
                    await self._tell(channel, lapse.member, words, quietly=True)
                    # Only now: a process that dies before it leaves it for the next private reply.
                    await self.store.noted(channel, noted)

    # What goes wrong

    async def pause(self, channel: Channel, state: ChannelState, now: datetime, reason: str) -> None:
        """A platform that refuses a channel for good: stop, say why, and leave nothing half done."""
        PAUSES.labels(channel.platform).inc()
        log.warning("schedule in %s %s paused: %s", channel.team, channel.id, reason)
        paused = False
        while state.schedule and not paused:
            stopped = replace(state.schedule, paused=True)
            paused = await self.store.save_schedule(channel, state, stopped, now, {"note": reason})
            if not paused:
                state = await self.store.channel(channel)
        current = (await self.store.channel(channel)).round
        if current and current.state == "scheduled":
            await self.store.abandon(channel.team, current.id, now)
        elif current and current.state == "revealed":
            await self.store.reveal_posted(channel.team, current.id)
        await self._tell_admin(channel, state.schedule, paused_note(channel.id, reason))

    async def _warn(
        self,
        catalogue: Catalogue,
        question: str,
        channel: Channel,
        state: ChannelState,
        schedule: Schedule,
        now: datetime,
    ) -> None:
        """Tell the admin when a week of questions is left: once, until there are more again."""
        asked = {**state.asked, question: float("inf")}
        supply = supply_of(catalogue, schedule, replace(state, asked=asked), now)
        few = supply.left - supply.out_of_date <= len(schedule.days)
        if few and not state.warned:
            left = supply.left - supply.out_of_date
            await self._tell_admin(channel, schedule, few_left_note(channel.id, left, supply.open_elsewhere))
        if few != state.warned:
            await self.store.save_warned(channel, warned=few)

    async def _warn_of_gone(
        self, catalogue: Catalogue, channel: Channel, state: ChannelState, schedule: Schedule
    ) -> None:
        """Tell the admin of sources that no loaded deck has: once, until they are other ones."""
        gone = catalogue.missing(schedule.sources)
        if gone and gone != state.gone:
            await self._tell_admin(channel, schedule, gone_note(channel.id, gone))
        if gone != state.gone:
            await self.store.save_gone(channel, gone)

    async def _tell_admin(self, channel: Channel, schedule: Schedule | None, message: Message) -> None:
        """A note to whoever set the schedule."""
        if schedule and schedule.set_by:
            await self._tell(channel, schedule.set_by, message)

    async def _tell(self, channel: Channel, member: str, message: Message, *, quietly: bool = False) -> None:
        """Who cannot be reached is no fault of the channel."""
        try:
            await self.platform(channel).tell(channel.team, member, message, quietly=quietly)
        except ChannelRefused as refused:
            log.warning("%s of %s cannot be told: %s", member, channel.team, refused)
