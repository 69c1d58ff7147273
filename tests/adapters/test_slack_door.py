"""What comes to Slack's path of the HTTP port without Slack's signature, twice, or broken."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.door import UNSIGNED, Door
from adapters.slack.serve import PATH, add_events
from llmq.http import serving

SECRET = "a secret of Slack's"
NOW = 1_800_000_000
COMMAND = urlencode({"command": "/llmq", "text": "today", "trigger_id": "1.2.3"}).encode()


class Counting(AsyncApp):
    """An app that counts what reaches it, and answers with a status."""

    def __init__(self, status: int = 200) -> None:
        super().__init__(token="xoxb-1", signing_secret=SECRET)
        self.seen: list[str] = []
        self.status = status

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        self.seen.append(req.raw_body)
        return BoltResponse(status=self.status)


@asynccontextmanager
async def listening(app: Counting) -> AsyncIterator[str]:
    server = web.Application()
    add_events(server, app, SECRET, lambda: float(NOW))
    async with serving(server, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}{PATH}"


def signed(body: bytes, at: int = NOW, secret: str = SECRET, kind: str = "form") -> dict[str, str]:
    signed = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, sha256).hexdigest()
    types = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
    return {
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": f"v0={signed}",
        "Content-Type": types[kind],
    }


async def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (COMMAND, {}),
        (b"ssl_check=1&token=x", {}),
        (b"{" * 5000, {"Content-Type": "application/json"}),
        (COMMAND, {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}),
        (COMMAND, {"X-Slack-Request-Timestamp": "9" * 40, "X-Slack-Signature": "v0=1"}),
        (COMMAND, signed(COMMAND, secret="another secret")),
        (COMMAND, signed(COMMAND, at=NOW - 301)),
        (COMMAND + b"&text=more", signed(COMMAND)),
    ],
)
async def test_what_slack_did_not_sign_reaches_nobody(
    body: bytes, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    app = Counting()
    async with listening(app) as url:
        assert await post(url, body, headers) == 401
    assert app.seen == []
    assert turned_away(caplog) == [1]
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def turned_away(caplog: pytest.LogCaptureFixture) -> list[object]:
    """How many requests each line of the log tells of."""
    return [one.args[0] for one in caplog.records if one.msg == UNSIGNED and isinstance(one.args, tuple)]


async def test_a_flood_without_signatures_is_a_line_a_minute_with_its_count(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = float(NOW)
    server = web.Application()
    add_events(server, Counting(), SECRET, lambda: now)
    async with serving(server, "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}{PATH}"
        for _ in range(20):
            await post(url, COMMAND, {})
        assert turned_away(caplog) == [1]
        now += 60
        await post(url, COMMAND, {})
    assert turned_away(caplog) == [1, 20]
    assert "secret" not in caplog.text
    assert COMMAND.decode() not in caplog.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"payload=nonsense", "form"),
        (b"payload=" + b"%5B" * 3000, "form"),
        (b"\xff\xfe", "form"),
        (b"not a form", "form"),
        (b"{broken", "json"),
        (b"[1, 2]", "json"),
        (b"[" * 200_000, "json"),
    ],
)
async def test_signed_nonsense_is_a_bad_request_and_no_traceback(
    body: bytes, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = Counting()
    async with listening(app) as url:
        assert await post(url, body, signed(body, kind=kind)) == 400
    assert app.seen == []
    assert len([one for one in caplog.records if "not understood" in one.message]) == 1
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_what_is_too_large_is_not_read() -> None:
    app = Counting()
    body = b"a=1&" * 250_000
    async with listening(app) as url:
        assert await post(url, body, signed(body)) == 413
    assert app.seen == []


async def test_a_signed_request_that_is_replayed_has_its_effect_once() -> None:
    app = Counting()
    async with listening(app) as url:
        assert [await post(url, COMMAND, signed(COMMAND)) for _ in range(3)] == [200, 200, 200]
    assert len(app.seen) == 1


async def test_what_could_not_be_acted_on_may_come_again() -> None:
    app = Counting(status=500)
    async with listening(app) as url:
        assert await post(url, COMMAND, signed(COMMAND)) == 500
        app.status = 200
        assert await post(url, COMMAND, signed(COMMAND)) == 200
    assert len(app.seen) == 2


async def test_a_body_that_cannot_be_unpacked_is_turned_away(caplog: pytest.LogCaptureFixture) -> None:
    app = Counting()
    async with listening(app) as url:
        assert await post(url, b"abc", {**signed(b"abc"), "Content-Encoding": "gzip"}) == 401
    assert not [one for one in caplog.records if one.exc_info]


def test_a_door_that_remembers_much_still_lets_in_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.door.MOST_REMEMBERED", 2)
    door = Door(SECRET, lambda: float(NOW))
    assert [door.is_new(signature) for signature in ("a", "b", "c", "c")] == [True, True, True, False]


async def test_an_event_in_json_is_let_in() -> None:
    app, body = Counting(), json.dumps({"type": "event_callback"}).encode()
    async with listening(app) as url:
        assert await post(url, body, signed(body, kind="json")) == 200
    assert len(app.seen) == 1
