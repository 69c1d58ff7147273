"""Answers over HTTP that are read to a bound and not unpacked: a server of others may send anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from httpx2 import AsyncByteStream, Response

# What a model is let say in tokens takes a tenth of it.
LARGEST_BODY = 256 * 1024


class Bounded(AsyncByteStream):
    """A body that is given up where it goes on too long."""

    def __init__(self, body: AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._body:
            read += len(chunk)
            if read > LARGEST_BODY:
                raise ValueError("a body without an end")
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


async def bound(response: Response) -> None:
    """Put a bound to an answer before it is read. Raises ValueError for one that is packed.

    A few packed bytes may become any number, so that none are asked for.
    """
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ValueError("a packed body")
    response.stream = Bounded(cast(AsyncByteStream, response.stream))
