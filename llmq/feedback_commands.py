"""The commands that show authors what members said about questions. They print no name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")


@click.command()
def proposals() -> None:
    """List words that members say hold a key point in which it was not found."""
    from bot.store.feedback import proposals as read
    from bot.wording import counted

    found = sorted((one.question, one.point, one.text) for one in everything(read))
    for question, point, text in found:
        click.echo(f"{question}\n  point: {point}\n  words: {one_line(text)}")
    click.echo(counted(len(found), "proposal"), err=True)


@click.command()
def flags() -> None:
    """List what members flagged, and what admins made of it."""
    from bot.game.flags import REASONS
    from bot.store.feedback import flags as read
    from bot.wording import counted

    found = sorted(everything(read), key=lambda flag: (flag.question, flag.at))
    for flag in found:
        reply = f" ({one_line(flag.reply)})" if flag.reply else ""
        click.echo(f"{flag.question}: {REASONS[flag.reason]} · {flag.outcome or 'waits'}{reply}")
        if flag.text:
            click.echo(f"  {one_line(flag.text)}")
    click.echo(counted(len(found), "flag"), err=True)


def everything(read: Callable[[Redis], AsyncIterator[T]]) -> list[T]:
    """All that is stored of a kind, in the configured server or that of an llmq that runs."""
    from llmq.doctor import reach
    from llmq.settings import read_settings

    async def collect() -> list[T]:
        async with reach(read_settings()) as redis:
            return [one async for one in read(redis)]

    return asyncio.run(collect())


def one_line(text: str) -> str:
    return " ".join(text.split())
