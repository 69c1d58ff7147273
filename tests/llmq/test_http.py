"""The HTTP port under people who do not say what they want."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web

from llmq.http import serving

HALF = b"POST /slack/events HTTP/1.1\r\nHost: llmq\r\nContent-Le"


def app() -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    server = web.Application()
    server.add_routes([web.get("/healthz", healthz)])
    return server


async def half_sent(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HALF)
    return reader, writer


async def is_healthy(port: int) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return await answer.text() == "ok"


async def test_health_is_answered_while_many_send_half_a_request(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(app(), "127.0.0.1", 0, most=20) as port:
        waiting = [await half_sent(port) for _ in range(60)]
        assert await is_healthy(port)
        # The oldest have made room, and one line says how many there were.
        assert await waiting[0][0].read() == b""
        assert len([one for one in caplog.records if "are closed" in one.message]) == 1
        for _, writer in waiting:
            writer.close()


async def test_a_header_that_does_not_end_is_not_waited_for() -> None:
    async with serving(app(), "127.0.0.1", 0, header_seconds=0.05) as port:
        reader, writer = await half_sent(port)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()


async def test_a_header_without_an_end_is_not_kept_in_memory() -> None:
    async with serving(app(), "127.0.0.1", 0) as port:
        reader, writer = await half_sent(port)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await send_without_end(reader, writer)
        writer.close()


async def send_without_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for _ in range(100):
        writer.write(b"x" * 1024)
        await writer.drain()
    await reader.readexactly(1)


async def test_requests_in_a_row_on_one_connection_are_answered() -> None:
    async with serving(app(), "127.0.0.1", 0, most=1) as port, aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                assert await answer.text() == "ok"


async def answered(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that has had an answer, and says nothing more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: llmq\r\n\r\n")
    await reader.readuntil(b"ok")
    return reader, writer


async def test_who_keeps_a_place_without_a_word_makes_room() -> None:
    async with serving(app(), "127.0.0.1", 0, most=20) as port:
        waiting = [await answered(port) for _ in range(20)]
        assert await is_healthy(port)
        for _, writer in waiting:
            writer.close()


HALF_A_BODY = b"POST /healthz HTTP/1.1\r\nHost: llmq\r\nContent-Length: 100\r\n\r\nhalf"
IN_CHUNKS = b"POST /healthz HTTP/1.1\r\nHost: llmq\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf"


def holding(release: asyncio.Event, begun: asyncio.Event) -> web.Application:
    """What answers `/slow` when it is told to, and reads whatever is posted."""

    async def slow(_: web.Request) -> web.Response:
        begun.set()
        await release.wait()
        return web.Response(text="done")

    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    server = app()
    server.add_routes([web.get("/slow", slow), web.post("/healthz", read)])
    return server


@pytest.mark.parametrize("said", [HALF_A_BODY, IN_CHUNKS])
async def test_half_a_body_holds_no_place_that_a_whole_request_wants(said: bytes) -> None:
    async with serving(holding(asyncio.Event(), asyncio.Event()), "127.0.0.1", 0, most=10) as port:
        waiting = []
        for _ in range(30):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            waiting.append((reader, writer))
        for _ in range(5):
            assert await is_healthy(port)
        assert await waiting[0][0].read() == b""
        for _, writer in waiting:
            writer.close()


async def test_a_connection_is_not_ended_while_it_is_being_answered() -> None:
    release, begun = asyncio.Event(), asyncio.Event()
    async with serving(holding(release, begun), "127.0.0.1", 0, most=1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: llmq\r\n\r\n")
        await begun.wait()
        with pytest.raises(aiohttp.ClientError):
            await is_healthy(port)
        release.set()
        assert (await reader.readuntil(b"done")).startswith(b"HTTP/1.1 200")
        # From here on it only waits.
        assert await is_healthy(port)
        writer.close()


async def test_a_body_in_pieces_is_whole_when_its_last_byte_is_there() -> None:
    async with serving(holding(asyncio.Event(), asyncio.Event()), "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in (HALF_A_BODY[:30], HALF_A_BODY[30:], b"x" * 50, b"x" * 46):
            writer.write(piece)
            await writer.drain()
        assert (await reader.readuntil(b"100")).startswith(b"HTTP/1.1 200")
        writer.close()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: llmq\r\n\r\n",
        b"POST /healthz HTTP/1.1\r\nHost: llmq\r\nContent-Length: abc\r\n\r\n",
        b"POST /healthz HTTP/1.1\r\nHost: llmq\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
async def test_what_is_no_http_is_counted_and_no_traceback(
    said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(app(), "127.0.0.1", 0) as port:
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            assert b" 400 " in await reader.readline()
            writer.close()
    assert not [one for one in caplog.records if one.exc_info]
    assert len([one for one in caplog.records if "are closed" in one.message]) == 1
