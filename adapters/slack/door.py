"""The door of the HTTP port: what Slack did not sign is turned away before anything of it is parsed.

bolt checks signatures too, but parses the body first, and takes the system's clock.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import parse_qs

from aiohttp import web

from bot.flood import Flood

log = logging.getLogger(__name__)

# Slack's own requests are far smaller; a form's text has 3,000 characters.
LARGEST_BODY = 256 * 1024
BODY_SECONDS = 5.0
# Slack wants both: nothing older than five minutes, and no signature twice within them.
NEWEST, MOST_REMEMBERED = 300, 20_000
LONGEST_TIMESTAMP = 12
TURNED_AWAY, NOT_UNDERSTOOD = 401, 400
UNSIGNED = "%d requests without Slack's signature, or with an old one, are turned away"


class Door:
    """Lets in what Slack has signed, once. `now` tells seconds since 1970."""

    def __init__(self, secret: str, now: Callable[[], float]) -> None:
        self._secret, self._now = secret.encode(), now
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._unsigned = Flood(log, UNSIGNED)

    async def body(self, request: web.Request) -> bytes | int:
        """The body of a signed request, or the status with which to answer. What it turns away is logged."""
        body = await self._signed(request)
        if body == TURNED_AWAY:
            self._unsigned.add(self._now())
        elif body == NOT_UNDERSTOOD:
            log.warning("a request that Slack signed is not understood: %s", request.content_type)
        return body

    async def _signed(self, request: web.Request) -> bytes | int:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not self._is_plausible(timestamp, signature):
            return TURNED_AWAY
        if (request.content_length or 0) > LARGEST_BODY:
            return web.HTTPRequestEntityTooLarge.status_code
        try:
            async with asyncio.timeout(BODY_SECONDS):
                raw = await request.read()
        except TimeoutError:
            return web.HTTPRequestTimeout.status_code
        except (web.RequestPayloadError, ConnectionError):
            # Cut off, or packed in a way that cannot be unpacked: there is nothing that could be signed.
            return TURNED_AWAY
        if not self._is_signed(raw, timestamp, signature):
            return TURNED_AWAY
        return raw if is_understood(raw, request.content_type) else NOT_UNDERSTOOD

    def is_new(self, signature: str) -> bool:
        """Whether a signed request is seen for the first time; a copy of one is not acted on again."""
        oldest = self._now() - NEWEST
        while self._seen and next(iter(self._seen.values())) < oldest:
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        if len(self._seen) >= MOST_REMEMBERED:
            # Somebody's answer is worth more than the memory of an old request.
            self._seen.popitem(last=False)
        self._seen[signature] = self._now()
        return True

    def forget(self, signature: str) -> None:
        """Let a request in once more, as it could not be acted on."""
        self._seen.pop(signature, None)

    def _is_plausible(self, timestamp: str, signature: str) -> bool:
        """Whether it is worth reading the body: the signature is of the right form, and not too old."""
        digits = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < LONGEST_TIMESTAMP
        return digits and signature.isascii() and abs(self._now() - int(timestamp)) <= NEWEST

    def _is_signed(self, raw: bytes, timestamp: str, signature: str) -> bool:
        signed = hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + raw, sha256).hexdigest()
        return hmac.compare_digest(f"v0={signed}".encode(), signature.encode())


def is_understood(raw: bytes, content_type: str) -> bool:
    """Whether a signed body has the form of Slack's: JSON, or a form whose payload is JSON."""
    try:
        if content_type == "application/json":
            return isinstance(json.loads(raw), dict)
        payload = parse_qs(raw.decode(), strict_parsing=True).get("payload")
        return payload is None or isinstance(json.loads(payload[0]), dict)
    except (ValueError, RecursionError):
        return False
