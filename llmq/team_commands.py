"""What the operator does for a team: delete all that is held of it, or free the dates of a calendar file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.errors import Refusal

NOTHING = "Nothing is held of {team}. A team is named like slack:T024BE7LD or discord:1024000000000000000."
NO_SCHEDULE = (
    "{channel} of {team} has no daily question. A channel is named by its id, as in the address of its page."
)


@click.command()
@click.argument("team")
@click.confirmation_option(prompt="Delete everything that is held of this team? It cannot be undone")
def forget(team: str) -> None:
    """Delete at once all that is held of TEAM, such as slack:T024BE7LD or discord:1024000000000000000.

    Where llmq is still in the team it knows nothing of it afterwards, and may be used anew; a Slack workspace
    that installed the app from a browser has to install it again, since its token goes, too.
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


@click.command()
@click.argument("team")
@click.argument("channel")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def free(team: str, channel: str, file: Path) -> None:
    """Add the dates of a calendar FILE (.ics) to the free dates of a CHANNEL, by its id, of TEAM."""
    from bot.commands.calendars import calendar_in

    click.echo(asyncio.run(freed(team, channel, calendar_in(file))))


async def freed(team: str, channel: str, calendar: str) -> str:
    """Add a calendar's dates to a channel's free ones; what was done, in a sentence."""
    from bot.commands.calendars import read_calendar
    from bot.commands.daily_settings import notes_on, with_free
    from bot.commands.daily_status import span_in_words
    from bot.requests import Channel
    from bot.store.store import Store
    from llmq.building import utc_now
    from llmq.doctor import reach
    from llmq.settings import read_settings

    async with reach(read_settings()) as redis:
        store, place, now = Store(redis), Channel(team, channel), utc_now()
        state = await store.channel(place)
        if state.schedule is None:
            raise Refusal(NO_SCHEDULE.format(channel=channel, team=team))
        today = state.schedule.local(now).date()
        new = read_calendar(calendar, today)
        after = with_free(state.schedule, new, today)
        # The note of a schedule that is paused stays with it.
        if not await store.save_schedule(place, state, after, now, {"note": state.note, "ahead": ""}):
            raise Refusal("Somebody changed the schedule at the same moment. Try again.")
        await store.due.enqueue(place, now)
    spans = ", ".join(span_in_words(*span, today) for span in new.spans)
    return " ".join((f"No question in {channel} on: {spans}.", *notes_on(new)))
