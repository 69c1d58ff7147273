"""What Discord takes as a message, new or changed, and what it refuses it for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.components import faults_of_components
from tests.fakes.discord.places import COMPONENTS_V2
from tests.fakes.discord.schema import (
    At,
    Check,
    Wrong,
    anything,
    boolean,
    integer,
    listing,
    one_of,
    shape,
    snowflake,
    string,
)

Json = dict[str, Any]
LONGEST_CONTENT, LONGEST_NONCE, MOST_IN_EMBEDS = 2000, 25, 6000
AUTHOR = shape(
    {"name": string(256)}, {"url": string(2048), "icon_url": string(2048), "proxy_icon_url": string()}
)
FOOTER = shape({"text": string(2048)}, {"icon_url": string(2048), "proxy_icon_url": string()})
FIELD = shape({"name": string(256), "value": string(1024)}, {"inline": boolean})
IMAGE = shape({"url": string(2048)}, dict.fromkeys(("proxy_url", "height", "width", "flags"), anything))
EMBED = shape(
    {},
    {
        "title": string(256, 0),
        "description": string(4096, 0),
        "fields": listing(FIELD, 25),
        "author": AUTHOR,
        "footer": FOOTER,
        "image": IMAGE,
        "thumbnail": IMAGE,
        "color": integer(0, 0xFFFFFF),
        **dict.fromkeys(("url", "timestamp"), string()),
        **dict.fromkeys(("type", "video", "provider", "flags"), anything),
    },
)
MENTIONS = shape(
    {},
    {
        "parse": listing(one_of("users", "roles", "everyone")),
        "users": listing(snowflake, 100),
        "roles": listing(snowflake, 100),
        "replied_user": boolean,
    },
)
ATTACHMENT_FIELDS = ("size", "url", "proxy_url", "content_type", "height", "width", "ephemeral", "flags")
ATTACHMENT = shape(
    {"id": snowflake},
    {
        "filename": string(1024),
        "description": string(1024, 0),
        "title": string(1024, 0),
        **dict.fromkeys((*ATTACHMENT_FIELDS, "duration_secs", "waveform", "is_spoiler"), anything),
    },
)
REFERENCE = shape(
    {},
    {
        "message_id": snowflake,
        "channel_id": snowflake,
        "guild_id": snowflake,
        "fail_if_not_exists": boolean,
        "type": integer(0, 1),
    },
)
EVERYWHERE: dict[str, Check] = {
    "content": string(LONGEST_CONTENT, 0),
    "embeds": listing(EMBED, 10),
    "allowed_mentions": MENTIONS,
    "components": anything,
    "attachments": listing(ATTACHMENT, 10),
    "flags": integer(0),
    "tts": boolean,
    "poll": anything,
}


def nonce(value: Any, at: At) -> Iterator[Wrong]:
    """A number or a short string."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        yield Wrong(at, "NONCE_TYPE_INVALID", "Nonce must be a string or an integer.")
    elif len(str(value)) > LONGEST_NONCE:
        yield Wrong(at, "NONCE_TYPE_TOO_LONG", f"Nonce must be {LONGEST_NONCE} or fewer in length.")


NEW = EVERYWHERE | {
    "nonce": nonce,
    "enforce_nonce": boolean,
    "message_reference": REFERENCE,
    "sticker_ids": listing(snowflake, 3),
}
# The keys are the ways to write a message; each takes the fields that its page names.
FORMS: dict[str, Check] = {
    "new": shape({}, NEW),
    "edit": shape({}, EVERYWHERE),
    "answer": shape({}, EVERYWHERE),
    "webhook": shape(
        {}, EVERYWHERE | {"username": string(80), "avatar_url": string(), "thread_name": string(100)}
    ),
    "forum": shape({}, {name: check for name, check in NEW.items() if name != "message_reference"}),
}


def faults_of_message(body: Any, form: str, at: At = (), was_layout: bool = False) -> Iterator[Wrong]:
    """All that is wrong with a message. `was_layout` says that it was made of components alone before."""
    if not isinstance(body, dict):
        yield from FORMS[form](body, at)
        return
    yield from FORMS[form](body, at)
    flags = body.get("flags")
    layout = was_layout or bool(isinstance(flags, int) and flags & COMPONENTS_V2)
    if body.get("components") is not None:
        yield from (place(wrong, at) for wrong in faults_of_components(body["components"], layout))
    if layout:
        yield from faults_of_layout(body, at)
    yield from faults_of_mentions(body.get("allowed_mentions"), (*at, "allowed_mentions"))
    yield from faults_of_embeds(body.get("embeds"), (*at, "embeds"))


def place(wrong: Wrong, at: At) -> Wrong:
    return Wrong((*at, *wrong.at), wrong.code, wrong.words)


def faults_of_layout(body: Json, at: At) -> Iterator[Wrong]:
    """A message of components alone has nothing else."""
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            words = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            yield Wrong((*at, name), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)


def faults_of_mentions(mentions: Any, at: At) -> Iterator[Wrong]:
    """Either all of a kind are pinged, or the ones named."""
    parsed = mentions.get("parse") if isinstance(mentions, dict) else None
    for kind in parsed if isinstance(parsed, list) else []:
        if mentions.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Wrong(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def faults_of_embeds(embeds: Any, at: At) -> Iterator[Wrong]:
    total = sum(length(one) for one in embeds if isinstance(one, dict)) if isinstance(embeds, list) else 0
    if total > MOST_IN_EMBEDS:
        words = f"Embed size exceeds maximum size of {MOST_IN_EMBEDS}"
        yield Wrong(at, "MAX_EMBED_SIZE_EXCEEDED", words)


def length(embed: Json) -> int:
    own = [embed.get("title"), embed.get("description")]
    own += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    fields = [field.get(key) for field in embed.get("fields") or [] for key in ("name", "value")]
    return sum(len(str(text)) for text in (*own, *fields) if text)
