"""What stands in notifications, and how moments and channels are told."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.asyncio import Redis
from slack_sdk.models.blocks import Block as SlackBlock

from adapters.slack.blocks import parts_of
from adapters.slack.notices import LONGEST_NOTICE
from adapters.slack.views import home_view
from bot.game.posts import paused_note
from bot.messages import (
    Bar,
    Bars,
    Fields,
    Footnote,
    Heading,
    Markdown,
    Message,
    Quote,
    Table,
    announce,
    channel_link,
    in_channel,
    moment,
    say,
)
from tests.adapters.samples import MESSAGES
from tests.adapters.slack_team import ANSWER, Team, playing, texts, words

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
# What stands in the question's answer alone: the reference, its key points and its pitfall.
SECRETS = ("secret0", "point0", "pitfall0", "softmax", "source0")


def notices(message: Message) -> list[str]:
    return [html.unescape(part.text) for part in parts_of(message)]


def elements(native: Any, kind: str) -> Iterator[dict[str, Any]]:
    """The elements of a kind, however deep they lie."""
    if isinstance(native, list):
        for one in native:
            yield from elements(one, kind)
    elif isinstance(native, dict):
        if native.get("type") == kind:
            yield native
        yield from elements(list(native.values()), kind)


async def test_every_message_of_a_day_has_a_notice_that_is_short_and_gives_nothing_away(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.says(team.bob, "answer That is secret0, as point0 says, in my humble opinion.")
    for command in ("help", "today", "me", "streak", "topics", "daily", "leaderboard", "nonsense", "hint"):
        await team.says(team.ana, command)
    await team.reveal()
    await team.says(team.ana, "compare")
    await team.presses(team.boss, await team.says(team.boss, "today"), "Show the reference")
    await team.says(team.boss, f"answer {ANSWER}")
    await team.work()
    shown = [*team.channel.messages, *team.slack.workspace.ephemerals]
    for message in (one for one in shown if one.bot_id):
        assert 0 < len(html.unescape(message.text)) <= LONGEST_NOTICE
        assert [word for word in SECRETS if word in message.text] == []
        assert SlackBlock.parse_all(message.blocks)


@pytest.mark.parametrize("name", list(MESSAGES))
def test_no_notice_is_longer_than_a_phone_shows_or_gives_anything_away(name: str) -> None:
    for notice in notices(MESSAGES[name]):
        assert 0 < len(notice) <= LONGEST_NOTICE
        assert [word for word in (*SECRETS, "First:", "It took me") if word in notice] == []


@pytest.mark.parametrize("words", ["short", "long " * 60, "a&b<c>" * 40])
def test_each_part_has_a_notice_of_its_own(words: str) -> None:
    crowd = [Quote("Ana", "word " * 800) for _ in range(12)]
    found = notices(announce(*crowd, notice=words.strip()))
    assert len(found) > 4
    numbers = [f" ({n} of {len(found)})" for n in range(1, len(found) + 1)]
    assert all(notice.endswith(number) for notice, number in zip(found, numbers, strict=True))
    assert all(len(notice) <= LONGEST_NOTICE for notice in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("message", "notice"),
    [
        (say(Markdown("**Paused.** Streaks wait.")), "Paused."),
        (say(Quote("Ana", "my words"), Markdown("Taken back. It was:")), "Taken back."),
        (say(Table(("Key point",), (("secret0",),)), Bars((Bar("secret0", 1.0),))), "llmq"),
        (say(Heading(f"This week in {in_channel('C1')}")), "This week in the channel"),
        (say(Fields(((f"Streak in {in_channel('C1')}", "3 days"),))), "Streak in the channel 3 days"),
        (say(Markdown(f"Next: {moment(NINE, UTC, 'day')}, in {channel_link('C1')}")),
         "Next: Tue 24 Nov, 09:00 (UTC), in the channel"),
        (say(Footnote(f"Until {moment(NINE, UTC)}.")), "Until 09:00 (UTC)."),
        (paused_note("C0123456789", "Ana did it."), "The daily question in the channel is paused."),
    ],
)  # fmt: skip
def test_a_notice_is_the_first_sentence_without_ids(message: Message, notice: str) -> None:
    assert notices(message) == [notice]


def test_a_moment_is_told_in_the_readers_zone_wherever_it_stands() -> None:
    at, day = moment(NINE, UTC), moment(NINE, UTC, "day")
    message = say(
        Markdown(f"- Next: **{at}**."), Fields((("Next", f"{day} · {at}"),)), Footnote(f"Until {day}.")
    )
    (part,) = parts_of(message)
    dates = list(elements(part.blocks, "date"))
    assert [one["format"] for one in dates] == ["{time}", "{date_short_pretty} {time}", "{time}"]
    assert {one["timestamp"] for one in dates} == {int(NINE.timestamp())}
    assert [one["fallback"] for one in dates] == ["09:00 (UTC)", "Tue 24 Nov, 09:00 (UTC)", "09:00 (UTC)"]
    (small,) = elements(part.blocks, "mrkdwn")
    unix = int(NINE.timestamp())
    assert small["text"] == f"Until <!date^{unix}^{{date_short_pretty}} {{time}}|Tue 24 Nov, 09:00 (UTC)>."
    assert SlackBlock.parse_all(part.blocks)


def test_a_channel_is_told_by_its_name_wherever_it_stands() -> None:
    here = in_channel("C1")
    message = say(
        Heading(f"12 days in {here}"), Fields(((f"Streak in {here}", "3"),)), Footnote(f"Also: {here} <&.")
    )
    (part,) = parts_of(message)
    assert [one["channel_id"] for one in elements(part.blocks, "channel")] == ["C1", "C1"]
    (small,) = elements(part.blocks, "mrkdwn")
    assert small["text"] == "Also: <#C1> &lt;&amp;."
    assert here not in "".join(texts(part.blocks))
    assert home_view(message)["blocks"]


async def test_the_post_and_status_tell_the_reveal_in_the_readers_zone(team: Team) -> None:
    question = await team.question()
    (small,) = elements(question.blocks, "mrkdwn")
    deadline = team.clock.now.replace(hour=16, minute=0, second=0, microsecond=0)
    assert abs(int(small["text"].partition("<!date^")[2].partition("^")[0]) - deadline.timestamp()) < 60
    status = await team.says(team.ana, "today")
    assert len(list(elements(status.blocks, "date"))) == 1


async def test_status_at_home_tells_the_same_reveal_as_the_channel(team: Team) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    team.ana.open_home()
    await team.work()
    assert team.ana.home
    status = await team.turns(team.ana, team.ana.home, "Status")
    (small,) = elements(question.blocks, "mrkdwn")
    (told,) = elements(status.blocks, "date")
    assert f"<!date^{told['timestamp']}^" in small["text"]


async def test_a_long_reveal_repeats_the_author_over_each_part_of_an_answer(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        await team.question()
        for n, who in enumerate((team.ana, team.bob, team.boss)):
            await team.says(who, f"answer {chr(97 + n) * 3} " + "word " * 790)
        _, *answers = await team.reveal()
        assert len(answers) > 1
        quoted = [one for part in answers for one in part.blocks if list(elements(one, "rich_text_quote"))]
        assert all(texts(block)[0] in ("ana", "bob", "boss") for block in quoted)
        assert len(quoted) == 6


async def test_an_admin_is_told_of_a_pause_without_an_id(team: Team) -> None:
    await team.says(team.boss, "daily on 10:00 daily")
    await team.says(team.boss, "daily now")
    team.channel.archived = True
    await team.work()
    (note,) = team.boss.dm
    assert note.text == "The daily question in the channel is paused."
    assert f"<#{team.channel.id}>" in words(note)


def test_a_note_of_a_streak_names_the_channel_in_no_notice() -> None:
    message = MESSAGES["streak_note"]
    assert all("700" not in notice for notice in notices(message))
