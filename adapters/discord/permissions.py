"""What llmq has to be allowed in a channel, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.platform import Ability
from content.words import joined

# It reads the question's replies, posts, makes threads and talks in them, and marks replies; each by the
# name that Discord's own settings have for it.
NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
}
PERMISSIONS = discord.Permissions(**dict.fromkeys(NAMES, True))
# What it needs beside that, for what is off at first.
NEEDED_TO: Mapping[Ability, Mapping[str, str]] = {
    "ask": NAMES,
    "pin": {"pin_messages": "Pin Messages"},
    "ping": {"mention_everyone": "Mention @everyone, @here, and All Roles"},
}
ALL_PERMISSIONS = discord.Permissions.all()


def missing_in(allowed: discord.Permissions, names: Mapping[str, str] = NAMES) -> list[str]:
    """The names of what is not allowed."""
    return [name for flag, name in names.items() if not getattr(allowed, flag)]


def sentence_for(missing: list[str]) -> str:
    """What to do about permissions that are missing."""
    return f"Allow llmq {joined(missing, 'and')} in this channel."
