"""What Slack would make of text: whom it pings, and how it stores what a person typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CODES = re.compile(r"<(?:!(?:channel|here|everyone|subteam\^)[^>]*|@[UW]\w*[^>]*|#C\w*[^>]*)>")
NAMES = re.compile(r"(?<!\w)@(?:channel|here|everyone)\b")
PINGING_ELEMENTS = {"user", "usergroup", "broadcast", "channel"}
# An address with its scheme, one of mail, or a bare name under a well-known top level.
URL = re.compile(
    r"https?://[^\s<>|]*[^\s<>|.,;:!?)'\"]"
    r"|[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b"
    r"|(?<![\w@./:-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|ai)(?:/[^\s<>|]*)?\b"
)
TYPED_NAME = re.compile(r"(?<!\w)([@#])([\w.-]+)")
BROADCASTS = {"channel", "here", "everyone"}


def pings_of(text: str, blocks: Iterable[Any], links_names: bool = False) -> tuple[str, ...]:
    """The mentions in a message. `links_names`: parse=full or link_names look for bare @names, too."""
    found = [*CODES.findall(text), *(NAMES.findall(text) if links_names else ())]
    return (*found, *(ping for block in blocks for ping in pings_in(block)))


def pings_in(native: Any) -> Iterator[str]:
    """The mentions in a block, at any depth. Slack parses mrkdwn and markdown, and never plain_text."""
    if isinstance(native, list):
        for one in native:
            yield from pings_in(one)
    elif isinstance(native, dict):
        kind = native.get("type")
        if kind in PINGING_ELEMENTS:
            yield f"{kind}:{next((native[k] for k in native if k.endswith('_id') or k == 'range'), '')}"
        if kind in ("mrkdwn", "markdown") and isinstance(native.get("text"), str):
            yield from CODES.findall(native["text"])
        for one in native.values():
            yield from pings_in(one)


def escaped(typed: str) -> str:
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_stored(
    typed: str, users: Mapping[str, str], channels: Mapping[str, str], *, named: bool = False
) -> str:
    """What Slack stores for a message that a person typed: entities, links and mentions as codes.

    `users` and `channels` give ids by name. `named`: the codes of users have their names beside them.
    """
    labels = {name: f"{id}|{name}" if named else id for name, id in users.items()}
    parts, at = [], 0
    for url in URL.finditer(typed):
        parts += [with_names(typed[at : url.start()], labels, channels), as_link(url[0])]
        at = url.end()
    return "".join([*parts, with_names(typed[at:], labels, channels)])


def as_link(url: str) -> str:
    if url.startswith(("http://", "https://")):
        return f"<{escaped(url)}>"
    scheme = "mailto:" if "@" in url else "http://"
    return f"<{scheme}{escaped(url)}|{escaped(url)}>"


def with_names(typed: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Escaped text in which @names and #names of this workspace have become codes."""

    def code(found: re.Match[str]) -> str:
        mark, name = found[1], found[2]
        if mark == "@" and name in BROADCASTS:
            return f"<!{name}>"
        if mark == "@" and name in users:
            return f"<@{users[name]}>"
        if mark == "#" and name in channels:
            return f"<#{channels[name]}|{name}>"
        return found[0]

    return TYPED_NAME.sub(code, escaped(typed))
