"""A member's overview, for platforms that have a page for it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.me import figures, grid_blocks
from bot.commands.parsing import Call, Game
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
    channel, member = call.request.channel, call.request.member
    standing = await game.store.standing(channel, member, call.now, 0)
    rounds = await game.store.open_rounds(channel.team, member)
    return say(
        Heading("Open questions"),
        *round_blocks(rounds),
        Divider(),
        Heading("You"),
        Fields(tuple(figures(standing, channel))),
        *grid_blocks(standing),
        Buttons(HOME_BUTTONS),
    )


def round_blocks(rounds: list[OpenRound]) -> Iterator[Block]:
    """Each open question with its button, or a word when there is none."""
    if not rounds:
        yield Markdown("Nothing is open just now in the channels where you have answered before.")
    for round in rounds:
        yield Markdown(f"{channel_link(round.channel)} **{round.prompt}**")
        label = "Change my answer" if round.answered else "Answer"
        yield Buttons(
            (
                Button(label, f"answer @{round.id}", primary=not round.answered),
                Button("Status", f"today @{round.id}"),
            )
        )
