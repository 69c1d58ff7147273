"""What is to be done next in a channel: a pure function of its state and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import assert_never

from bot.game.channel import ChannelState
from bot.game.pins import pin_moment, to_pin
from bot.game.recap import due_recap, next_recap
from bot.game.rounds import Round
from bot.game.rules import GRACE
from bot.game.schedule import Schedule, to_day

# A reveal that the channel does not take for so long, once the time of its round is over, is closed.
POSTING = timedelta(hours=1)
# The next question is held up by so much of that; then it is asked, and what is left is told behind it.
HELD = timedelta(minutes=5)
# So long after its reveal a round is told to its end behind the next question.
TOLD_WITHIN = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Open:
    """Begin the round of a local date."""

    day: date


@dataclass(frozen=True, slots=True)
class Post:
    """Finish posting a round that began before, perhaps in a process that died."""

    round: Round


@dataclass(frozen=True, slots=True)
class Reveal:
    """End the blind part of a round, even if its own rule would wait when a new round needs the place."""

    round: Round
    forced: bool = False


@dataclass(frozen=True, slots=True)
class PostReveal:
    """Post a reveal, or what is left of it."""

    round: Round


@dataclass(frozen=True, slots=True)
class PostLate:
    """Post late answers."""

    round: Round


@dataclass(frozen=True, slots=True)
class Close:
    """End a round for late answers too."""

    round: Round


@dataclass(frozen=True, slots=True)
class Recount:
    """Let an open question's post say how many have answered by now."""

    round: Round


@dataclass(frozen=True, slots=True)
class Recap:
    """Tell the channel of its week, on a local date."""

    day: date


@dataclass(frozen=True, slots=True)
class PutPinRight:
    """Pin the question, or take down the one before."""


@dataclass(frozen=True, slots=True)
class PostRest:
    """Post what is left of a reveal, behind the next question."""

    round: Round


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Tell a reveal no further."""

    round: Round


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before a moment, or ever."""

    until: datetime | None


Step = (
    Open
    | Post
    | Reveal
    | PostReveal
    | PostLate
    | Close
    | Recount
    | Recap
    | PutPinRight
    | PostRest
    | GiveUp
    | Wait
)


def next_step(state: ChannelState, now: datetime) -> Step:
    """The next step in a channel. Doing it and asking again ends at a `Wait`."""
    step = round_step(state, now)
    return aside(state, step.until, now) if isinstance(step, Wait) else step


def aside(state: ChannelState, until: datetime | None, now: datetime) -> Step:
    """What may be done while the round waits, for until then nothing is in its way."""
    round = state.round
    recount = round.count_due if round else None
    if round and recount and recount <= now:
        return Recount(round)
    day = recap_due(state, now)
    if day:
        return Recap(day)
    pin = pin_moment(state.pin, to_pin(state.schedule, round), now)
    if pin and pin <= now:
        return PutPinRight()
    if state.untold:
        return PostRest(state.untold) if may_be_told(state.untold, now) else GiveUp(state.untold)
    return Wait(earliest(until, recount, recap_moment(state.schedule, now), pin))


def round_step(state: ChannelState, now: datetime) -> Step:
    """The next step of the channel's rounds."""
    round, due = state.round, due_date(state, now)
    if round is None:
        return Open(due) if due else Wait(next_moment(state.schedule, now))
    match round.state:
        case "closed":
            return Open(due) if due else Wait(next_moment(state.schedule, now))
        case "scheduled":
            return Post(round)
        case "open":
            if due or round.reveal_due <= now or state.is_from_the_future(now):
                return Reveal(round, forced=due is not None or state.is_from_the_future(now))
            return Wait(earliest(next_look(round, now), next_moment(state.schedule, now)))
        case "revealed":
            return after_reveal(state, round, due, now)
        case _:
            assert_never(round.state)


def after_reveal(state: ChannelState, round: Round, due: date | None, now: datetime) -> Step:
    """A reveal is posted, then late answers are; once the round's time is over, for an hour at most.

    A question that is due waits some minutes for them.
    """
    over = due is not None or round.closes <= now or state.is_from_the_future(now)
    if not round.reveal_posted and (not over or holds_up(state, round, due, now)):
        return PostReveal(round)
    since, most = over_since(state, round, due), HELD if due else POSTING
    if state.late and round.reveal_posted and (not over or now - since < most):
        return PostLate(round)
    if over:
        return Close(round)
    return Wait(earliest(round.closes, next_moment(state.schedule, now)))


def holds_up(state: ChannelState, round: Round, due: date | None, now: datetime) -> bool:
    """Whether a reveal goes first although the time of its round is over."""
    revealed = round.revealed or round.opened
    if due is None or state.schedule is None:
        return now - revealed < POSTING
    moment = state.schedule.moment(due)
    # An admin may ask for a question before its moment.
    since = revealed if moment > now else max(revealed, moment)
    return now - revealed < POSTING and now - since < HELD


def may_be_told(round: Round, now: datetime) -> bool:
    """Whether what is left of a reveal may be told behind the next question."""
    return abs(now - (round.revealed or round.opened)) < TOLD_WITHIN


def over_since(state: ChannelState, round: Round, due: date | None) -> datetime:
    """Since when a round's time is over: it is closed by its end, or by the moment of the next one."""
    return min(round.closes, state.schedule.moment(due)) if due and state.schedule else round.closes


def due_date(state: ChannelState, now: datetime) -> date | None:
    """The local date whose round should open now. A date never comes twice, nor after a later one."""
    schedule = state.schedule
    if schedule is None or schedule.paused:
        return None
    today = schedule.local(now).date()
    if state.asked_now == to_day(today):
        day: date | None = today
    else:
        day = schedule.due(now)
        if day and now - schedule.moment(day) > GRACE:
            return None
    return day if day and to_day(day) > state.newest_day(now) else None


def recap_due(state: ChannelState, now: datetime) -> date | None:
    """The local date whose recap should be told now. A date never comes twice, nor after a later one."""
    schedule = state.schedule
    if schedule is None or schedule.paused:
        return None
    day, tomorrow = due_recap(schedule, now), to_day(schedule.local(now).date()) + 1
    # What a wrong clock has told in the future stands in nobody's way.
    told = state.recapped if state.recapped <= tomorrow else 0
    return day if day and to_day(day) > told else None


def recap_moment(schedule: Schedule | None, now: datetime) -> datetime | None:
    return None if schedule is None or schedule.paused else next_recap(schedule, now)


def missed(state: ChannelState, since: datetime, now: datetime) -> int:
    """How many rounds had their moment since then, with nobody at work, and are too late to begin now."""
    schedule = state.schedule
    if schedule is None or schedule.paused:
        return 0
    # Those after a moment; what was due at the very moment is missed, too.
    coming = schedule.coming(max(since, schedule.since) - timedelta(milliseconds=1))
    passed = takewhile(lambda one: now - one[1] > GRACE, coming)
    return sum(to_day(day) > state.newest_day(now) for day, _ in passed)


def next_moment(schedule: Schedule | None, now: datetime) -> datetime | None:
    if schedule is None or schedule.paused:
        return None
    return next(moment for _, moment in schedule.coming(now))


def next_look(round: Round, now: datetime) -> datetime:
    """When an open round may be ripe. A process may die before it says so, so the end of the wait is one."""
    return round.reveal_from if round.reveal_from > now else round.reveal_due


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
