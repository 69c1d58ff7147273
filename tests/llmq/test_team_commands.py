"""What the operator deletes of a team."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from bot.requests import Channel
from llmq.cli import llmq
from tests.dialogue import ADMIN, Dialogue

NEIGHBOUR = Channel("console:local2", "practice")


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", redis_url)


async def forget(*words: str, typed: str = "") -> Result:
    def run() -> Result:
        return CliRunner().invoke(llmq, ["forget", *words], input=typed)

    return await asyncio.to_thread(run)


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    d = Dialogue(redis)
    for channel in (d.channel, NEIGHBOUR):
        await d.says(ADMIN, "daily on 08:00 daily UTC", channel=channel)
        await d.says("ana", "remind review 09:00", channel=channel)
    return d


async def words_of(d: Dialogue, team: str) -> list[str]:
    """Keys of a team, and those that still speak of it."""
    keys = [key async for key in d.redis.scan_iter()]
    found = [key for key in keys if f"{{{team}}}" in key]
    for key in keys:
        if key.startswith("llmq:{due:") and await d.redis.type(key) == "zset":
            found += [one for one in map(str, await d.redis.zrange(key, 0, -1)) if one.startswith(f"{team} ")]
    return found


async def test_all_of_a_team_is_deleted_at_once_and_nothing_of_another(d: Dialogue) -> None:
    before = await words_of(d, NEIGHBOUR.team)
    done = await forget(d.channel.team, "--yes")
    assert done.exit_code == 0
    assert f"of {d.channel.team} deleted." in done.stdout
    assert await words_of(d, d.channel.team) == []
    assert sorted(await words_of(d, NEIGHBOUR.team)) == sorted(before)


async def test_it_is_asked_for_first(d: Dialogue) -> None:
    assert (await forget(d.channel.team, typed="n\n")).exit_code != 0
    assert await words_of(d, d.channel.team)


async def test_a_team_that_is_not_known_is_said(d: Dialogue) -> None:
    done = await forget("slack:T0", "--yes")
    assert done.exit_code != 0
    assert "Nothing is held of slack:T0." in str(done.exception)


async def test_a_team_that_is_forgotten_may_begin_anew(d: Dialogue) -> None:
    await forget(d.channel.team, "--yes")
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    await d.forward(days=1)
    assert len([one for one in d.platform.posts if one.channel == d.channel]) == 1


CALENDAR = "\r\n".join(
    (
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART;VALUE=DATE:20991224", "DTEND;VALUE=DATE:20991227"),
        *("END:VEVENT", "END:VCALENDAR", ""),
    )
)


async def free(*words: str) -> Result:
    return await asyncio.to_thread(lambda: CliRunner().invoke(llmq, ["free", *words]))


async def test_the_dates_of_a_calendar_file_are_free_from_the_command_line(
    d: Dialogue, tmp_path: Path
) -> None:
    file = tmp_path / "days.ics"
    file.write_text(CALENDAR)
    done = await free(d.channel.team, d.channel.id, str(file))
    assert done.stdout.startswith("No question in practice on: 24 Dec 2099 to 26 Dec 2099.")
    assert "24 Dec 2099 to 26 Dec 2099" in await d.hears(ADMIN, "daily status")
    again = await free(d.channel.team, d.channel.id, str(file))
    assert again.exit_code == 0
    assert (await d.hears(ADMIN, "daily status")).count("24 Dec 2099") == 1


@pytest.mark.parametrize(
    ("content", "channel", "said"),
    [
        (b"\x80\x81", "practice", "no calendar file"),
        (b"BEGIN:VCALENDAR" + b"x" * 300_000, "practice", "too long"),
        (CALENDAR.encode(), "nowhere", "nowhere of console:local has no daily question."),
    ],
)
async def test_what_is_no_calendar_or_no_channel_is_said(
    d: Dialogue, tmp_path: Path, content: bytes, channel: str, said: str
) -> None:
    file = tmp_path / "days.ics"
    file.write_bytes(content)
    done = await free(d.channel.team, channel, str(file))
    assert done.exit_code != 0
    assert said in str(done.exception)
