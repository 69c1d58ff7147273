"""Where a member stands: leaderboard, me, streak, boards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.commands.answering import days
from bot.commands.parsing import Call, Game
from bot.game.schedule import DAY_NAMES, from_day, to_day
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Message,
    Reply,
    Table,
    announce,
    say,
)
from bot.store.records import Leaderboard, Standing

BOARDS = {"week": "This week", "month": "This month", "all": "All time", "streak": "Streaks"}
GRID_WEEKS = 12
LEDGER_DAYS = 30
STATUS_WORDS = {"a": "answered", "l": "late", "f": "frozen", "m": "missed", "o": "still open"}
STATUS_MARKS = {"a": "█", "l": "▒", "f": "*", "m": "·", "o": "?"}
LEGEND = "█ answered  ▒ late  * frozen  · missed  ? still open"


async def leaderboard(game: Game, call: Call) -> Reply:
    """A board's top ten and the asker's own line, for the asker alone."""
    board = call.words.get("board", "week")
    request = call.request
    standing = await game.store.leaderboard(request.channel.team, request.member, board, call.now)
    switch = tuple(Button(title, f"leaderboard {name}") for name, title in BOARDS.items() if name != board)
    show = Button("Show to channel", f"leaderboard show {board}", primary=True)
    return say(
        *board_blocks(standing, board, request.member.id),
        Footnote(own_line(standing)),
        Buttons((show, *switch)),
    )


async def show_leaderboard(game: Game, call: Call) -> Reply:
    """A board's top ten for the whole channel."""
    board = call.words.get("board", "week")
    standing = await game.store.leaderboard(call.request.channel.team, call.request.member, board, call.now)
    return announce(*board_blocks(standing, board, ""), Footnote(f"Shown by {call.request.member.name}"))


def board_blocks(standing: Leaderboard, board: str, asker: str) -> tuple[Block, ...]:
    """The board's title and its table, or a word when it is empty."""
    heading = Heading(f"Leaderboard · {BOARDS[board]}")
    if not standing.top:
        return heading, Markdown("Nobody is on this board yet. Answering a question puts you there.")
    unit = "Round days" if board == "streak" else "Points"
    rows = tuple(
        (str(rank), name, str(score))
        for rank, (_, name, score) in zip(ranks(standing), standing.top, strict=True)
    )
    own = next((n for n, (member, _, _) in enumerate(standing.top) if member == asker), None)
    return heading, Table(("Rank", "Member", unit), rows, own)


def ranks(standing: Leaderboard) -> list[int]:
    """Shared ranks for equal scores: 1, 2, 2, 4."""
    scores = [score for _, _, score in standing.top]
    return [scores.index(score) + 1 for score in scores]


def own_line(standing: Leaderboard) -> str:
    """The asker's place, wherever it is."""
    if standing.hidden:
        return "You have left the boards. /llmq boards on joins them again."
    if standing.own is None:
        return "You are not on this board yet. Answering a question puts you there."
    rank, score = standing.own
    return f"You are number {rank} of {standing.size} with {score}."


def grid_start(today: date) -> date:
    """The Monday of the first week shown."""
    return today - timedelta(days=today.weekday(), weeks=GRID_WEEKS - 1)


async def me(game: Game, call: Call) -> Reply:
    """The member's figures and the last twelve weeks."""
    team, member = call.request.channel.team, call.request.member
    standing = await game.store.standing(team, member, call.now, since_of(call.now))
    boards = tuple((title, board_line(standing, name)) for name, title in BOARDS.items())
    figures = (
        ("Streak", streak_words(standing)),
        ("Freezes", f"{standing.freezes} of 2"),
        ("Answered", str(standing.answered)),
        *boards,
    )
    hidden = (
        (Footnote("You are hidden on the boards. /llmq boards on joins them."),) if standing.hidden else ()
    )
    return say(
        Heading(member.name),
        Fields(figures),
        Grid(weeks_grid(standing)),
        Footnote(LEGEND),
        *hidden,
    )


def since_of(now: datetime) -> int:
    """The first day that the grid may show, in any zone."""
    return to_day(now.date() - timedelta(weeks=GRID_WEEKS + 1))


def streak_words(standing: Standing) -> str:
    """`5 round days, best 12`."""
    return f"{days(standing.streak)}, best {standing.best}"


def board_line(standing: Standing, board: str) -> str:
    """`40 points, number 2`."""
    if board not in standing.boards:
        return "nothing yet"
    score, rank = standing.boards[board]
    words = days(score) if board == "streak" else f"{score} point{'' if score == 1 else 's'}"
    return words if standing.hidden else f"{words}, number {rank}"


def weeks_grid(standing: Standing) -> str:
    """A line for each weekday, a column for each of twelve weeks; a blank is a day without a round."""
    start = to_day(grid_start(from_day(standing.today)))
    marks = [" "] * (7 * GRID_WEEKS)
    for day, status in standing.ledger:
        if 0 <= day - start < len(marks):
            marks[day - start] = STATUS_MARKS[status]
    lines = (" ".join((name, *marks[weekday::7])) for weekday, name in enumerate(DAY_NAMES))
    return "\n".join(line.rstrip() for line in lines)


async def streak(game: Game, call: Call) -> Reply:
    """Why the streak is what it is: the last round days, and the rules."""
    # Thirty round days may lie far apart.
    standing = await game.store.standing(call.request.channel.team, call.request.member, call.now, since=0)
    title = f"Streak: {days(standing.streak)}, best {standing.best}, freezes held: {standing.freezes}"
    return say(Heading(title), *ledger_blocks(standing), Markdown(STREAK_RULES))


def ledger_blocks(standing: Standing) -> tuple[Block, ...]:
    if not standing.ledger:
        return (Markdown("No round days yet. Your first answer starts the ledger."),)
    newest_first = standing.ledger[-LEDGER_DAYS:][::-1]
    rows = tuple((f"{from_day(day):%a %-d %b %Y}", STATUS_WORDS[status]) for day, status in newest_first)
    return (Table(("Round day", "You"), rows),)


STREAK_RULES = "\n".join(
    (
        "- Only days on which the team had a question count; days without one break nothing.",
        "- An answer keeps the streak until the round closes, with the next question or after 24 hours.",
        "- Every 7 days answered in a row earn a freeze; at most 2 are held.",
        "- A missed round day spends a freeze by itself; without one the streak starts again.",
    )
)


async def boards(game: Game, call: Call, *, shown: bool) -> Message:
    request = call.request
    changed = await game.store.show_on_boards(request.channel.team, request.member, call.now, shown=shown)
    if shown:
        words = "You are on the boards again, with all your points." if changed else "You are on the boards."
    else:
        words = "You have left the boards." if changed else "You are not on the boards."
        words += " Your points and streak go on; `/llmq boards on` joins again."
    return say(Markdown(words))


async def boards_off(game: Game, call: Call) -> Reply:
    """Leave the leaderboards."""
    return await boards(game, call, shown=False)


async def boards_on(game: Game, call: Call) -> Reply:
    """Join the leaderboards again."""
    return await boards(game, call, shown=True)
