"""Whether the process lives and can serve, and what it has counted, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from hmac import compare_digest

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Parts = Mapping[str, bool]
AWAY = {"clock": "more than a minute off the server's"}


def health_app(
    look: Callable[[], Awaitable[Parts]], is_stopping: Callable[[], bool], metrics_token: str | None = None
) -> web.Application:
    """`/healthz` while the process lives; `/readyz` while it reaches each of its parts; `/metrics`.

    With a token, the metrics are for those who send it as `Authorization: Bearer …`.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        if is_stopping():
            return web.Response(text="stopping\n", status=503)
        parts = await look()
        lines = (f"{name}: {'ready' if there else AWAY.get(name, 'away')}\n" for name, there in parts.items())
        return web.Response(text="".join(lines), status=200 if all(parts.values()) else 503)

    async def metrics(request: web.Request) -> web.Response:
        if metrics_token and not is_bearer(request, metrics_token):
            return web.Response(text="the token of LLMQ_METRICS_TOKEN is needed\n", status=401)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    routes = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
    server = web.Application()
    server.add_routes([web.get(path, handler) for path, handler in routes.items()])
    return server


def is_bearer(request: web.Request, token: str) -> bool:
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # A header may hold any bytes.
    return compare_digest(sent.encode(errors="surrogateescape"), token.encode())
