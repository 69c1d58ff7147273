"""The REST API over HTTP: reads a call, checks its token, carries it out, and goes wrong when told to."""

from __future__ import annotations

import json
from functools import partial
from math import ceil
from typing import Any

from aiohttp import web

from tests.fakes.discord.call import Here
from tests.fakes.discord.endpoints import ENDPOINTS
from tests.fakes.discord.errors import Refusal, refused
from tests.fakes.discord.faults import (
    Dropped,
    Fault,
    Faults,
    Hang,
    Lacking,
    Pass,
    PostingLimit,
    RateLimited,
    Refused,
    ServerError,
)
from tests.fakes.discord.world import Call, World

PREFIX = "/api/v10"
NOWHERE = "nowhere"
LEFT, OF, RESET_AFTER = "X-RateLimit-Remaining", "X-RateLimit-Limit", "X-RateLimit-Reset-After"
# So many calls a second that no client waits before one on its own account.
ROOM = 10_000


class RestApi:
    """Discord's endpoints. In so many seconds the limits of all of them reset.

    `limit`, when there is one, holds posts to Discord's rate.
    """

    def __init__(self, world: World, faults: Faults) -> None:
        self.world, self.faults = world, faults
        self.reset_after = 1.0
        self.limit: PostingLimit | None = None

    def routes(self) -> list[web.RouteDef]:
        known = [
            web.route(one.method, PREFIX + one.path, partial(self.handle, name))
            for name, one in ENDPOINTS.items()
        ]
        return [*known, web.route("*", "/api/{rest:.*}", partial(self.handle, NOWHERE))]

    async def handle(self, endpoint: str, request: web.Request) -> web.StreamResponse:
        body, files = await read(request)
        path = request.path.removeprefix(PREFIX)
        call = Call(endpoint, request.method, path, body, dict(request.query), self.world.now(), files=files)
        self.world.calls.append(call)
        fault = self.faults.take(endpoint)
        call.fault = None if isinstance(fault, Pass) else type(fault).__name__
        if self.limit and endpoint == "create_message":
            response = await self.answer_within(self.limit, request, call, fault)
        else:
            response = await self.answer(request, call, fault)
            if RESET_AFTER in response.headers:
                response.headers[RESET_AFTER] = f"{self.reset_after:.3f}"
        self.world.changed()
        return response

    async def answer_within(
        self, limit: PostingLimit, request: web.Request, call: Call, fault: Fault
    ) -> web.StreamResponse:
        """Answer a post, saying how many more there may be."""
        left, reset = limit.take(request.path)
        # In whole milliseconds, none of them too early.
        reset = ceil(reset * 1000) / 1000
        if left < 0:
            self.world.violations.append(f"{call.method} {call.path}: too many")
            return too_many(call, RateLimited(reset))
        response = await self.answer(request, call, fault)
        response.headers.update({LEFT: str(left), OF: str(limit.most), RESET_AFTER: f"{reset:.3f}"})
        return response

    async def answer(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        match fault:
            case Pass():
                return self.carry_out(request, call)
            case RateLimited():
                return too_many(call, fault)
            case Refused(status, code, message):
                return answered(call, status, {"message": message, "code": code})
            case ServerError(status, after):
                self.perhaps(request, call, after)
                return answered(call, status, {"message": f"{status}: Server Error", "code": 0})
            case Dropped(after):
                self.perhaps(request, call, after)
                return broken(request)
            case Lacking(fields):
                self.carry_out(request, call)
                left = {name: value for name, value in call.answer.items() if name not in fields}
                return answered(call, call.status or 200, left)
            case Hang(release, after):
                response = self.carry_out(request, call) if after else None
                self.world.changed()
                await release.wait()
                return response or self.carry_out(request, call)

    def perhaps(self, request: web.Request, call: Call, after: bool) -> None:
        """Carry out a call whose answer never arrives, or leave it."""
        if after:
            self.carry_out(request, call)

    def carry_out(self, request: web.Request, call: Call) -> web.Response:
        try:
            result = self.run(request, call)
        except Refusal as refusal:
            self.world.violations.append(f"{call.method} {call.path}: {refusal.body}")
            return answered(call, refusal.status, refusal.body)
        return answered(call, 204 if result is None else 200, result)

    def run(self, request: web.Request, call: Call) -> Any:
        if call.endpoint == NOWHERE:
            raise refused("not_found")
        endpoint = ENDPOINTS[call.endpoint]
        token = request.headers.get("Authorization", "")
        if not endpoint.open_to_all and token != f"Bot {self.world.app.token}":
            raise refused("unauthorized")
        if isinstance(call.body, Unreadable):
            raise refused("bad_json")
        return endpoint.run(Here(self.world, call, dict(request.match_info)))


class Unreadable:
    """A body that is no JSON."""


async def read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """The body of a call and the files with it, in whichever form they come."""
    if request.content_type == "multipart/form-data":
        form = await request.post()
        parts = [part for part in form.values() if isinstance(part, web.FileField)]
        return parsed(str(form.get("payload_json", "{}"))), {
            part.filename: part.file.read() for part in parts
        }
    text = await request.text()
    return (parsed(text) if text else {}), {}


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return Unreadable()


def answered(call: Call, status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    """An answer with the headers of its rate limit. discord.py takes this very content type alone."""
    call.status, call.answer = status, body
    call.code = body.get("code") if status >= 400 else None
    limit = {"Limit": ROOM, "Remaining": ROOM - 1, "Reset-After": "1.000", "Bucket": call.endpoint}
    limit["Reset"] = f"{call.at + 1:.3f}"
    named = {f"X-RateLimit-{name}": str(value) for name, value in limit.items()}
    if status == 204:
        return web.Response(status=204, headers=named)
    kind = {"Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=named | kind | (headers or {}))


def too_many(call: Call, fault: RateLimited) -> web.Response:
    wait = {"retry_after": fault.retry_after, "global": fault.everywhere}
    headers = {"Retry-After": str(fault.retry_after), "X-RateLimit-Remaining": "0"}
    headers["X-RateLimit-Scope"] = "global" if fault.everywhere else "user"
    headers |= {"X-RateLimit-Global": "true"} if fault.everywhere else {}
    headers |= {"Via": "1.1 stand-in"} if fault.via else {}
    return answered(call, 429, {"message": "You are being rate limited.", **wait}, headers)


def broken(request: web.Request) -> web.Response:
    """The connection closes without a word."""
    if request.transport:
        request.transport.close()
    return web.Response()
