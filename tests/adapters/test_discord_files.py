"""A calendar file with a command in Discord: fetched once, from Discord alone, and refused in a sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest
from redis.asyncio import Redis

from adapters.discord import files
from adapters.discord.files import GivenFile
from bot.commands.calendars import LONGEST_FILE
from bot.errors import Refusal
from tests.adapters.discord_server import Server, playing
from tests.fakes.discord import Dropped, Fault, File, Hang, ServerError

DAYS = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)
CALENDAR = File("our days.ics", DAYS)
FETCHED = "get_attachment"


def address_of(server: Server) -> list[str]:
    """Where the files stand that were given."""
    given = server.discord.world.given.values()
    queries = ["&".join(f"{name}={value}" for name, value in one.signature.items()) for one in given]
    return [f"{discord.Asset.BASE}{one.path}?{query}" for one, query in zip(given, queries, strict=True)]


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        yield server


async def test_a_calendar_file_frees_its_dates_and_the_log_says_so(server: Server) -> None:
    said = await server.says(server.boss, "daily free", file=CALENDAR)
    assert "These dates have no question" in said.text
    assert "No question on:** 24 Dec" in said.text
    assert "24 Dec" in (await server.says(server.boss, "log")).text
    assert len(server.discord.calls(FETCHED)) == 1


async def test_the_command_asks_for_dates_or_a_file(server: Server) -> None:
    assert "or a calendar file" in (await server.says(server.boss, "daily free")).text
    both = await server.says(server.boss, "daily free", dates="24 Dec", file=CALENDAR)
    assert "dates or a file, not both" in both.text
    assert "No file has come" in (await server.says(server.boss, "daily free", dates="days.ics")).text
    # A file is never taken for the word that takes all dates back.
    await server.says(server.boss, "daily free", dates="24 Dec")
    assert "no calendar file" in (await server.says(server.boss, "daily free", file=File("none", b"x"))).text
    assert "24 Dec" in (await server.says(server.boss, "daily status")).text


@pytest.mark.parametrize(
    ("content", "said", "fetches"),
    [
        (b"", "no calendar file", 1),
        (b"\x89PNG\r\n\x1a\n\x00", "no calendar file", 1),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "frees no date", 1),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * LONGEST_FILE, "too long", 0),
    ],
)
async def test_what_is_no_calendar_or_too_long_is_refused(
    server: Server, content: bytes, said: str, fetches: int
) -> None:
    assert said in (await server.says(server.boss, "daily free", file=File("days.ics", content))).text
    assert len(server.discord.calls(FETCHED)) == fetches


async def test_a_file_of_who_is_no_admin_is_not_fetched(server: Server) -> None:
    server.discord.admin.show_command(server.discord.guild, "llmq-admin", server.ana.user)
    assert "Only" in (await server.says(server.ana, "daily free", file=CALENDAR)).text
    assert server.discord.calls(FETCHED) == []


# A connection that breaks is tried once more by the client itself.
@pytest.mark.parametrize("faults", [[ServerError(503)], [Dropped(), Dropped()], [Hang()]])
async def test_a_file_that_discord_keeps_is_said_and_can_be_sent_again(
    server: Server, faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(files, "READ_WITHIN_SECONDS", 0.1)
        server.discord.faults.add(FETCHED, *faults)
        said = await server.says(server.boss, "daily free", file=CALENDAR)
    assert "Discord did not hand the file over" in said.text
    server.discord.faults.release_all()
    assert "24 Dec" in (await server.says(server.boss, "daily free", file=CALENDAR)).text


async def test_no_address_but_discords_is_asked(server: Server) -> None:
    await server.says(server.boss, "daily free", file=CALENDAR)
    (good,) = address_of(server)
    # The same server by another name would hand it over.
    elsewhere = good.replace("127.0.0.1", "localhost")
    for url in (
        elsewhere,
        f"{discord.Asset.BASE}@example.invalid/",
        "file:///etc/hosts",
        "/a",
        "http://[",
        "",
    ):
        with pytest.raises(Refusal, match="did not hand the file over"):
            await GivenFile("days.ics", 1, url).read(LONGEST_FILE)
    assert len(server.discord.calls(FETCHED)) == 1


async def test_no_more_is_read_than_is_wanted(server: Server) -> None:
    await server.says(server.boss, "daily free", file=CALENDAR)
    (good,) = address_of(server)
    file = GivenFile("days.ics", 1, good)
    assert await file.read(len(DAYS)) == DAYS
    with pytest.raises(Refusal, match="longer than Discord said"):
        await file.read(len(DAYS) - 1)
