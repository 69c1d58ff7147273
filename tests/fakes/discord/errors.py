"""How Discord refuses: a status, a number, words, and for a form the place of each fault in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.discord.schema import UNKNOWN_FIELD, Wrong

# Discord's own numbers and words.
KNOWN: dict[str, tuple[int, int, str]] = {
    "unauthorized": (401, 0, "401: Unauthorized"),
    "not_found": (404, 0, "404: Not Found"),
    "unknown_channel": (404, 10003, "Unknown Channel"),
    "unknown_guild": (404, 10004, "Unknown Guild"),
    "unknown_member": (404, 10007, "Unknown Member"),
    "unknown_message": (404, 10008, "Unknown Message"),
    "unknown_user": (404, 10013, "Unknown User"),
    "unknown_emoji": (400, 10014, "Unknown Emoji"),
    "unknown_webhook": (404, 10015, "Unknown Webhook"),
    "unknown_interaction": (404, 10062, "Unknown interaction"),
    "already_acknowledged": (400, 40060, "Interaction has already been acknowledged."),
    "tag_required": (400, 40067, "A tag is required to create a forum post in this channel"),
    "too_many_pins": (400, 30003, "Maximum number of pins reached (250)"),
    "not_for_system_messages": (403, 50021, "Cannot execute action on a system message"),
    "missing_access": (403, 50001, "Missing Access"),
    "not_the_author": (403, 50005, "Cannot edit a message authored by another user"),
    "empty_message": (400, 50006, "Cannot send an empty message"),
    "closed_to_us": (403, 50007, "Cannot send messages to this user"),
    "not_a_text_channel": (400, 50008, "Cannot send messages in a non-text channel"),
    "missing_permissions": (403, 50013, "Missing Permissions"),
    "wrong_channel_type": (400, 50024, "Cannot execute action on this channel type"),
    "invalid_webhook_token": (401, 50027, "Invalid Webhook Token"),
    "thread_archived": (400, 50083, "Thread is archived"),
    "bad_json": (400, 50109, "The request body contains invalid JSON."),
    "thread_exists": (400, 160004, "A thread has already been created for this message"),
}


class Refusal(Exception):
    """An answer of 4xx."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.errors = status, code, message, errors

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body | ({"errors": self.errors} if self.errors else {})


def refused(name: str) -> Refusal:
    return Refusal(*KNOWN[name])


def invalid_form(wrongs: Iterable[Wrong]) -> Refusal:
    """50035, with each fault at its place."""
    errors: dict[str, Any] = {}
    for wrong in wrongs:
        node = errors
        for key in wrong.at:
            node = node.setdefault(str(key), {})
        node.setdefault("_errors", []).append({"code": wrong.code, "message": wrong.words})
    return Refusal(400, 50035, "Invalid Form Body", errors)


def refuse_faults(wrongs: Iterable[Wrong]) -> list[Wrong]:
    """Raise for what Discord refuses; gives what it passes over in silence: fields that it does not know."""
    known = list(wrongs)
    if bad := [wrong for wrong in known if wrong.code != UNKNOWN_FIELD]:
        raise invalid_form(bad)
    return known
