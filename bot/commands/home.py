"""A member's overview, for platforms that have a page for it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.parsing import Call, Game
from bot.commands.standings import BOARDS, LEGEND, board_line, since_of, streak_words, weeks_grid
from bot.messages import (
    Block,
    Button,
    Buttons,
    Divider,
    Fields,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Reply,
    say,
)
from bot.store.records import OpenRound

HOME_BUTTONS = (
    Button("Practise", "random", primary=True),
    Button("Leaderboard", "leaderboard"),
    Button("My streak", "streak"),
    Button("Topics", "topics"),
    Button("Help", "help"),
)


async def home(game: Game, call: Call) -> Reply:
    """Streak, standing, the team's open questions, and buttons for the rest."""
    team, member = call.request.channel.team, call.request.member
    standing = await game.store.standing(team, member, call.now, since_of(call.now))
    rounds = await game.store.open_rounds(team, member)
    boards = tuple((title, board_line(standing, name)) for name, title in BOARDS.items())
    return say(
        Heading("Open questions"),
        *round_blocks(rounds),
        Divider(),
        Heading("You"),
        Fields((("Streak", streak_words(standing)), *boards)),
        Grid(weeks_grid(standing)),
        Footnote(LEGEND),
        Buttons(HOME_BUTTONS),
    )


def round_blocks(rounds: list[OpenRound]) -> Iterator[Block]:
    """Each open question with its button, or a word when there is none."""
    if not rounds:
        yield Markdown("Nothing is open just now in the channels where you have answered before.")
    for round in rounds:
        yield Markdown(f"**{round.prompt}**")
        label = "Change my answer" if round.answered else "Answer"
        yield Buttons(
            (
                Button(label, f"answer @{round.id}", primary=not round.answered),
                Button("Status", f"today @{round.id}"),
            )
        )
