"""Discord's servers for files: what a person gives to a command stands there a day, at a signed address."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from secrets import token_hex

from aiohttp import web

from tests.fakes.discord.acted import NotPossible
from tests.fakes.discord.faults import Dropped, Faults, Hang, Pass, ServerError
from tests.fakes.discord.payloads import LARGEST_FILE
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import Channel
from tests.fakes.discord.world import Call, World

ENDPOINT = "get_attachment"
PATH = "/ephemeral-attachments/{channel}/{id}/{name}"
LIFETIME_SECONDS = 24 * 3600
GONE = "This content is no longer available."
NOT_IN_A_NAME = re.compile(r"[^\w.-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """A file on the disk of a person. `kind` is what their system takes it for."""

    name: str
    content: bytes
    kind: str = "text/calendar"


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was given to a command, and until when it can be fetched."""

    file: File
    path: str
    signature: dict[str, str]
    until: float


def give(world: World, channel: Channel, file: File) -> tuple[str, Json]:
    """The id of a file that a person gives to a command, and what the app is told of it."""
    if not file.name or not len(file.content) <= LARGEST_FILE:
        raise NotPossible(f"Discord takes no file {file.name!r} of {len(file.content)} bytes.")
    id, name = world.new_id(), NOT_IN_A_NAME.sub("_", file.name)
    path = PATH.format(channel=channel.id, id=id, name=name)
    now, until = round(world.now()), round(world.now()) + LIFETIME_SECONDS
    signature = {"ex": f"{until:x}", "is": f"{now:x}", "hm": token_hex(32)}
    world.given[path] = Given(file, path, signature, until)
    url = f"{path}?{''.join(f'{name}={value}&' for name, value in signature.items())}"
    told = {"id": id, "filename": name, "size": len(file.content), "content_type": file.kind}
    told |= {"url": f"{world.url}{url}", "proxy_url": f"https://media.discordapp.net{url}"}
    return id, told | {"ephemeral": True} | ({"title": file.name} if name != file.name else {})


@dataclass(frozen=True, slots=True)
class Cdn:
    """Hands the files out, to whoever has the whole address."""

    world: World
    faults: Faults

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.handle)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        call = Call(ENDPOINT, "GET", request.path, None, dict(request.query), self.world.now())
        self.world.calls.append(call)
        fault = self.faults.take(ENDPOINT)
        call.fault = None if isinstance(fault, Pass) else type(fault).__name__
        match fault:
            case ServerError(status):
                return web.Response(status=status)
            case Dropped():
                assert request.transport
                request.transport.close()
                return web.Response()
            case Hang(release):
                return await self.halting(request, release)
            case _:
                return self.file(request)

    def file(self, request: web.Request) -> web.Response:
        given = self.world.given.get(request.path)
        if not given or given.signature != dict(request.query) or self.world.now() > given.until:
            self.world.violations.append(f"GET {request.path}: 404 {GONE}")
            return web.Response(status=404, text=GONE)
        return web.Response(body=given.file.content, content_type=given.file.kind)

    async def halting(self, request: web.Request, release: asyncio.Event) -> web.StreamResponse:
        """Half of the file, and no more."""
        whole = self.file(request)
        assert isinstance(whole.body, bytes)
        half = web.StreamResponse(headers={"Content-Length": str(len(whole.body))})
        await half.prepare(request)
        await half.write(whole.body[: len(whole.body) // 2])
        await release.wait()
        return half
