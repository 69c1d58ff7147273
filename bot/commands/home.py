"""A member's overview, for platforms that have a page for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.commands.answering import PRACTISE
from bot.commands.helping import FIRST_STEPS, HELP
from bot.commands.known import learning_fields
from bot.commands.me import figures, grid_blocks
from bot.commands.parsing import Call, Game
from bot.game.schedule import to_day
from bot.messages import (
    Block,
    Button,
    Buttons,
    Divider,
    Fields,
    Heading,
    Markdown,
    Reply,
    channel_link,
    moment,
    say,
)
from bot.store.records import OpenRound, Overview, Planned, Standing

NEWCOMER = "The questions of a channel stand here once you have answered one there."
INTERVIEW, SETTINGS = Button("Interview", "interview"), Button("Settings", "settings")
STANDING_BUTTONS = (
    Button("My streak", "streak"),
    Button("Leaderboard", "leaderboard"),
    Button("Topics", "topics"),
)


async def home(game: Game, call: Call) -> Reply:
    """The open questions of the member's channels, how they stand or how to start, and what else to do."""
    channel, member = call.request.channel, call.request.member
    standing, overview, (learnt, waiting) = await asyncio.gather(
        game.store.standing(channel, member, call.now, 0),
        game.store.overview(channel.team, member),
        game.store.learnt(channel.team, member, call.now),
    )
    due = sum(question in game.catalogue.items for question in waiting)
    new = not (standing.answered or standing.team_boards or learnt)
    fields = (*figures(standing, channel), *learning_fields(learnt, due, call.now))
    below = start_blocks() if new else (Heading("You"), Fields(fields), *grid_blocks(standing))
    return say(
        Heading("Open questions"),
        *question_blocks(overview, call.now, new=new),
        Divider(),
        *below,
        *home_buttons(standing, due, new=new),
    )


def start_blocks() -> tuple[Block, ...]:
    return Heading("Start here"), Markdown(FIRST_STEPS)


def question_blocks(overview: Overview, now: datetime, *, new: bool) -> Iterator[Block]:
    """Each open question with its buttons, or when the next one comes."""
    first = next((one.id for one in overview.open if not one.answered), "")
    for round in overview.open:
        yield from round_blocks(round, primary=round.id == first)
    if not overview.open:
        yield Markdown(NEWCOMER if new else f"Nothing is open.{next_words(overview.planned, now)}")


def round_blocks(round: OpenRound, *, primary: bool) -> Iterator[Block]:
    yield Markdown(f"{channel_link(round.channel)} · **{round.prompt}**")
    label = "Change my answer" if round.answered else "Answer"
    yield Buttons(
        (
            Button(label, f"answer @{round.id}", primary=primary),
            Button("Status", f"today @{round.id}"),
        )
    )


def next_words(planned: Iterable[Planned], now: datetime) -> str:
    """` Next: #ml, Thu 26 Nov, 09:00.`, of the channel whose question comes first."""
    coming = [(next_in(one, now), one) for one in planned if not one.schedule.paused]
    if not coming:
        return ""
    at, first = min(coming, key=lambda one: one[0])
    return f" Next: {channel_link(first.channel)}, {moment(at, first.schedule.tz, 'day')}."


def next_in(planned: Planned, now: datetime) -> datetime:
    return next(at for day, at in planned.schedule.coming(now) if to_day(day) > planned.newest)


def home_buttons(standing: Standing, due: int, *, new: bool) -> Iterator[Block]:
    """What can be done at any time; to go back is for those who have been somewhere."""
    review = () if new else (Button(f"Review {due}" if due else "Review", "review"),)
    yield Buttons((*review, PRACTISE, INTERVIEW, SETTINGS, HELP))
    if standing.answered:
        yield Buttons(STANDING_BUTTONS)
