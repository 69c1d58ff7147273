"""auth.test, team.info, users.info and apps.connections.open: who is who, and the way in."""

from __future__ import annotations

from tests.fakes.slack.call import Here, SlackFault
from tests.fakes.slack.people import Json
from tests.fakes.slack.world import World


def auth_test(here: Here) -> Json:
    team, bot = here.workspace, here.workspace.bot
    return {
        "url": f"https://{team.domain}.slack.example/",
        "team": team.domain,
        "user": bot.name,
        "team_id": team.id,
        "user_id": bot.id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def team_info(here: Here) -> Json:
    here.scope("team:read")
    return {"team": {"id": here.workspace.id, "name": here.workspace.domain, "domain": here.workspace.domain}}


def users_info(here: Here) -> Json:
    here.scope("users:read")
    (wanted,) = here.need("user")
    user = here.workspace.users.get(str(wanted))
    if not user:
        raise SlackFault("user_not_found")
    return {"user": user.wire() | ({"locale": "en-GB"} if here.yes("include_locale") else {})}


def open_connection(world: World) -> Json:
    """A WebSocket address that works once."""
    if not world.app.socket_mode:
        raise SlackFault("socket_mode_not_enabled")
    ticket = world.new_id("ticket")
    world.tickets.add(ticket)
    return {"url": f"{world.url.replace('http', 'ws', 1)}/socket?ticket={ticket}&app_id={world.app.id}"}
