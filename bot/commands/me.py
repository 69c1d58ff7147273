"""A member's figures, what they know, and the last twelve weeks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

from bot.commands.known import learning_fields, topic_blocks, topics_of
from bot.commands.leaderboard import BOARDS, HIDDEN
from bot.commands.parsing import Call, Game
from bot.commands.streak import note_blocks, streak_words
from bot.game.rules import (
    MOST_FREEZES,
)
from bot.game.schedule import DAY_NAMES, date_words, from_day, to_day
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Reply,
    in_channel,
    say,
)
from bot.requests import Channel
from bot.store.records import ChannelStreak, Mark, Standing
from bot.wording import counted

GRID_WEEKS = 12
# A month's name is three characters wide, and a week two.
FEWEST_WEEKS = 2
MARK_SIGNS: dict[Mark, str] = {
    "a": "█",
    "r": "█",
    "l": "▒",
    "f": "*",
    "w": "*",
    "x": "*",
    "d": "*",
    "m": "·",
    "o": "?",
}
# What a row of marks amounts to, in the order in which it is said.
MARK_SUMS: dict[str, str] = {
    "ar": "answered",
    "l": "late",
    "fw": "freeze or away",
    "xd": "excused or not counted",
    "m": "without an answer",
}


async def me(game: Game, call: Call) -> Reply:
    """The member's figures and the last twelve weeks."""
    channel, member = call.request.channel, call.request.member
    standing, (learnt, waiting), answered = await asyncio.gather(
        game.store.standing(channel, member, call.now, GRID_WEEKS * 7),
        game.store.learnt(channel.team, member, call.now),
        game.store.answered(channel.team, member),
    )
    due = sum(question in game.catalogue.items for question in waiting)
    noted = await note_blocks(game, call)
    fields = (*figures(standing, channel), *learning_fields(learnt, due, call.now))
    return say(
        *noted,
        Heading(member.name),
        Fields(fields),
        *(() if standing.answered else (Markdown(BEGIN),)),
        *topic_blocks(topics_of(game, learnt, answered, call.now)),
        *grid_blocks(standing),
        *hidden_note(standing),
        Buttons(me_buttons(due)),
    )


ME_BUTTONS = (
    Button("Streak", "streak"),
    Button("Leaderboard", "leaderboard"),
    Button("Topics", "me topics"),
    Button("History", "history"),
)


BEGIN = "`/llmq answer` or `/llmq random` begins."


def me_buttons(due: int) -> tuple[Button, ...]:
    review = (Button(f"Review {due}", "review", primary=True),) if due else ()
    return (*review, *ME_BUTTONS)


def figures(standing: Standing, channel: Channel) -> Iterator[tuple[str, str]]:
    """What a member has, leaving out what has not begun."""
    if standing.here and standing.here.best:
        yield f"Streak in {in_channel(channel.id)}", streak_words(standing.here.streak, standing.here.best)
    for other, streak, best in standing.others:
        if best:
            yield (
                f"Streak in {in_channel(other)}",
                f"{counted(streak, 'day')}, best {best}" if streak else f"best {best}",
            )
    if standing.here and standing.here.freezes:
        yield "Freezes", f"{standing.here.freezes} of {MOST_FREEZES}"
    boards = standing.boards if channel.id and standing.boards else standing.team_boards
    for board, title in BOARDS.items():
        if board != "streak" and board in boards:
            yield title, board_line(standing, *boards[board])
    if standing.answered:
        yield "Questions answered", str(standing.answered)
    if not standing.answered:
        yield "Answers", "none yet"


def board_line(standing: Standing, score: int, rank: int) -> str:
    """`40 points, place 2`."""
    words = counted(score, "point")
    return words if standing.hidden else f"{words}, place {rank}"


def grid_blocks(standing: Standing) -> Iterator[Block]:
    if standing.here and standing.here.ledger:
        yield Grid(weeks_grid(standing.here, standing.today))
        yield Footnote(days_in_words(standing.here, standing.today))


def hidden_note(standing: Standing) -> Iterator[Block]:
    if standing.hidden:
        yield Footnote(HIDDEN)


def grid_start(today: date) -> date:
    """The Monday of the first week shown."""
    return today - timedelta(days=today.weekday(), weeks=GRID_WEEKS - 1)


def days_in_words(here: ChannelStreak, today: int) -> str:
    """`Your question days, 7 Sep to 24 Nov: 40 answered, 2 late.`"""
    start, end = grid_start(from_day(today)), from_day(today)
    marks = [mark for day, mark in here.ledger if day >= to_day(start)]
    sums = ((sum(mark in kinds for mark in marks), words) for kinds, words in MARK_SUMS.items())
    said = ", ".join(f"{count} {words}" for count, words in sums if count) or "one, open now"
    first, last = (date_words(day, end, weekday=False) for day in (start, end))
    return f"Your question days, {first} to {last}: {said}."


def months_line(start: date) -> str:
    """The names of the months over the weeks in which they begin, where there is room for them."""
    sundays = [start + timedelta(weeks=n, days=6) for n in range(GRID_WEEKS)]
    begins = [n for n, day in enumerate(sundays) if n == 0 or day.month != sundays[n - 1].month]
    line = ""
    for n, following in zip(begins, [*begins[1:], GRID_WEEKS + 1], strict=True):
        if following - n >= FEWEST_WEEKS:
            line = f"{line:<{2 * n}}{sundays[n]:%b}"
    return line


def weeks_grid(here: ChannelStreak, today: int) -> str:
    """The months, then a line for each weekday, a column for each of twelve weeks.

    A blank is a day without a question.
    """
    first = grid_start(from_day(today))
    start = to_day(first)
    signs = [" "] * (7 * GRID_WEEKS)
    for day, mark in here.ledger:
        if 0 <= day - start < len(signs):
            signs[day - start] = MARK_SIGNS[mark]
    lines = (" ".join((name, *signs[weekday::7])) for weekday, name in enumerate(DAY_NAMES))
    return "\n".join((f"    {months_line(first)}", *(line.rstrip() for line in lines)))
