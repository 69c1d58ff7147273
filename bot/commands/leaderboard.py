"""The boards, of a channel or the team, and who is on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.commands.parsing import Call, Game
from bot.commands.reminding import NEWER, SETTINGS
from bot.errors import Refusal
from bot.game.rules import (
    IN_TIME,
)
from bot.messages import (
    Block,
    Button,
    Buttons,
    Footnote,
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
from bot.store.records import Board, Leaderboard

BOARDS: dict[Board, str] = {
    "week": "This week",
    "month": "This month",
    "all": "All time",
    "streak": "Streaks",
}
SWITCHES: dict[Board, str] = {"week": "Week", "month": "Month", "all": "All time", "streak": "Streaks"}
TEAM = "team"
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
        rows = (*rows, (str(mine.rank), own_name(reader.name), score))
    yield Table(("Place", "Member", "Days" if board == "streak" else "Points"), rows, own)


def own_name(name: str) -> str:
    """The reader's name with its mark; the terminal's first member is called so already."""
    return name if name.casefold() == "you" else f"{name} (you)"


def board_rows(standing: Leaderboard, asker: str) -> Iterator[tuple[str, str, str]]:
    scores = [one.score for one in standing.top]
    for one in standing.top:
        rank = scores.index(one.score) + 1
        name = own_name(one.name) if one.member == asker else one.name
        yield str(rank), name, score_words(one.score, rank, one.before)


def score_words(score: int, rank: int, before: int | None) -> str:
    """`40`, `40, up 2`, `31, down 1`: places since last week."""
    if before is None or before == rank:
        return str(score)
    return f"{score}, {'up' if rank < before else 'down'} {abs(before - rank)}"


async def boards(game: Game, call: Call, *, shown: bool) -> Message:
    request = call.request
    team, member = request.channel.team, request.member
    status = await game.store.show_on_boards(team, member, call.now, *call.moment, shown=shown)
    if status == "older":
        raise Refusal(NEWER, SETTINGS)
    changed = status == "changed"
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
