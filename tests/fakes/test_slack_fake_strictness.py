"""What the stand-in refuses, as Slack does: one line a rule."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import App, Channel, Member, SlackStandIn
from tests.fakes.slack.blocks import faults_of_message, faults_of_view
from tests.fakes.slack.sample import Sample, form

Json = dict[str, Any]


def plain(words: str = "x") -> Json:
    return {"type": "plain_text", "text": words}


def section(words: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(label: str = "x", **more: Any) -> Json:
    return {"type": "button", "text": plain(label), **more}


def menu(count: int, text: str = "x", value: str = "v") -> Json:
    options = [{"text": plain(text), "value": f"{value}{n}"} for n in range(count)]
    return {"type": "static_select", "options": options}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*runs: Json, kind: str = "rich_text_section") -> Json:
    return {"type": kind, "elements": list(runs)}


GOOD = {
    "section": section("x" * 3000),
    "fields": {"type": "section", "fields": [plain("x" * 2000)] * 10},
    "header": {"type": "header", "text": plain("x" * 150)},
    "context": {"type": "context", "elements": [plain()] * 10},
    "actions": actions(*[button("x" * 75, value="v" * 2000, action_id=f"{n}") for n in range(25)]),
    "menu": actions(menu(100)),
    "divider": {"type": "divider", "block_id": "b" * 255},
    "image": {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x"},
    "rich": rich(
        line({"type": "text", "text": "x", "style": {"bold": True}}),
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [line()]},
        line({"type": "text", "text": "x"}, kind="rich_text_preformatted"),
        line({"type": "link", "url": "https://example.com"}, kind="rich_text_quote"),
    ),
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    "markdown": {"type": "markdown", "text": "x" * 12_000},
}

BAD = {
    "unknown block": ({"type": "secton"}, "unsupported type of block"),
    "no type": ({"text": plain()}, "unsupported type of block"),
    "unknown field": (section(colour="red"), "unknown field: colour"),
    "section without anything": ({"type": "section"}, "text or fields"),
    "long section": (section("x" * 3001), "less than 3001"),
    "empty section": (section(""), "more than 0"),
    "empty button": (section(accessory=button("")), "more than 0"),
    "eleven fields": ({"type": "section", "fields": [plain()] * 11}, "no more than 10"),
    "long field": ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
    "long header": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "mrkdwn header": (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type of text",
    ),
    "eleven in context": ({"type": "context", "elements": [plain()] * 11}, "no more than 10"),
    "button in context": ({"type": "context", "elements": [button()]}, "unsupported type of context"),
    "26 actions": (actions(*[button(action_id=f"{n}") for n in range(26)]), "no more than 25"),
    "no actions": (actions(), "at least 1"),
    "unknown element": (actions({"type": "buton"}), "unsupported type of action element"),
    "button without text": (actions({"type": "button"}), "missing required field: text"),
    "long button": (actions(button("x" * 76)), "less than 76"),
    "long value": (actions(button(value="v" * 2001)), "less than 2001"),
    "odd style": (actions(button(style="green")), "one of primary, danger"),
    "long action id": (actions(button(action_id="a" * 256)), "less than 256"),
    "same action id": (actions(button(action_id="a"), button(action_id="a")), "action_id already exists"),
    "long block id": ({"type": "divider", "block_id": "b" * 256}, "less than 256"),
    "101 options": (actions(menu(101)), "no more than 100"),
    "long option": (actions(menu(1, "x" * 76)), "less than 76"),
    "long option value": (actions(menu(1, value="v" * 150)), "less than 151"),
    "image without alt text": ({"type": "image", "image_url": "https://example.com"}, "alt_text"),
    "image without address": ({"type": "image", "alt_text": "x"}, "image_url or slack_file"),
    "empty rich text": (rich(), "at least 1"),
    "empty run": (rich(line({"type": "text", "text": ""})), "more than 0"),
    "unknown run": (rich(line({"type": "bold", "text": "x"})), "unsupported type of rich text"),
    "unknown style": (
        rich(line({"type": "text", "text": "x", "style": {"big": True}})),
        "unknown field: big",
    ),
    "unknown rich element": (rich({"type": "rich_text_table"}), "unsupported type of rich text element"),
    "list of text": (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "x"}]}),
        "unsupported type of list item",
    ),
    "emoji in preformatted": (
        rich(line({"type": "emoji", "name": "wave"}, kind="rich_text_preformatted")),
        "unsupported type of preformatted",
    ),
    "wide table": ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}, "no more than 20"),
    "long markdown": ({"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
    "emoji that is no boolean": (section(text={"type": "plain_text", "text": "x", "emoji": 1}), "a boolean"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_block_within_its_limits_is_taken(name: str) -> None:
    assert faults_of_message([GOOD[name]]) == []


@pytest.mark.parametrize("name", BAD)
def test_a_block_beyond_them_is_refused_with_the_reason(name: str) -> None:
    block, reason = BAD[name]
    assert any(reason in fault for fault in faults_of_message([block])), faults_of_message([block])


def test_ids_of_blocks_are_unique_and_blocks_are_fifty() -> None:
    divider = {"type": "divider", "block_id": "b"}
    assert "block_id already exists" in faults_of_message([divider, divider])[0]
    assert faults_of_message([section()] * 50) == []
    same = actions(button(action_id="a"))
    assert faults_of_message([same, same]) == []
    assert "no more than 50" in faults_of_message([section()] * 51)[0]


VIEWS: dict[str, tuple[Json, str]] = {
    "long title": ({"title": plain("x" * 25)}, "less than 25"),
    "long submit": ({"submit": plain("x" * 25)}, "less than 25"),
    "long close": ({"close": plain("x" * 25)}, "less than 25"),
    "long private metadata": ({"private_metadata": "x" * 3001}, "less than 3001"),
    "long callback id": ({"callback_id": "x" * 256}, "less than 256"),
    "input without submit": ({"submit": None}, "submit"),
    "no blocks": ({"blocks": []}, "at least 1"),
    "101 blocks": ({"blocks": [section()] * 101}, "no more than 100"),
    "markdown": ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type of block"),
    "unknown field": ({"size": "large"}, "unknown field: size"),
    "unknown type": ({"type": "dialog"}, "unsupported type of view"),
    "250 kB": ({"blocks": [section("\u0394" * 3000)] * 20}, "too large"),
}
FIELDS: dict[str, tuple[Json, str]] = {
    "long placeholder": ({"placeholder": plain("x" * 151)}, "less than 151"),
    "max_length": ({"max_length": 3001}, "between 1 and 3000"),
    "initial value": ({"max_length": 3, "initial_value": "four"}, "less than 4"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_that_slack_does_not_take_is_refused_with_the_reason(name: str) -> None:
    change, reason = VIEWS[name]
    view = {key: value for key, value in (form() | change).items() if value is not None}
    assert any(reason in fault for fault in faults_of_view(view)), faults_of_view(view)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_slack_does_not_take_is_refused_with_the_reason(name: str) -> None:
    change, reason = FIELDS[name]
    view = form()
    view["blocks"][0]["element"] |= change
    assert any(reason in fault for fault in faults_of_view(view))


@asynccontextmanager
async def places() -> AsyncIterator[tuple[SlackStandIn, AsyncWebClient, Member, dict[str, Channel]]]:
    """Channels of every kind, a client, and a member who is in all of them."""
    async with SlackStandIn() as slack:
        member = slack.user("one")
        kinds: dict[str, Json] = {
            "in": {},
            "out": {"bot": False},
            "hidden": {"bot": False, "private": True},
            "old": {"archived": True},
        }
        channels = {name: slack.channel(name, [member], **options) for name, options in kinds.items()}
        yield slack, Sample(slack).client(), member, channels


POSTS: dict[str, tuple[str, Json, str]] = {
    "nothing to say": ("in", {}, "no_text"),
    "bad block": ("in", {"blocks": [{"type": "secton"}], "text": "x"}, "invalid_blocks"),
    "too much in blocks": ("in", {"blocks": [section("x" * 2700)] * 5, "text": "x"}, "msg_blocks_too_long"),
    "blocks that are no JSON": ("in", {"blocks": "[", "text": "x"}, "invalid_blocks_format"),
    "Markdown and text": ("in", {"text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
    "no such channel": ("none", {"text": "x"}, "channel_not_found"),
    "not a member": ("out", {"text": "x"}, "not_in_channel"),
    "hidden channel": ("hidden", {"text": "x"}, "channel_not_found"),
    "archived": ("old", {"text": "x"}, "is_archived"),
    "no such thread": ("in", {"text": "x", "thread_ts": "1.0"}, "thread_not_found"),
    "metadata without payload": (
        "in",
        {"text": "x", "metadata": {"event_type": "e"}},
        "invalid_metadata_format",
    ),
    "metadata in depth": (
        "in",
        {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": {"b": 1}}}},
        "invalid_metadata_schema",
    ),
    "much metadata": (
        "in",
        {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": "x" * 9000}}},
        "metadata_too_large",
    ),
}


@pytest.mark.parametrize("name", POSTS)
async def test_a_post_that_slack_refuses_is_refused(name: str) -> None:
    place, args, error = POSTS[name]
    async with places() as (slack, client, _, channels):
        id = channels[place].id if place in channels else "C0NONE"
        with pytest.raises(SlackApiError) as refused:
            await client.api_call("chat.postMessage", json={"channel": id, **args})
        assert refused.value.response["error"] == error
        assert slack.calls("chat.postMessage")[0].error == error


async def test_updates_and_deletions_are_of_the_bots_own_messages() -> None:
    async with places() as (_, client, member, channels):
        channel = channels["in"]
        theirs = member.post(channel, "mine")
        own = (await client.chat_postMessage(channel=channel.id, text="x", blocks=[section()]))["ts"]
        assert await error_of(client.chat_update(channel=channel.id, ts=theirs.ts, text="x")) == (
            "cant_update_message"
        )
        assert await error_of(client.chat_delete(channel=channel.id, ts=theirs.ts)) == "cant_delete_message"
        assert (
            await error_of(client.chat_update(channel=channel.id, ts="1.0", text="x")) == "message_not_found"
        )
        assert (
            await error_of(client.chat_update(channel=channel.id, ts=own, text="x" * 4001)) == "msg_too_long"
        )
        await client.chat_update(channel=channel.id, ts=own, text="y")
        assert channel.posts[-1].blocks == []


async def test_ephemeral_messages_and_reactions_have_their_rules() -> None:
    async with places() as (slack, client, member, channels):
        channel, stranger = channels["in"], slack.user("two")
        whisper = client.chat_postEphemeral(channel=channel.id, user=stranger.id, text="x")
        assert await error_of(whisper) == "user_not_in_channel"
        message = member.post(channel, "hello")
        place = {"channel": channel.id, "timestamp": message.ts}
        await client.reactions_add(name="eyes", **place)
        assert await error_of(client.reactions_add(name="eyes", **place)) == "already_reacted"
        assert await error_of(client.reactions_add(name="Big Eyes", **place)) == "invalid_name"
        await client.reactions_remove(name="eyes", **place)
        assert await error_of(client.reactions_remove(name="eyes", **place)) == "no_reaction"
        nowhere = client.reactions_add(name="eyes", channel=channel.id, timestamp="1.0")
        assert await error_of(nowhere) == "message_not_found"


async def test_tokens_and_scopes_are_checked() -> None:
    app = App(scopes=frozenset({"chat:write"}))
    async with SlackStandIn(app=app) as slack:
        client = Sample(slack).client()
        told = await client.auth_test()
        assert told.headers["x-oauth-scopes"] == "chat:write"
        assert await error_of(client.users_info(user=told["user_id"])) == "missing_scope"
        assert await error_of(client.apps_connections_open(app_token=slack.bot_token)) == (
            "not_allowed_token_type"
        )
        wrong = AsyncWebClient(token="xoxb-other", base_url=slack.api_url)
        assert await error_of(wrong.auth_test()) == "invalid_auth"
        assert await error_of(AsyncWebClient(base_url=slack.api_url).auth_test()) == "not_authed"
        for refusal in ("token_revoked", "account_inactive"):
            slack.workspace.refusal = refusal
            assert await error_of(client.auth_test()) == refusal


async def test_a_trigger_opens_one_view_within_three_seconds() -> None:
    async with places() as (slack, client, member, _):
        trigger = member.trigger()
        await client.views_open(trigger_id=trigger.id, view=form())
        again = client.views_open(trigger_id=trigger.id, view=form())
        assert await error_of(again) == "exchanged_trigger_id"
        late = member.trigger()
        slack.clock.advance(3.5)
        assert await error_of(client.views_open(trigger_id=late.id, view=form())) == "expired_trigger_id"
        assert await error_of(client.views_open(trigger_id="made up", view=form())) == "invalid_trigger_id"


async def test_views_stack_to_three_and_stale_hashes_are_refused() -> None:
    async with places() as (_, client, member, _channels):
        first = (await client.views_open(trigger_id=member.trigger().id, view=form()))["view"]
        for _ in range(2):
            await client.views_push(trigger_id=member.trigger().id, view=form())
        fourth = client.views_push(trigger_id=member.trigger().id, view=form())
        assert await error_of(fourth) == "push_limit_reached"
        old = first["hash"]
        await client.views_update(view_id=first["id"], hash=old, view=form("New"))
        stale = client.views_update(view_id=first["id"], hash=old, view=form("Newer"))
        assert await error_of(stale) == "hash_conflict"
        assert await error_of(client.views_update(view_id="V0", view=form())) == "not_found"
        without = {key: value for key, value in form().items() if key != "submit"}
        opening = client.views_open(trigger_id=member.trigger().id, view=without)
        assert await error_of(opening) == "invalid_arguments"


async def test_unknown_arguments_and_missing_text_are_noted() -> None:
    async with places() as (slack, client, _, channels):
        await client.chat_postMessage(channel=channels["in"].id, text="x", client_msg_id="1")
        assert slack.world.warnings == ["chat.postMessage: Slack's pages name no argument client_msg_id"]


@pytest.mark.parametrize(
    ("args", "pings"),
    [
        ({"text": "hi <!channel> <!here|here>"}, ("<!channel>", "<!here|here>")),
        ({"text": "hi <@U1> in <#C1|general>"}, ("<@U1>", "<#C1|general>")),
        ({"text": "hi &lt;!channel&gt; @channel"}, ()),
        ({"text": "hi @channel", "parse": "full"}, ("@channel",)),
        ({"text": "x", "blocks": [section("<@U1>")]}, ("<@U1>",)),
        ({"text": "x", "blocks": [{"type": "header", "text": plain("<!here>")}]}, ()),
        ({"text": "x", "blocks": [rich(line({"type": "user", "user_id": "U1"}))]}, ("user:U1",)),
        ({"text": "x", "blocks": [rich(line({"type": "text", "text": "<!here>"}))]}, ()),
    ],
)
async def test_a_message_tells_whom_it_pings(args: Json, pings: tuple[str, ...]) -> None:
    async with places() as (_, client, _member, channels):
        await client.chat_postMessage(channel=channels["in"].id, **args)
        assert channels["in"].posts[-1].pings == pings


async def error_of(call: Any) -> str:
    """The error of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])
