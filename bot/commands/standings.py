"""Where a member stands: leaderboard, me, streak, boards, away."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.memory import TREND, Learnt, likely
from bot.game.posts import name_of, streak_note
from bot.game.rules import (
    FREEZE_EVERY,
    IN_TIME,
    MOST_FREEZES,
    OPEN_FOR,
    RESTORE_EVERY,
    RESTORE_WITHIN,
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
    Message,
    Reply,
    Table,
    announce,
    in_channel,
    say,
)
from bot.requests import Channel, Member
from bot.store.records import Board, ChannelStreak, Leaderboard, Mark, Standing
from bot.wording import counted, in_letters

BOARDS: dict[Board, str] = {
    "week": "This week",
    "month": "This month",
    "all": "All time",
    "streak": "Streaks",
}
SWITCHES: dict[Board, str] = {"week": "Week", "month": "Month", "all": "All time", "streak": "Streaks"}
TEAM = "team"
GRID_WEEKS = 12
# A month's name is three characters wide, and a week two.
FEWEST_WEEKS = 2
WEAKEST_TOPICS = 3
LEDGER_DAYS = 30
MARK_WORDS: dict[Mark, str] = {
    "a": "answered",
    "l": "late",
    "r": "brought back",
    "f": "freeze used",
    "w": "away",
    "x": "excused",
    "d": "not counted (llmq was down)",
    "m": "no answer",
    "o": "open now",
}
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
POINTS = f"An answer in time earns {IN_TIME}."
EMPTY: dict[Board, str] = {
    "week": f"No points yet this week. {POINTS}",
    "month": f"No points yet this month. {POINTS}",
    "all": f"No points yet here. {POINTS}",
    "streak": "No streak yet here. An answer begins one.",
}
HIDDEN = "You are off the boards: /llmq boards on joins again."


def place_of(call: Call) -> Channel:
    """The channel whose board is meant, or the team as a channel without an id."""
    channel = call.request.channel
    return Channel(channel.team, "") if "scope" in call.words or not channel.id else channel


def board_of(call: Call) -> Board:
    wanted = call.words.get("board", "week")
    return next(board for board in BOARDS if board == wanted)


async def leaderboard(game: Game, call: Call) -> Reply:
    """A board's top ten and the asker's own place, for the asker alone."""
    board, place, member = board_of(call), place_of(call), call.request.member
    standing = await game.store.leaderboard(place, member, board, call.now)
    shown = board_blocks(standing, board, place, member)
    begin = () if standing.top else await answer_buttons(game, call)
    buttons = (*begin, *switches(call, board, place, standing))
    return replace(say(*shown, *own_note(standing, board, member), *buttons), edits=True)


def own_note(standing: Leaderboard, board: Board, member: Member) -> Iterator[Block]:
    """How the reader stands who is in no row of a board."""
    if standing.hidden:
        yield Footnote(HIDDEN)
    elif standing.top and not standing.own and all(one.member != member.id for one in standing.top):
        yield Footnote(f"You: {EMPTY[board][0].lower()}{EMPTY[board][1:]}")


async def answer_buttons(game: Game, call: Call) -> tuple[Block, ...]:
    """The way onto an empty board, while a question is open."""
    seen = await game.store.today(call.request.channel, call.request.member, call.now)
    if seen.round is None or not seen.round.is_blind or seen.own:
        return ()
    return (Buttons((Button("Answer", f"answer @{seen.round.id}", primary=True),)),)


def switches(call: Call, board: Board, place: Channel, standing: Leaderboard) -> Iterator[Block]:
    scope, here = "" if place.id else f" {TEAM}", call.request.channel.id
    boards = (
        Button(label, f"leaderboard {name}{scope}") for name, label in SWITCHES.items() if name != board
    )
    label = "Whole team" if place.id else "This channel"
    places = (Button(label, f"leaderboard {board}{f' {TEAM}' if place.id else ''}"),) if here else ()
    yield Buttons((*boards, *places))
    if here and standing.top:
        yield Buttons((Button("Show to channel", f"leaderboard show {board}{scope}"),))


async def show_leaderboard(game: Game, call: Call) -> Reply:
    """A board's top ten for the whole channel."""
    board, place = board_of(call), place_of(call)
    if not call.request.channel.id:
        raise Refusal("There is no channel here to show it in. Type `/llmq leaderboard` in one.")
    standing = await game.store.leaderboard(place, call.request.member, board, call.now)
    shown = board_blocks(standing, board, place, None)
    return announce(*shown, Footnote(f"Shown by {call.request.member.name}."))


def board_blocks(
    standing: Leaderboard, board: Board, place: Channel, reader: Member | None
) -> Iterator[Block]:
    """The board's title and its table, or a word when it is empty."""
    yield Heading(f"{BOARDS[board]} in {in_channel(place.id) if place.id else 'the team'}")
    if not standing.top:
        yield Markdown(EMPTY[board])
        return
    asker = reader.id if reader else ""
    rows = tuple(board_rows(standing, asker))
    own = next((n for n, one in enumerate(standing.top) if one.member == asker), None)
    if own is None and standing.own and reader:
        own = len(rows)
        mine = standing.own
        score = score_words(mine.score, mine.rank, mine.before)
        rows = (*rows, (str(mine.rank), f"{reader.name} (you)", score))
    yield Table(("Place", "Member", "Days" if board == "streak" else "Points"), rows, own)


def board_rows(standing: Leaderboard, asker: str) -> Iterator[tuple[str, str, str]]:
    scores = [one.score for one in standing.top]
    for one in standing.top:
        rank = scores.index(one.score) + 1
        name = f"{one.name} (you)" if one.member == asker else one.name
        yield str(rank), name, score_words(one.score, rank, one.before)


def score_words(score: int, rank: int, before: int | None) -> str:
    """`40`, `40, up 2`, `31, down 1`: places since last week."""
    if before is None or before == rank:
        return str(score)
    return f"{score}, {'up' if rank < before else 'down'} {abs(before - rank)}"


async def me(game: Game, call: Call) -> Reply:
    """The member's figures and the last twelve weeks."""
    channel, member = call.request.channel, call.request.member
    standing, (learnt, waiting) = await asyncio.gather(
        game.store.standing(channel, member, call.now, GRID_WEEKS * 7),
        game.store.learnt(channel.team, member, call.now),
    )
    due = sum(question in game.catalogue.items for question in waiting)
    noted = await note_blocks(game, call)
    fields = (*figures(standing, channel), *learning_fields(game, learnt, due, call.now))
    return say(
        *noted,
        Heading(member.name),
        Fields(fields),
        *grid_blocks(standing),
        *hidden_note(standing),
        Buttons(me_buttons(due)),
    )


ME_BUTTONS = (
    Button("Streak", "streak"),
    Button("Leaderboard", "leaderboard"),
    Button("Topics", "topics"),
    Button("History", "history"),
)


def me_buttons(due: int) -> tuple[Button, ...]:
    review = (Button(f"Review {due}", "review", primary=True),) if due else ()
    return (*review, *ME_BUTTONS)


def learning_fields(
    game: Game, learnt: Mapping[str, Learnt], due: int, now: datetime
) -> Iterator[tuple[str, str]]:
    """How much is due, how much is likely known still, and the topics known least."""
    if not learnt:
        return
    known = f"{shares(learnt.values(), now)} likely remembered"
    yield "Review", f"{due} due, {known}" if due else known
    topics: defaultdict[str, list[Learnt]] = defaultdict(list)
    for question, one in learnt.items():
        if item := game.catalogue.items.get(question):
            topics[item.question.topic].append(one)
    weakest = sorted(topics, key=lambda topic: likely(topics[topic], now))[:WEAKEST_TOPICS]
    if len(topics) > 1:
        yield "Weakest topics", ", ".join(f"{topic} {shares(topics[topic], now)}" for topic in weakest)


def shares(known: Collection[Learnt], now: datetime) -> str:
    """`52 %`, or `52 % (40 % eight weeks ago)` where there was something to remember then."""
    then = likely(known, now - TREND)
    return f"{percent(likely(known, now))}{f' ({percent(then)} eight weeks ago)' if then else ''}"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


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
        yield "Answers", "none yet. `/llmq answer` or `/llmq random` begins"


def streak_words(streak: int, best: int) -> str:
    """`5 days, best 12`."""
    return f"{counted(streak, 'day') if streak else 'none now'}, best {best}"


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


async def note_blocks(game: Game, call: Call) -> tuple[Block, ...]:
    """What the member was not told yet of the streak here."""
    channel, member = call.request.channel, call.request.member
    lapse = await game.store.note(channel, member.id) if channel.id else None
    return streak_note(channel.id, lapse, call.now).blocks if lapse else ()


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


async def streak(game: Game, call: Call) -> Reply:
    """Why the streak is what it is: the last question days, and the rules."""
    channel, member = call.request.channel, call.request.member
    standing = await game.store.standing(channel, member, call.now, LEDGER_DAYS)
    if not channel.id:
        return say(Heading("Your streaks"), *each_streak(standing), Markdown(STREAK_RULES))
    noted = await note_blocks(game, call)
    here = standing.here
    return say(
        *noted,
        Heading(streak_title(here, channel)),
        *streak_fields(here),
        *ledger_blocks(here),
        Markdown(STREAK_RULES),
        *other_streaks(standing),
    )


def each_streak(standing: Standing) -> Iterator[Block]:
    """The streaks of all channels, where none is at hand."""
    pairs = [(in_channel(one), streak_words(streak, best)) for one, streak, best in standing.others if best]
    yield Fields(tuple(pairs)) if pairs else Markdown("Your first answer in a channel starts a streak there.")


def streak_title(here: ChannelStreak | None, channel: Channel) -> str:
    if here and here.streak:
        return f"{counted(here.streak, 'day')} in {in_channel(channel.id)}"
    return "Your streak"


def streak_fields(here: ChannelStreak | None) -> Iterator[Block]:
    if here and here.best:
        next_freeze = FREEZE_EVERY - here.streak % FREEZE_EVERY
        freezes = (("Freezes", f"{here.freezes} of {MOST_FREEZES}"),) if here.freezes else ()
        yield Fields(
            (("Best", str(here.best)), *freezes, ("Next freeze", f"in {counted(next_freeze, 'day')}"))
        )


def ledger_blocks(here: ChannelStreak | None) -> Iterator[Block]:
    if here is None or not here.ledger:
        yield Markdown("Your first answer starts a streak here.")
        return
    newest_first = here.ledger[-LEDGER_DAYS:][::-1]
    yield Table(("Day", "You"), tuple((name_of(day), MARK_WORDS[mark]) for day, mark in newest_first))


def other_streaks(standing: Standing) -> Iterator[Block]:
    others = [
        f"{counted(streak, 'day')} in {in_channel(channel)}"
        for channel, streak, _ in standing.others
        if streak
    ]
    if others:
        yield Footnote(f"Also: {', '.join(others)}.")


STREAK_RULES = "\n".join(
    (
        "- A question day is a day with a question here. Only those count.",
        "- The reveal waits for those who usually answer, until the deadline at the latest: `/llmq daily`.",
        f"- An answer counts until the next question or for {OPEN_FOR // timedelta(hours=1)} hours.",
        f"- {in_letters(FREEZE_EVERY).capitalize()} days in a row earn a freeze; a day without an answer "
        "uses one.",
        f"- Once in {RESTORE_EVERY.days} days you can bring a day back, within {RESTORE_WITHIN.days} days.",
    )
)


async def boards(game: Game, call: Call, *, shown: bool) -> Message:
    request = call.request
    at = request.at or call.now
    changed = await game.store.show_on_boards(request.channel.team, request.member, call.now, at, shown=shown)
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
