"""What a command cannot do without: its own call of the store, alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.commands.practice import MOST_CANDIDATES
from bot.commands.standings import since_of
from bot.requests import Channel, Member
from content.words import plain
from tests.dialogue import Dialogue

StoreCall = Callable[[Channel, Member, str], Awaitable[object]]


def store_calls(game: Dialogue) -> dict[str, StoreCall]:
    """By command: its call of the store for a member in a channel who types a text."""
    store, now = game.store, game.now
    candidates = game.catalogue.candidates()[:MOST_CANDIDATES]
    return {
        "random": lambda channel, member, _: store.random(channel.team, member, now, candidates),
        "answer": lambda channel, member, text: store.answer(channel, member, text, plain(text), now, "", ""),
        "today": lambda channel, member, _: store.today(channel, member),
        "leaderboard": lambda channel, member, _: store.leaderboard(channel.team, member, "week", now),
        "me": lambda channel, member, _: store.standing(channel.team, member, now, since_of(now)),
    }
