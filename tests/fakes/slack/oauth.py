"""Installing the app in a workspace: the page on which a person agrees, and `oauth.v2.access`.

A code works once and for ten minutes. With `App.token_lasts` a token lasts so many seconds, and what renews
it works once.
"""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.slack.acted import NotPossible
from tests.fakes.slack.call import SlackFault
from tests.fakes.slack.people import Json
from tests.fakes.slack.tickets import Code
from tests.fakes.slack.world import Workspace, World

CODE_LASTS = 600
AUTHORISE = ("https", "slack.com", "/oauth/v2/authorize")


def agree(world: World, address: str, workspace: Workspace, redirect: str) -> str:
    """Open the page that the app sent somebody to, choose a workspace, and say yes.

    Returns where Slack sends the browser then, at the app's one address for that.
    """
    url = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    if (url.scheme, url.netloc, url.path) != AUTHORISE or asked.get("client_id") != world.app.client_id:
        raise NotPossible(f"Slack knows no such page: {address}")
    if not asked.get("scope") or set(asked) - {"client_id", "scope", "user_scope", "state", "team"}:
        raise NotPossible(f"Slack refuses what the app asks for: {asked}")
    code = world.new_id("code-")
    world.codes[code] = Code(workspace.id, asked["scope"], world.now())
    return f"{redirect}?{urlencode({'code': code, 'state': asked.get('state', '')})}"


def access(world: World, credentials: str, args: Json) -> Json:
    """A token for a code, or a newer one for what renews it."""
    check_client(world, credentials)
    if args.get("grant_type") == "refresh_token":
        return granted(world, renewing(world, str(args.get("refresh_token"))), "")
    code = world.codes.pop(str(args.get("code")), None)
    if code is None or world.now() - code.at > CODE_LASTS:
        raise SlackFault("invalid_code")
    workspace = world.workspaces[code.workspace]
    workspace.refusal = None
    return granted(world, workspace, code.scopes) | {
        "authed_user": {"id": world.new_id("U")},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def check_client(world: World, credentials: str) -> None:
    id, _, secret = b64decode(credentials.removeprefix("Basic ")).decode().partition(":")
    if id != world.app.client_id:
        raise SlackFault("invalid_client_id")
    if secret != world.app.client_secret:
        raise SlackFault("bad_client_secret")


def renewing(world: World, refresh: str) -> Workspace:
    found = next((one for one in world.workspaces.values() if refresh and one.refresh_token == refresh), None)
    if found is None or found.refusal:
        raise SlackFault("invalid_refresh_token")
    return found


def granted(world: World, workspace: Workspace, scopes: str) -> Json:
    """The workspace's new token; the one before it is good until it runs out."""
    lasts = world.app.token_lasts
    workspace.older_tokens.append(workspace.bot_token)
    workspace.bot_token = world.new_id("xoxe.xoxb-1-" if lasts else "xoxb-")
    workspace.refresh_token = world.new_id("xoxe-1-") if lasts else None
    renewal = {"refresh_token": workspace.refresh_token, "expires_in": lasts} if lasts else {}
    return {
        "access_token": workspace.bot_token,
        "token_type": "bot",
        "scope": scopes,
        "bot_user_id": workspace.bot.id,
        "app_id": world.app.id,
        "team": {"id": workspace.id, "name": workspace.domain},
        **renewal,
    }
