"""How a message comes into being, changes and goes, whichever way it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakes.discord import events
from tests.fakes.discord.components import walk, with_ids
from tests.fakes.discord.errors import Refusal, invalid_form, refused
from tests.fakes.discord.mentions import EVERYTHING, PEOPLE, pings_of
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import COMPONENTS_V2, LOADING, SILENT, Channel, Message
from tests.fakes.discord.schema import Wrong
from tests.fakes.discord.world import World

# What an app may set; the others are Discord's own.
SETTABLE = 1 << 2 | SILENT | COMPONENTS_V2
# Above this, Discord answers with 500. Nowhere documented; found by measuring (discord-api-docs issue 8554).
MOST_BYTES, BYTES_EACH, TEXT_DISPLAY = 10_170, 12, 10
CDN = "https://cdn.example/attachments"


def write(world: World, message: Message, body: Json, files: dict[str, bytes]) -> None:
    """Put the fields of a request into a message. What is not named stays as it is."""
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if "attachments" in body or files:
        attach(message, body.get("attachments"), files)
    if "components" in body:
        refuse_heavy(body["components"] or [])
        message.components = served(message, with_ids(body["components"] or []))
    if body.get("flags") is not None:
        kept = message.flags & ~SETTABLE | message.flags & COMPONENTS_V2
        message.flags = kept | body["flags"] & SETTABLE
    refuse_leftovers(message)
    held = (message.content, message.embeds, message.components, message.attachments)
    if not any(held) and not body.get("poll"):
        raise refused("empty_message")


def refuse_leftovers(message: Message) -> None:
    """What becomes a message of components alone must give up in so many words what it was before."""
    left = [name for name in ("content", "embeds") if message.layout and getattr(message, name)]
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    words = "The '{}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
    if left:
        raise invalid_form([Wrong((name,), code, words.format(name)) for name in left])


def refuse_heavy(components: list[Json]) -> None:
    texts = [one["content"] for one, _ in walk(components) if one.get("type") == TEXT_DISPLAY]
    if sum(len(text.encode()) + BYTES_EACH for text in texts) > MOST_BYTES:
        raise Refusal(500, 0, "500: Internal Server Error")


def attach(message: Message, described: list[Json] | None, files: dict[str, bytes]) -> None:
    """Attachments that are named stay, files that came along are added."""
    named = {str(one["id"]): one for one in described or []}
    kept = [one for one in message.attachments if described is None or one["id"] in named]
    for n, (name, content) in enumerate(files.items()):
        url = f"{CDN}/{message.channel.id}/{message.id}/{name}"
        own = {"id": f"{message.id}{n}", "filename": name, "size": len(content), "url": url, "proxy_url": url}
        if words := named.get(str(n), {}).get("description"):
            own["description"] = words
        kept.append(own)
    message.files = {**message.files, **files}
    message.attachments = kept


def served(message: Message, components: list[Json]) -> list[Json]:
    """Pictures by the address from which Discord serves them."""
    return [served_one(message, one) for one in components]


def served_one(message: Message, one: Any) -> Any:
    if isinstance(one, list):
        return [served_one(message, part) for part in one]
    if not isinstance(one, dict):
        return one
    own = {name: served_one(message, part) for name, part in one.items()}
    if "url" in own and "type" not in own:
        own["url"] = own["proxy_url"] = address(message, own["url"])
        own["loading_state"] = 2
    return own


def address(message: Message, url: str) -> str:
    """`attachment://name` speaks of a file that came along."""
    if not url.startswith("attachment://"):
        return url
    name = url.removeprefix("attachment://")
    found = [one["url"] for one in message.attachments if one["filename"] == name]
    if not found:
        words = f"The referenced attachment {name} was not found"
        raise invalid_form(
            [Wrong(("components",), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", words)]
        )
    return str(found[0])


def post(
    world: World, message: Message, body: Json, files: dict[str, bytes], *, people_only: bool
) -> Message:
    """Say something new. `people_only` is what an interaction's answer pings when nothing is said of it."""
    write(world, message, body, files)
    ping(message, body, people_only=people_only)
    stand(world, message)
    return message


def ping(message: Message, body: Json, *, people_only: bool) -> None:
    allowed = body.get("allowed_mentions")
    message.pings = pings_of(message, (PEOPLE if people_only else EVERYTHING) if allowed is None else allowed)


def stand(world: World, message: Message) -> None:
    """Show a message that is written, to all or to one."""
    place = message.channel
    (place.ephemerals if message.ephemeral_to else place.messages).append(message)
    events.message_event(world, "MESSAGE_CREATE", message)
    world.changed()


def edit(
    world: World, message: Message, body: Json, files: dict[str, bytes], *, people_only: bool
) -> Message:
    """Change a message. Only the first words after a deferral can ping."""
    before = snapshot(message)
    first = message.loading
    message.flags &= ~LOADING
    try:
        write(world, message, body, files)
    except Refusal:
        restore(message, before)
        raise
    if first:
        ping(message, body, people_only=people_only)
    else:
        message.edited_at = world.now()
    events.message_event(world, "MESSAGE_UPDATE", message)
    world.changed()
    return message


KEPT = ("content", "components", "embeds", "attachments", "files", "flags")


def snapshot(message: Message) -> Json:
    return {name: getattr(message, name) for name in KEPT}


def restore(message: Message, before: Json) -> None:
    for name, value in before.items():
        setattr(message, name, value)


def remove(world: World, message: Message) -> None:
    message.deleted = True
    events.deleted(world, message)
    world.changed()


def remove_all(world: World, channel: Channel, messages: Sequence[Message]) -> None:
    """Discord tells of many that were deleted at once in one event."""
    for message in messages:
        message.deleted = True
    events.all_deleted(world, channel, messages)
    world.changed()
