"""What a command cannot do without: its own calls of the store, alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.commands.me import GRID_WEEKS
from bot.commands.practice import MOST_CANDIDATES
from bot.requests import Channel, Member
from bot.store.store import Act
from tests.dialogue import Dialogue

StoreCall = Callable[[Channel, Member, str], Awaitable[object]]


def store_calls(game: Dialogue) -> dict[str, StoreCall]:
    """By command: what it asks of the store for a member in a channel who types a text."""
    store, now = game.store, game.now
    candidates = game.catalogue.candidates()[:MOST_CANDIDATES]

    async def answer(channel: Channel, member: Member, text: str) -> None:
        await store.act(game.request(member.id, "answer", channel=channel), Act("answer", text), now)

    async def me(channel: Channel, member: Member, _: str) -> None:
        await store.standing(channel, member, now, GRID_WEEKS * 7)
        await store.note(channel, member.id)

    return {
        "random": lambda channel, member, _: store.random(channel.team, member, now, candidates),
        "answer": answer,
        "today": lambda channel, member, _: store.today(channel, member, now),
        "leaderboard": lambda channel, member, _: store.leaderboard(channel, member, "week", now),
        "me": me,
    }
