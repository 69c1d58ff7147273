"""What Slack tells of replies in threads: each as it stood at a moment, told at least once, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.game.schedule import from_ms

Body = Mapping[str, Any]

# What a person wrote, alone, with a file, or with "also send to channel"; all other subtypes are Slack's own.
TYPED = (None, "file_share", "thread_broadcast")


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as it stood from a moment on. `ts` names it, `text` is None once it is deleted."""

    channel: str
    thread: str
    user: str
    ts: str
    at: datetime
    text: str | None


def moment_of(ts: str) -> datetime:
    """The moment in one of Slack's time stamps, seconds since 1970 with six places."""
    return from_ms(float(ts) * 1000)


def said_in(event: Body) -> Said | None:
    """What a person wrote, changed or deleted in a thread, if the event is about that."""
    match event.get("subtype"):
        case "message_changed":
            now, before = event["message"], event.get("previous_message") or {}
            # Slack sends this too when it has recognised the language or unfurled a link.
            if now.get("text") == before.get("text"):
                return None
            edited = (now.get("edited") or {}).get("ts") or event.get("event_ts") or event["ts"]
            return reply(event["channel"], now, edited, now.get("text") or "")
        case "message_deleted":
            gone = event.get("event_ts") or event["ts"]
            return reply(event["channel"], event.get("previous_message") or {}, gone, None)
        case _:
            return reply(event["channel"], event, event.get("ts", ""), event.get("text") or "")


def reply(channel: str, message: Body, at: str, text: str | None) -> Said | None:
    """A message, if a person wrote it in a thread."""
    ts, thread, user = message.get("ts"), message.get("thread_ts"), message.get("user")
    typed = message.get("subtype") in TYPED and not message.get("bot_id")
    if not (typed and ts and thread and user) or ts == thread:
        return None
    return Said(channel, thread, user, ts, moment_of(at), text)
