"""What the stand-in remembers and tells: history, threads, people, files, and text as Slack stores it."""

from __future__ import annotations

import io
from html import unescape

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import SlackStandIn
from tests.fakes.slack.mentions import as_stored
from tests.fakes.slack.sample import Sample, running

METADATA = {"event_type": "round", "event_payload": {"key": "k1"}}


async def test_history_is_newest_first_in_pages_and_tells_metadata_when_asked() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        for n in range(5):
            await client.chat_postMessage(channel=channel.id, text=f"{n}", metadata=METADATA)
        first = await client.conversations_history(channel=channel.id, limit=3)
        assert [one["text"] for one in first["messages"]] == ["4", "3", "2"]
        assert first["messages"][0]["metadata"] == {"event_type": "round"}
        cursor = first["response_metadata"]["next_cursor"]
        rest = await client.conversations_history(
            channel=channel.id, limit=3, cursor=cursor, include_all_metadata=True
        )
        assert [one["text"] for one in rest["messages"]] == ["1", "0"]
        assert rest["messages"][0]["metadata"] == METADATA
        since = await client.conversations_history(channel=channel.id, oldest=first["messages"][1]["ts"])
        assert [one["text"] for one in since["messages"]] == ["4"]


async def test_updates_keep_metadata_that_is_not_named_and_clear_it_when_empty() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        ts = (await client.chat_postMessage(channel=channel.id, text="x", metadata=METADATA))["ts"]
        await client.chat_update(channel=channel.id, ts=ts, text="y")
        assert channel.posts[0].metadata == METADATA
        await client.chat_update(channel=channel.id, ts=ts, text="y", metadata={})
        assert channel.posts[0].metadata is None


async def test_replies_stand_in_their_thread_and_not_in_the_channel() -> None:
    async with SlackStandIn() as slack:
        member = slack.user("one")
        channel, client = slack.channel("general", [member]), Sample(slack).client()
        root = (await client.chat_postMessage(channel=channel.id, text="root"))["ts"]
        member.post(channel, "reply", root)
        thread = (await client.conversations_replies(channel=channel.id, ts=root))["messages"]
        assert [one["text"] for one in thread] == ["root", "reply"]
        assert thread[0]["reply_count"] == 1
        history = (await client.conversations_history(channel=channel.id))["messages"]
        assert [one["text"] for one in history] == ["root"]
        await client.chat_delete(channel=channel.id, ts=root)
        assert channel.posts[0].subtype == "tombstone"


async def test_timestamps_grow_although_the_clock_stands_still() -> None:
    async with SlackStandIn() as slack:
        stamps = [slack.world.next_ts() for _ in range(3)]
        assert stamps == sorted(set(stamps))


async def test_people_channels_and_members_are_told() -> None:
    async with SlackStandIn() as slack:
        admin, member = slack.user("one", admin=True, tz="Asia/Tokyo"), slack.user("two")
        channel = slack.channel("general", [admin, member], creator=member)
        slack.channel("elsewhere", [member], bot=False)
        client = Sample(slack).client()
        user = (await client.users_info(user=admin.id))["user"]
        assert (user["is_admin"], user["is_owner"], user["tz"]) == (True, False, "Asia/Tokyo")
        place = (await client.conversations_info(channel=channel.id))["channel"]
        assert (place["creator"], place["is_member"]) == (member.id, True)
        assert member.id in (await client.conversations_members(channel=channel.id))["members"]
        assert len((await client.conversations_list())["channels"]) == 2
        assert [one["name"] for one in (await client.users_conversations())["channels"]] == ["general"]
        with pytest.raises(SlackApiError, match="user_not_found"):
            await client.users_info(user="U0NONE")


async def test_the_bot_joins_public_channels_and_writes_to_people() -> None:
    async with SlackStandIn() as slack:
        member = slack.user("one")
        open_to_all = slack.channel("general", [member], bot=False)
        client = Sample(slack).client()
        await client.conversations_join(channel=open_to_all.id)
        await client.chat_postMessage(channel="#general", text="here I am")
        await client.chat_postMessage(channel=member.id, text="in private")
        opened = (await client.conversations_open(users=member.id))["channel"]["id"]
        assert opened == member.dm[0].channel.id
        assert [message.text for message in member.dm] == ["in private"]


async def test_a_file_is_uploaded_in_three_steps() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        await client.files_upload_v2(
            channel=channel.id, file=io.BytesIO(b"PNG"), filename="a.png", title="A", alt_txt="a line"
        )
        (message,) = channel.posts
        assert message.files[0]["alt_txt"] == "a line"
        assert next(iter(slack.workspace.files.values()))["content"] == b"PNG"


async def test_workspaces_are_kept_apart() -> None:
    async with SlackStandIn() as slack:
        second = slack.add_workspace("T2", "xoxb-second")
        channel = slack.channel("general", workspace=second)
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await Sample(slack).client().chat_postMessage(channel=channel.id, text="x")
        client = AsyncWebClient(token="xoxb-second", base_url=slack.api_url)
        await client.chat_postMessage(channel=channel.id, text="x")
        assert (await client.auth_test())["team_id"] == "T2"


async def test_a_response_url_ends_after_thirty_minutes_and_can_replace_and_delete() -> None:
    async with running("socket", echo=False) as (slack, _), aiohttp.ClientSession() as session:
        member = slack.user("one")
        channel = slack.channel("general", [member])
        await member.command("/quiz", "post", channel)
        await slack.world.until(lambda: channel.posts)
        pressed = await member.press(channel.posts[0], "ask")
        url = pressed.delivery.payload["response_url"]
        await session.post(url, json={"text": "beside", "replace_original": False})
        assert [message.text for message in member.ephemerals] == ["beside"]
        await session.post(url, json={"text": "instead", "replace_original": True})
        assert [message.text for message in channel.posts] == ["instead"]
        await session.post(url, json={"delete_original": True})
        assert channel.posts == []
        slack.clock.advance(1801)
        answer = await session.post(url, json={"text": "late"})
        assert (answer.status, await answer.json()) == (404, {"ok": False, "error": "expired_url"})


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("see https://example.com/a?b=1&c=2 now", "see <https://example.com/a?b=1&amp;c=2> now"),
        ("see example.com now", "see <http://example.com|example.com> now"),
        ("@channel and @one in #general", "<!channel> and <@U1> in <#C1|general>"),
        ("is it https://example.com/a?", "is it <https://example.com/a>?"),
        ("me@example.org", "<mailto:me@example.org|me@example.org>"),
        (":wave: @nobody #none", ":wave: @nobody #none"),
        ("<!here>", "&lt;!here&gt;"),
    ],
)
def test_what_is_typed_is_stored_as_slack_does(typed: str, stored: str) -> None:
    assert as_stored(typed, {"one": "U1"}, {"general": "C1"}) == stored


@given(st.text(st.characters(exclude_characters=".@")))
def test_what_a_bot_reads_back_is_what_was_typed_where_there_is_no_link_or_name(typed: str) -> None:
    assert unescape(as_stored(typed, {}, {})) == typed
