"""The Web API over HTTP: reads a call, checks its token, carries it out, and goes wrong when told to."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.fakes.slack import oauth
from tests.fakes.slack.call import Here, SlackFault
from tests.fakes.slack.faults import (
    Dropped,
    Faults,
    Hang,
    Pass,
    PostingLimit,
    RateLimited,
    Refused,
    ServerError,
)
from tests.fakes.slack.identity import open_connection
from tests.fakes.slack.methods import METHODS
from tests.fakes.slack.people import Json
from tests.fakes.slack.world import Call, Workspace, World

# What a form carries as JSON, and the error when it is none.
JSON_FIELDS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
    "files": "invalid_arguments",
}
# Bolt adds the team to each call.
EVERYWHERE = {"token", "team_id"}
CONNECT, ACCESS = "apps.connections.open", "oauth.v2.access"


class WebApi:
    """Slack's methods. `limit`, when there is one, holds posts to Slack's rate."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world, self.faults = world, faults
        self.limit: PostingLimit | None = None

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/{method}", self.handle),
            web.get("/api/{method}", self.handle),
            web.post("/upload/{team}/{file}", self.upload),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        args = await arguments(request)
        call = Call(request.match_info["method"], args, self.world.now(), token_of(request, args))
        self.world.calls.append(call)
        fault = self.faults.take(call.method)
        call.fault = None if isinstance(fault, Pass) else type(fault).__name__
        response = await self.answer(request, call, fault)
        self.world.changed()
        return response

    async def answer(
        self,
        request: web.Request,
        call: Call,
        fault: Refused | RateLimited | ServerError | Dropped | Hang | Pass,
    ) -> web.StreamResponse:
        match fault:
            case Pass():
                return self.carry_out(call)
            case RateLimited(seconds):
                return too_many(call, seconds)
            case Refused(error, more):
                call.error = error
                return web.json_response({"ok": False, "error": error, **more})
            case ServerError(status, after):
                self.perhaps(call, after, str(status))
                return web.json_response({"ok": False, "error": "internal_error"}, status=status)
            case Dropped(after):
                self.perhaps(call, after, "dropped")
                return broken(request)
            case Hang(release, after):
                response = self.carry_out(call) if after else None
                self.world.changed()
                await release.wait()
                return response or self.carry_out(call)

    def perhaps(self, call: Call, after: bool, error: str) -> None:
        """Carry out a call whose answer never arrives, or leave it."""
        if after:
            self.carry_out(call)
        else:
            call.error = error

    def carry_out(self, call: Call) -> web.Response:
        if wait := self.wait_to_post(call):
            return too_many(call, wait)
        headers = {"x-oauth-scopes": ",".join(sorted(self.world.app.scopes or ()))}
        try:
            call.answer = {"ok": True, **self.run(call)}
        except SlackFault as refused:
            call.error = refused.error
            call.answer = {"ok": False, "error": refused.error, **refused.more}
        return web.json_response(call.answer, headers=headers)

    def wait_to_post(self, call: Call) -> int:
        """How many seconds are to pass before a post, if posts are held to a rate."""
        held = self.limit if call.method == "chat.postMessage" else None
        return held.wait_for(str(call.args.get("channel"))) if held else 0

    def run(self, call: Call) -> Json:
        if call.method == CONNECT:
            self.check_app_token(call.token)
            return open_connection(self.world)
        if call.method == ACCESS:
            return oauth.access(self.world, call.token, call.args)
        if call.method not in METHODS:
            raise SlackFault("unknown_method", req_method=call.method)
        method = METHODS[call.method]
        workspace = self.workspace(call.token)
        for name in sorted(call.args.keys() - method.args - EVERYWHERE):
            self.world.warn(f"{call.method}: Slack's pages name no argument {name}")
        return method.run(Here(self.world, workspace, parsed(call.args)))

    def check_app_token(self, token: str) -> None:
        if not token:
            raise SlackFault("not_authed")
        if token != self.world.app.app_token:
            raise SlackFault("not_allowed_token_type" if self.world.workspace_of(token) else "invalid_auth")
        if "connections:write" not in self.world.app.app_scopes:
            raise SlackFault("missing_scope", needed="connections:write", provided="")

    def workspace(self, token: str) -> Workspace:
        if not token:
            raise SlackFault("not_authed")
        if token == self.world.app.app_token:
            raise SlackFault("not_allowed_token_type")
        workspace = self.world.workspace_of(token)
        if not workspace:
            raise SlackFault("invalid_auth")
        if workspace.refusal:
            raise SlackFault(workspace.refusal)
        return workspace

    async def upload(self, request: web.Request) -> web.Response:
        """The second step of an upload, which Slack answers in plain text."""
        file = self.world.workspaces[request.match_info["team"]].files[request.match_info["file"]]
        file["content"] = await request.read()
        return web.Response(text=f"OK - {len(file['content'])}")


def too_many(call: Call, seconds: int) -> web.Response:
    call.error = "ratelimited"
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(seconds)})


def broken(request: web.Request) -> web.Response:
    """The connection closes without a word."""
    if request.transport:
        request.transport.close()
    return web.Response()


async def arguments(request: web.Request) -> Json:
    """The arguments of a call, from the address and from the body, in whichever form they come."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.method == "POST":
        args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return {name: value for name, value in args.items() if value is not None}


def token_of(request: web.Request, args: Json) -> str:
    """The token of a call; for the app itself, its credentials as they came."""
    return str(args.get("token") or request.headers.get("Authorization", "").removeprefix("Bearer "))


def parsed(args: Json) -> Json:
    """Arguments with the JSON in them read."""
    return {name: read(name, value) for name, value in args.items()}


def read(name: str, value: Any) -> Any:
    if name not in JSON_FIELDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackFault(JSON_FIELDS[name]) from None
