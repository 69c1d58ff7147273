"""Slack's requests over HTTP, signed; and such as no Slack would send."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack.delivery import Attempt, Delivery
from tests.fakes.slack.people import Json

FORM, JSON_BODY = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def ack(self) -> Json:
        """The body as Slack understands it: JSON, or words to show."""
        if self.headers.get("Content-Type", "").startswith(JSON_BODY) and self.text:
            return dict(json.loads(self.text))
        return {"text": self.text} if self.text else {}


@dataclass(frozen=True, slots=True)
class Signed:
    """One request, ready to be sent, and to be sent again as it is."""

    body: str
    headers: Mapping[str, str]


class SignedHttp:
    """Requests to the app's URL. `wall` tells the time of signatures, which bolt compares with its own."""

    def __init__(
        self, url: str, secret: str, ack_limit: float, wall: Callable[[], float] = time.time
    ) -> None:
        self.url, self.secret, self.ack_limit, self.wall = url, secret, ack_limit, wall
        self.latest: Signed | None = None
        self._session: aiohttp.ClientSession | None = None

    async def send(self, delivery: Delivery, attempt: Attempt) -> None:
        retry = {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": reason(delivery)}
        request = self.request_of(delivery, retry if attempt.number else {})
        try:
            async with asyncio.timeout(self.ack_limit):
                answer = await self.post(request)
        except TimeoutError:
            attempt.failure = f"no acknowledgement within {self.ack_limit:g} s"
        except aiohttp.ClientError as lost:
            attempt.failure = f"connection lost: {type(lost).__name__}"
        else:
            judge(attempt, answer)

    def request_of(self, delivery: Delivery, headers: Mapping[str, str] | None = None) -> Signed:
        """A delivery as a signed request: events as JSON, all else as a form."""
        if delivery.kind == "events_api":
            return self.sign(json.dumps(delivery.payload), JSON_BODY, more=headers)
        inside = delivery.kind == "interactive"
        fields = {"payload": json.dumps(delivery.payload)} if inside else delivery.payload
        return self.sign(urlencode(fields), FORM, more=headers)

    def sign(
        self,
        body: str,
        content_type: str,
        *,
        secret: str | None = None,
        age: float = 0.0,
        more: Mapping[str, str] | None = None,
    ) -> Signed:
        """Sign a body, with another secret or an old moment if a test wants that."""
        at = str(int(self.wall() - age))
        signature = SignatureVerifier(secret or self.secret).generate_signature(timestamp=at, body=body) or ""
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
        return Signed(body, {"Content-Type": content_type, **headers, **(more or {})})

    async def post(self, request: Signed) -> Answer:
        """Send a request exactly as it is: the same one twice is a replay."""
        self.latest = request
        self._session = self._session or aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.post(self.url, data=request.body, headers=request.headers) as response:
            return Answer(response.status, await response.text(), dict(response.headers))

    async def url_verification(self) -> Answer:
        """The request with which Slack tries an address; the app must give the challenge back."""
        challenge: dict[str, Any] = {"type": "url_verification", "token": "t", "challenge": "a-challenge"}
        return await self.post(self.sign(json.dumps(challenge), JSON_BODY))

    async def ssl_check(self) -> Answer:
        return await self.post(self.sign(urlencode({"ssl_check": 1, "token": "t"}), FORM))

    async def close(self) -> None:
        if self._session:
            await self._session.close()


def judge(attempt: Attempt, answer: Answer) -> None:
    attempt.status = answer.status
    attempt.no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
    if answer.status == 200:
        attempt.ack = answer.ack
    else:
        attempt.failure = f"status {answer.status}: {answer.text[:200]}"


def reason(delivery: Delivery) -> str:
    """Why it is sent again, as Slack says it."""
    before = [attempt for attempt in delivery.attempts[:-1] if attempt.failure]
    if not before or before[-1].status:
        return "http_error"
    return "http_timeout" if "within" in (before[-1].failure or "") else "connection_failed"
