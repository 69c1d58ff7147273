"""What admins did in a channel, as admins can look at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis import RedisError
from redis.asyncio import Redis

from bot.requests import Channel
from tests.dialogue import ADMIN, Dialogue, buttons_of, is_refused

OTHER = Channel("console:local", "private")


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    # Who answered is known by name.
    await d.open_round()
    for who in (ADMIN, "ana"):
        await d.says(who, f"answer It is secret0 that {who} means.")
    return d


async def test_each_act_is_there_with_who_what_when_before_and_after(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 17:30 mon-fri")
    await d.says(ADMIN, "daily pause")
    said = await d.hears(ADMIN, "log")
    assert "daily on: Boss, " in said
    assert "23 Nov, 08:00" in said
    assert "Before: every day, 09:00 (UTC)\nNow: Mon to Fri, 17:30 (UTC)" in said
    assert "daily pause" in said
    assert "Before: on\nNow: paused" in said
    assert said.index("daily pause") < said.index("17:30")


@pytest.mark.parametrize(
    ("typed", "before", "now"),
    [
        ("daily ping here", "ping: nobody", "ping: @here"),
        ("daily pin on", "pin: no", "pin: yes"),
        ("daily recap friday", "recap: no", "recap: Friday"),
        ("daily goal 5", "goal: none", "goal: 5"),
    ],
)
async def test_a_setting_beside_the_time_is_there_as_it_was_and_as_it_is(
    d: Dialogue, typed: str, before: str, now: str
) -> None:
    await d.says(ADMIN, typed)
    assert f"Before: {before}\nNow: {now}\n" in f"{await d.hears(ADMIN, 'log')}\n"


async def test_what_changes_no_schedule_says_what_came_of_it(d: Dialogue) -> None:
    await d.says(ADMIN, "reveal")
    await d.says(ADMIN, "daily excuse today")
    said = await d.hears(ADMIN, "log")
    assert "Now: The reveal is coming." in said
    assert "Mon 23 Nov is excused. It breaks no streak." in said


async def test_who_is_sent_away_by_an_admin_is_named(d: Dialogue) -> None:
    await d.says(ADMIN, "away <@ana|Ana> tomorrow")
    assert "away: Boss, about Ana, " in await d.hears(ADMIN, "log")
    await d.says("ana", "away tomorrow")
    assert (await d.hears(ADMIN, "log")).count("away: ") == 1


async def test_looking_refusals_and_members_acts_are_not_there(d: Dialogue) -> None:
    before = await d.hears(ADMIN, "log")
    await d.says(ADMIN, "flags")
    await d.says(ADMIN, "daily on 25:99")
    await d.says("ana", "daily pause")
    await d.says("ana", "boards off")
    assert await d.hears(ADMIN, "log") == before


async def test_only_admins_see_it_and_only_of_their_channel(d: Dialogue) -> None:
    assert is_refused(await d.says("ana", "log"))
    elsewhere = d.text(await d.says(ADMIN, "log", channel=OTHER))
    assert "Nothing has been changed here yet." in elsewhere


async def test_an_act_that_is_delivered_again_is_there_once(d: Dialogue) -> None:
    request = d.request(ADMIN, "daily excuse today")
    for _ in range(3):
        await d.handle(replace(request))
    assert (await d.hears(ADMIN, "log")).count("daily excuse") == 1


async def test_the_last_hundred_acts_are_kept_ten_a_page(d: Dialogue) -> None:
    for n in range(103):
        await d.bot.handle(d.request(ADMIN, f"daily on {n % 12}:{n % 60:02}"))
    page, seen = await d.says(ADMIN, "log"), 1
    assert len(await d.store.log.of(d.channel)) == 100
    while [one.label for one in buttons_of(page)] == ["Earlier"]:
        page, seen = await d.press(ADMIN, page, "Earlier"), seen + 1
    assert seen == 10


async def test_an_act_that_cannot_be_noted_is_done_all_the_same(
    d: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise RedisError

    monkeypatch.setattr(d.store.log, "add", away)
    assert "Paused." in await d.hears(ADMIN, "daily pause")


async def test_who_was_erased_is_nobody_in_it(d: Dialogue) -> None:
    await d.says(ADMIN, "away <@ana|Ana> tomorrow")
    await d.says("ana", "privacy erase yes")
    said = await d.hears(ADMIN, "log")
    assert "away: Boss, about somebody, " in said
    await d.says(ADMIN, "privacy erase yes")
    assert "away: somebody, about somebody, " in await d.hears(ADMIN, "log")
