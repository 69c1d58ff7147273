"""The endpoints that the stand-in serves, by the names that Discord's pages give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import callback, commands, guilds, messages, pins, threads, webhooks
from tests.fakes.discord.call import Here


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`open_to_all` needs no token in its header: the one in its address is enough."""

    method: str
    path: str
    run: Callable[[Here], Any]
    open_to_all: bool = False


GLOBAL = "/applications/{application}/commands"
GUILD = "/applications/{application}/guilds/{guild}/commands"
MESSAGES = "/channels/{channel}/messages"
MESSAGE = f"{MESSAGES}/{{message}}"
REACTION = f"{MESSAGE}/reactions/{{emoji}}/@me"
PIN = f"{MESSAGES}/pins/{{message}}"
WEBHOOK = "/webhooks/{application}/{token}"
CALLBACK = "/interactions/{interaction}/{token}/callback"

ENDPOINTS: dict[str, Endpoint] = {
    "get_current_user": Endpoint("GET", "/users/@me", guilds.me),
    "get_current_guilds": Endpoint("GET", "/users/@me/guilds", guilds.mine),
    "get_user": Endpoint("GET", "/users/{user}", guilds.user),
    "create_dm": Endpoint("POST", "/users/@me/channels", guilds.open_dm),
    "get_current_application": Endpoint("GET", "/applications/@me", guilds.application),
    "get_oauth2_application": Endpoint("GET", "/oauth2/applications/@me", guilds.application),
    "get_gateway": Endpoint("GET", "/gateway", guilds.gateway, open_to_all=True),
    "get_gateway_bot": Endpoint("GET", "/gateway/bot", guilds.gateway_bot),
    "get_global_commands": Endpoint("GET", GLOBAL, commands.listed),
    "put_global_commands": Endpoint("PUT", GLOBAL, commands.overwrite),
    "get_guild_commands": Endpoint("GET", GUILD, commands.listed),
    "put_guild_commands": Endpoint("PUT", GUILD, commands.overwrite),
    "create_response": Endpoint("POST", CALLBACK, callback.respond, open_to_all=True),
    "create_followup": Endpoint("POST", WEBHOOK, webhooks.follow_up, open_to_all=True),
    "get_original": Endpoint("GET", f"{WEBHOOK}/messages/@original", webhooks.get, open_to_all=True),
    "edit_original": Endpoint("PATCH", f"{WEBHOOK}/messages/@original", webhooks.edit, open_to_all=True),
    "delete_original": Endpoint("DELETE", f"{WEBHOOK}/messages/@original", webhooks.delete, open_to_all=True),
    "get_followup": Endpoint("GET", f"{WEBHOOK}/messages/{{message}}", webhooks.get, open_to_all=True),
    "edit_followup": Endpoint("PATCH", f"{WEBHOOK}/messages/{{message}}", webhooks.edit, open_to_all=True),
    "delete_followup": Endpoint(
        "DELETE", f"{WEBHOOK}/messages/{{message}}", webhooks.delete, open_to_all=True
    ),
    "get_channel": Endpoint("GET", "/channels/{channel}", threads.get),
    "edit_channel": Endpoint("PATCH", "/channels/{channel}", threads.change),
    "trigger_typing": Endpoint("POST", "/channels/{channel}/typing", messages.typing),
    "get_messages": Endpoint("GET", MESSAGES, messages.listed),
    "create_message": Endpoint("POST", MESSAGES, messages.create),
    "get_message": Endpoint("GET", MESSAGE, messages.get),
    "edit_message": Endpoint("PATCH", MESSAGE, messages.edit),
    "delete_message": Endpoint("DELETE", MESSAGE, messages.delete),
    "start_thread_from_message": Endpoint("POST", f"{MESSAGE}/threads", threads.from_message),
    "start_thread": Endpoint("POST", "/channels/{channel}/threads", threads.start),
    "join_thread": Endpoint("PUT", "/channels/{channel}/thread-members/@me", threads.join),
    "create_reaction": Endpoint("PUT", REACTION, messages.react),
    "delete_own_reaction": Endpoint("DELETE", REACTION, messages.unreact),
    "pin_message": Endpoint("PUT", PIN, pins.pin),
    "unpin_message": Endpoint("DELETE", PIN, pins.unpin),
    "get_guild": Endpoint("GET", "/guilds/{guild}", guilds.get),
    "get_member": Endpoint("GET", "/guilds/{guild}/members/{user}", guilds.member),
    "get_roles": Endpoint("GET", "/guilds/{guild}/roles", guilds.roles),
    "get_active_threads": Endpoint("GET", "/guilds/{guild}/threads/active", threads.active),
    "get_channels": Endpoint("GET", "/guilds/{guild}/channels", guilds.channels),
}
