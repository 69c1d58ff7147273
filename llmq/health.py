"""Whether the process lives and can serve, and what it has counted, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import Refusal
from bot.stopping import STOP_SECONDS

Parts = Mapping[str, bool]
AWAY = {"clock": "more than a minute off the server's"}


def health_app(look: Callable[[], Awaitable[Parts]], is_stopping: Callable[[], bool]) -> web.Application:
    """`/healthz` while the process lives; `/readyz` while it reaches each of its parts; `/metrics`."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        if is_stopping():
            return web.Response(text="stopping\n", status=503)
        parts = await look()
        lines = (f"{name}: {'ready' if there else AWAY.get(name, 'away')}\n" for name, there in parts.items())
        return web.Response(text="".join(lines), status=200 if all(parts.values()) else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    routes = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
    server = web.Application()
    server.add_routes([web.get(path, handler) for path, handler in routes.items()])
    return server


@asynccontextmanager
async def serving(server: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve HTTP while the context lasts; yields the port, which the system chooses for 0."""
    runner = web.AppRunner(server, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as fault:
        await runner.cleanup()
        raise Refusal(
            f"Port {port} of {host} cannot be served ({fault.strerror}). "
            "Set LLMQ_HTTP_HOST and LLMQ_HTTP_PORT."
        ) from None
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
