"""Reminders, and the page of a member's settings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time, timedelta

from bot.commands.arguments import read_duration, read_time
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.reminders import Reminders
from bot.game.schedule import date_words, describe_duration, from_day
from bot.messages import (
    Button,
    Buttons,
    Fields,
    Form,
    Heading,
    Input,
    Markdown,
    Message,
    Reply,
    say,
)
from bot.requests import Channel
from bot.store.keys import member_turn
from bot.store.notes import Changed
from bot.store.records import Standing

OFF, ON = "off", "on"
ASK_PLATFORM_SECONDS = 1.5
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
DEADLINES = {OFF: "No", "30m": "30 minutes before", "60m": "An hour before", "120m": "Two hours before"}


async def remind_of_review(game: Game, call: Call) -> Reply:
    """A private message at a time of day when something is due."""
    word = call.words["time"]
    if word.casefold() == OFF:
        return await changed(game, call, review=None)
    at, zone = read_time(word), await zone_of(game, call)
    return await changed(game, call, review=at, zone=zone)


async def remind_of_deadline(game: Game, call: Call) -> Reply:
    """A private message some time before a reveal that would end a streak."""
    return await changed(game, call, deadline=read_span(call.words["before"]))


def read_span(word: str) -> timedelta | None:
    """How long before the reveal; None for `off`. Raises a refusal for what is no such span."""
    if word.casefold() == OFF:
        return None
    span = read_duration(word)
    if not SHORTEST <= span <= LONGEST:
        bounds = f"{describe_duration(SHORTEST)} to {describe_duration(LONGEST)}"
        raise Refusal(f"A reminder comes {bounds} before the reveal.")
    return span


async def remind_of_reveal(game: Game, call: Call) -> Reply:
    """A private message when a reveal has come."""
    return await changed(game, call, reveal=call.words["switch"].casefold() == ON)


async def remind_off(game: Game, call: Call) -> Reply:
    """No reminders any more."""
    return await changed(game, call, review=None, deadline=None, reveal=False)


async def changed(game: Game, call: Call, **fields: time | timedelta | str | bool | None) -> Reply:
    """Keep the reminders with some of them changed, and say what holds."""
    after = await kept(game, call, **fields)
    if after.older:
        raise Refusal(NEWER, SETTINGS)
    return say(Markdown(f"**{said(after.reminders, fields)}**"), Buttons((SETTINGS,)))


SETTINGS = Button("Settings", "settings")
NEWER = "A newer change of yours stands."


async def kept(game: Game, call: Call, **fields: time | timedelta | str | bool | None) -> Changed:
    team, member = call.request.channel.team, call.request.member
    new = replace(Reminders(), **fields)  # type: ignore[arg-type]
    after = await game.store.notes.change(team, member.id, new, fields, *call.moment)
    if moment := after.reminders.next_review(call.now):
        await game.store.due.enqueue(member_turn(team, member.id), moment)
    return after


def said(after: Reminders, fields: Mapping[str, object]) -> str:
    """The change in a sentence."""
    if fields.get("review"):
        return f"On, at {after.review:%H:%M} ({after.zone}) when something is due."
    if fields.get("deadline"):
        return f"On, {described(after.deadline)} before the reveal, when your streak would end."
    if fields.get("reveal"):
        return "On: you are told when a question that you play is revealed."
    if len(fields) == 1:
        return f"Off: {OFF_WORDS[next(iter(fields))]}."
    return "Off: no reminders any more."


OFF_WORDS = {
    "review": "no reminder of what is due",
    "deadline": "no reminder before the reveal",
    "reveal": "no note at the reveal",
}


def described(span: timedelta | None) -> str:
    return describe_duration(span) if span else OFF


async def zone_of(game: Game, call: Call) -> str:
    """The zone that the member has set on the platform, else that of a schedule: here, or where they play."""
    channel, platform = call.request.channel, game.platforms[call.request.channel.platform]
    try:
        async with asyncio.timeout(ASK_PLATFORM_SECONDS):
            if own := await platform.zone_of(channel.team, call.request.member.id):
                return own
    except TimeoutError:
        pass
    # A direct message has no schedule of its own.
    elsewhere = await game.store.channels_of(channel.team, call.request.member.id)
    for id in dict.fromkeys((channel.id, *elsewhere)):
        if schedule := (await game.store.channel(Channel(channel.team, id))).schedule:
            return schedule.zone
    return "UTC"


# Settings


async def settings(game: Game, call: Call) -> Reply:
    """All that a member can switch, on one page."""
    team, member = call.request.channel.team, call.request.member
    reminders = await game.store.notes.reminders(team, member.id)
    standing = await game.store.standing(call.request.channel, member, call.now, 0)
    return page(reminders, standing, judge=game.judge is not None)


def page(reminders: Reminders, standing: Standing, *, judge: bool) -> Message:
    return say(
        Heading("Settings"),
        Fields(tuple(switches(reminders, standing, judge=judge))),
        Buttons((Button("Change", "settings edit", primary=True),)),
    )


def switches(reminders: Reminders, standing: Standing, *, judge: bool) -> Iterator[tuple[str, str]]:
    deadline = described(reminders.deadline)
    yield "Reminder before the reveal", f"{deadline} before" if reminders.deadline else OFF
    yield "Review reminder", f"{reminders.review:%H:%M} ({reminders.zone})" if reminders.review else OFF
    yield "Note at the reveal", ON if reminders.reveal else OFF
    yield "On the boards", "no" if standing.hidden else "yes"
    if judge:
        yield "Judge may read my answers", "yes" if reminders.judge else "no"
    away = next((last for first, last in standing.away if first <= standing.today <= last), None)
    yield "Away", f"until {date_words(from_day(away), from_day(standing.today))}" if away else "no"


async def edit(game: Game, call: Call) -> Reply:
    """Change all of them in one form."""
    team, member, inputs = call.request.channel.team, call.request.member, call.request.inputs
    reminders = await game.store.notes.reminders(team, member.id)
    standing = await game.store.standing(call.request.channel, member, call.now, 0)
    if call.request.body is None:
        return settings_form(reminders, hidden=standing.hidden, judge=game.judge is not None)
    review = read_review(inputs.get("review", "").strip())
    after = await kept(
        game,
        call,
        review=review,
        zone=await zone_of(game, call) if review else reminders.zone,
        deadline=read_span(inputs.get("deadline", OFF)),
        reveal=inputs.get("reveal") == ON,
        judge=inputs["judge"] == "yes" if "judge" in inputs else reminders.judge,
    )
    await game.store.show_on_boards(team, member, call.now, *call.moment, shown=inputs.get("boards") != "no")
    standing = await game.store.standing(call.request.channel, member, call.now, 0)
    return replace(page(after.reminders, standing, judge=game.judge is not None), edits=True)


def read_review(typed: str) -> time | None:
    """The time that stands in the form; None for none. Raises a refusal for what is no time."""
    if not typed or typed.casefold() == OFF:
        return None
    try:
        return read_time(typed)
    except Refusal as refusal:
        raise Refusal(str(refusal), field="review") from None


def settings_form(reminders: Reminders, *, hidden: bool, judge: bool) -> Form:
    review = f"{reminders.review:%H:%M}" if reminders.review else ""
    span = reminders.deadline
    now = f"{span // timedelta(minutes=1)}m" if span else OFF
    own = () if now in DEADLINES else ((now, f"{described(span)} before"),)
    deadlines = (*own, *DEADLINES.items())
    may_read = Input("judge", "A judge may read my answers", "choice", yes_no(yes=reminders.judge), YES_NO)
    return Form(
        "Settings",
        "What may llmq tell you privately?",
        "settings edit",
        (
            Input("deadline", "Remind me before the reveal", "choice", now, deadlines),
            Input("review", "Review reminder at", "line", review, optional=True, hint=REVIEW_AT),
            Input("reveal", "Tell me when a question is revealed", "choice", *switch(on=reminders.reveal)),
            Input("boards", "On the leaderboards", "choice", yes_no(yes=not hidden), YES_NO),
            *((may_read,) if judge else ()),
        ),
    )


REVIEW_AT = "A time such as 08:30; empty means none"
YES_NO = (("yes", "Yes"), ("no", "No"))


def yes_no(*, yes: bool) -> str:
    return "yes" if yes else "no"


def switch(*, on: bool) -> tuple[str, tuple[tuple[str, str], ...]]:
    return ON if on else OFF, ((ON, "Yes"), (OFF, "No"))
