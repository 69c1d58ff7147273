"""The command with which the operator deletes all that is held of a team."""

from __future__ import annotations

import asyncio

import click

from bot.errors import Refusal

NOTHING = "Nothing is held of {team}. A team is named like slack:T024BE7LD or discord:1024000000000000000."


@click.command()
@click.argument("team")
@click.confirmation_option(prompt="Delete everything that is held of this team? It cannot be undone")
def forget(team: str) -> None:
    """Delete at once all that is held of TEAM, such as slack:T024BE7LD or discord:1024000000000000000.

    Where llmq is still in the team it knows nothing of it afterwards, and may be used anew.
    """
    from bot.wording import counted

    click.echo(f"{counted(asyncio.run(forgotten(team)), 'key')} of {team} deleted.")


async def forgotten(team: str) -> int:
    """Delete all of a team, on the configured server or that of an llmq that runs; how many keys."""
    from bot.store.store import Store
    from llmq.building import utc_now
    from llmq.doctor import reach
    from llmq.settings import read_settings

    async with reach(read_settings()) as redis:
        store = Store(redis)
        if not await store.teams.is_known(team):
            raise Refusal(NOTHING.format(team=team))
        await store.teams.leave(team, utc_now())
        return await store.forget(team)
