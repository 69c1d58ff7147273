"""That the team's own deck changes what its channels ask next, which is kept from practice."""

from __future__ import annotations

from bot.commands.parsing import Call, Game
from bot.game.rules import TAKEN_UP_AFTER


async def will_be_drawn(game: Game, call: Call) -> None:
    """What dies behind the change is still taken up: the channels are looked at in any case."""
    await game.store.look_at_channels(call.request.channel.team, call.now + TAKEN_UP_AFTER)


async def drawn(game: Game, call: Call) -> None:
    """The deck has changed: what comes next is looked up at once."""
    await game.store.look_at_channels(call.request.channel.team, call.now)
    game.wake()
