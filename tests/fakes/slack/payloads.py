"""The payloads with which Slack tells the app what a person did with a button, a form or a command."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes.slack.people import Json, Message, View
from tests.fakes.slack.tickets import ResponseUrl, Trigger
from tests.fakes.slack.world import Workspace, World


def command(
    world: World, workspace: Workspace, words: tuple[str, str], trigger: Trigger, response: ResponseUrl
) -> Json:
    """A slash command: its name, and all that was typed after it."""
    place, user = response.channel, trigger.user
    names = {"channel": "privategroup", "im": "directmessage"}
    return {
        "token": "deprecated",
        "command": words[0],
        "text": words[1],
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": place.id,
        "channel_name": place.name if place.kind == "channel" else names.get(place.kind, "privategroup"),
        "user_id": user.id,
        "user_name": user.name,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": url_of(world, response),
        "trigger_id": trigger.id,
    }


def url_of(world: World, response: ResponseUrl) -> str:
    return f"{world.url}/response/{response.id}"


def interaction(world: World, workspace: Workspace, kind: str, trigger: Trigger) -> Json:
    """What all interactions have in common."""
    user = trigger.user
    person = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}
    return {
        "type": kind,
        "token": "deprecated",
        "team": {"id": workspace.id, "domain": workspace.domain},
        "user": person,
        "api_app_id": world.app.id,
        "trigger_id": trigger.id,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def in_message(world: World, message: Message, response: ResponseUrl) -> Json:
    """Where a button in a message was pressed. Slack sends no content of a message for one alone."""
    place = {"id": message.channel.id, "name": message.channel.name}
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": bool(message.ephemeral_to),
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    shown = {} if message.ephemeral_to else {"message": message.wire()}
    told = {"container": container, "channel": place, "response_url": url_of(world, response)}
    return {**told, **shown, "state": {"values": {}}}


def in_view(world: World, workspace: Workspace, view: View) -> Json:
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view.wire(workspace.bot_id, world.app.id),
    }


def submitted(world: World, workspace: Workspace, view: View) -> Json:
    """A form that was sent. Its team is the sender's, which a guest in a shared channel has elsewhere."""
    wire = view.wire(workspace.bot_id, world.app.id) | {"app_installed_team_id": workspace.id}
    team = {"id": view.user.team, "domain": workspace.domain}
    return {"view": wire, "team": team, "response_urls": []}


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """What may be pressed or chosen from, each with its block."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif accessory := block.get("accessory"):
            yield block, accessory


def action(world: World, block: Json, element: Json, chosen: Json | None) -> Json:
    """What was pressed, or what was chosen from it."""
    kept = ("type", "action_id", "text", "value", "style")
    own = {key: element[key] for key in kept if key in element}
    choice = {"selected_option": chosen} if chosen else {}
    return {**own, **choice, "block_id": block.get("block_id", ""), "action_ts": world.next_ts()}
