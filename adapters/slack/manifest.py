"""The app's manifest: what Slack is told of the app, made from the command table."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import yaml

from adapters.slack.shortcuts import SHORTCUTS
from bot.commands.parsing import CommandTable

DESCRIPTION = "One LLM question a day: answer blind, compare at the reveal, keep a streak"
# Without it all goes on but the pins.
OPTIONAL = {"pins:write": "pinning the question, where an admin asks for it"}
SCOPES = {
    "channels:history": "replies in a question's thread, and finding a question that was posted",
    "channels:read": "who created a channel, and whether llmq is in it",
    "chat:write": "posting questions and reveals",
    "commands": "/llmq",
    "groups:history": "the same in private channels",
    "groups:read": "the same in private channels",
    "reactions:write": "the tick on a reply that counts",
    "users:read": "members' names, and who is an admin",
}
REDIRECT_PATH = "/slack/oauth_redirect"
EVENTS = ("app_home_opened", "app_uninstalled", "message.channels", "message.groups", "tokens_revoked")


def manifest(table: CommandTable, url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP at a public address."""
    request_url = {"request_url": url} if url else {}
    # Where Slack brings those back who install the app in a workspace of theirs.
    redirect = {"redirect_urls": [urljoin(url, REDIRECT_PATH)]} if url else {}
    hint = " | ".join(dict.fromkeys(name.split()[0] for name in table.names))
    command = {
        "command": "/llmq",
        "description": "Practise LLM fundamentals",
        "usage_hint": hint,
        # So that a command tells which member it names.
        "should_escape": True,
    }
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": "llmq", "description": DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "llmq", "always_online": True},
            "shortcuts": [one.wire for one in SHORTCUTS.values()],
            "slash_commands": [command | ({"url": url} if url else {})],
        },
        "oauth_config": redirect | {"scopes": {"bot": sorted(SCOPES | OPTIONAL)}},
        "settings": {
            "event_subscriptions": request_url | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True} | request_url,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def manifest_yaml(table: CommandTable, url: str | None = None) -> str:
    """The manifest as Slack's page takes it."""
    return yaml.safe_dump(manifest(table, url), sort_keys=False, allow_unicode=True)
