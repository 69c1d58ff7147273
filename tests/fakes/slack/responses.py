"""What the app says back to an interaction: with its acknowledgement, or later through the response_url."""

from __future__ import annotations

import json

from aiohttp import web

from tests.fakes.slack import events
from tests.fakes.slack.call import Here, SlackFault, content, metadata_of
from tests.fakes.slack.chat import thread_of
from tests.fakes.slack.people import Json, Message
from tests.fakes.slack.tickets import ResponseUrl
from tests.fakes.slack.world import Workspace, World

KNOWN = frozenset(
    {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts"}
    | {"metadata", "mrkdwn", "parse", "link_names", "unfurl_links", "unfurl_media"}
)


def routes(world: World) -> list[web.RouteDef]:
    async def respond(request: web.Request) -> web.Response:
        return await take(world, request)

    return [web.post("/response/{id}", respond)]


async def take(world: World, request: web.Request) -> web.Response:
    """One use of a response_url."""
    response = world.responses.get(request.match_info["id"])
    if not response:
        return web.json_response({"ok": False, "error": "used_url"}, status=404)
    if refusal := response.refusal(world.now()):
        return refused(world, refusal, 404)
    response.uses += 1
    try:
        show(world, response, json.loads(await request.text()))
    except (SlackFault, ValueError) as fault:
        return refused(world, getattr(fault, "error", "invalid_payload"), 400)
    return web.Response(text="ok")


def refused(world: World, error: str, status: int) -> web.Response:
    """Bolt does not raise when Slack refuses this, so it is written down."""
    world.fail(f"response_url: {error}")
    return web.json_response({"ok": False, "error": error}, status=status)


def show(world: World, response: ResponseUrl, body: Json) -> Message | None:
    """Do what the body asks: a new message, or a change of the one whose button was pressed."""
    workspace = world.workspaces[response.channel.team]
    for name in sorted(body.keys() - KNOWN):
        world.warn(f"a response: Slack's pages name no field {name}")
    if body.get("delete_original"):
        take_away(world, workspace, response)
        return None
    here = Here(world, workspace, body)
    message = replaced(here, response) if replaces(world, response, body) else posted(here, response)
    response.shown.append(message)
    world.changed()
    return message


def replaces(world: World, response: ResponseUrl, body: Json) -> bool:
    """Slack overwrites the message whose button was pressed unless told not to."""
    if not response.original:
        return False
    if "replace_original" not in body:
        world.warn("a response to a button without replace_original: Slack may overwrite the message")
    return bool(body.get("replace_original", True))


def replaced(here: Here, response: ResponseUrl) -> Message:
    message = response.original
    if not message or message.deleted:
        raise SlackFault("message_not_found")
    before = message.wire()
    message.text, message.blocks = content(here)
    if not message.ephemeral_to:
        events.changed(here.world, here.workspace, message, before)
    return message


def posted(here: Here, response: ResponseUrl) -> Message:
    """A new message: for the one user, unless it is to be for all."""
    kind = here.args.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise SlackFault("invalid_response_type")
    text, blocks = content(here)
    bot = here.workspace
    message = Message(response.channel, here.world.next_ts(), bot.bot.id, text, blocks, bot.bot_id)
    message.metadata, message.thread_ts = metadata_of(here), thread_of(here, response.channel)
    message.links_names = bool(here.args.get("link_names")) or here.args.get("parse") == "full"
    if kind == "ephemeral":
        message.ephemeral_to = response.user.id
        bot.ephemerals.append(message)
    else:
        response.channel.messages.append(message)
        events.posted(here.world, bot, message)
    return message


def take_away(world: World, workspace: Workspace, response: ResponseUrl) -> None:
    if not response.original:
        raise SlackFault("message_not_found")
    if response.original.ephemeral_to:
        response.original.deleted = True
        workspace.ephemerals.remove(response.original)
        world.changed()
    else:
        events.remove(world, workspace, response.original)
