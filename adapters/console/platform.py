"""The terminal as the place where the bot posts unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from adapters.console.game import FIRST, clock
from adapters.console.keypad import Key, Keypad
from adapters.console.screen import Screen
from bot.messages import Block, Button, File, Footnote, Message
from bot.platform import Ability, AdminStatus
from bot.requests import Channel, Member


class ConsolePlatform:
    """A `bot.platform.Platform` for one channel; `now` tells the local time of a post in its zone."""

    tells_quietly = True

    def __init__(
        self,
        screen: Screen,
        now: Callable[[], datetime],
        zone: str | None = None,
        files: Path = Path("exports"),
    ) -> None:
        """`files` is the folder that files are written to."""
        self.screen, self._zone, self._files = screen, zone, files
        self.keypad = Keypad()
        self._now = now
        self._posted: dict[str, Message] = {}

    @property
    def shown(self) -> bool:
        """Whether anything was posted on this screen."""
        return bool(self._posted)

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        """Draw the message. Its id is the key, and the same key is drawn once."""
        if key not in self._posted:
            self._posted[key] = message
            self._draw(message.blocks, key)
        return key

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Draw what is new in the message: the rest still stands above."""
        before = self._posted.get(message_id)
        self._posted[message_id] = message
        self.keypad.keep(message_id, message.blocks)
        if before != message:
            new = [block for block in message.blocks if before is None or block not in before.blocks]
            self._draw(new or message.blocks, message_id, aside="question updated")

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        """Draw the message as a part of the thread; the same key is drawn once."""
        if key not in self._posted:
            self._posted[key] = message
            self._draw(message.blocks, key, thread=True)
        return key

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        """Draw what is new; what stands above cannot be taken away, so it is said."""
        before = self._posted.pop(key, None)
        if message and message != before:
            self._draw(message.blocks, key, aside="changed" if before else "", thread=True)
        elif before and not message:
            self._draw((Footnote("That late answer was taken back."),), key, thread=True)
        if message:
            self._posted[key] = message

    async def pin(self, channel: Channel, message_id: str) -> None:
        """Nothing: a terminal pins nothing."""

    async def unpin(self, channel: Channel, message_id: str) -> None:
        """Nothing is pinned."""

    async def find(self, channel: Channel, key: str) -> str | None:
        """The id of a message posted on this screen; an older scrollback cannot be searched."""
        return key if key in self._posted else None

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        """Draw a message for one member, and write its files."""
        paths = [self._written(file, member_id) for file in message.files]
        said = Footnote(" · ".join(map(str, paths)))
        self.answer(replace(message, blocks=(*message.blocks, said)) if paths else message, member_id)

    def _written(self, file: File, member_id: str) -> Path:
        """Write a file, and where it lies. A name at the terminal may hold what a path cannot."""
        folder = self._files / re.sub(r"[^\w-]", "_", member_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / file.name
        path.write_text(file.text, encoding="utf-8")
        return path

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        """The first member administers the channel, so that the others show what everyone may do."""
        return "admin" if member.id == FIRST else "member"

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        """Nothing but a place to pin to."""
        return ("A terminal pins nothing.",) if to == "pin" else ()

    async def zone_of(self, team: str, member_id: str) -> str | None:
        """The zone of the machine."""
        return self._zone

    def answer(self, message: Message, member_id: str) -> None:
        """Draw the reply to a member."""
        seen_by = member_id if message.private else None
        self.screen.speak(message.blocks, self._number(None, seen_by), aside=only(seen_by))

    def _draw(
        self, blocks: tuple[Block, ...] | list[Block], key: str, aside: str = "", thread: bool = False
    ) -> None:
        when = clock(self._now())
        line = f"{when} · {aside}" if aside else when
        self.screen.speak(blocks, self._number(key, None), aside=line, thread=thread)

    def _number(self, message_id: str | None, shown_to: str | None) -> Callable[[Button], int]:
        return lambda button: self.keypad.add(Key(button, message_id, shown_to))


def only(member_id: str | None) -> str:
    """The mark of a message that one member sees."""
    if member_id is None:
        return ""
    return "only you see this" if member_id == FIRST else f"only {member_id} sees this"
