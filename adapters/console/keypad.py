"""Which number presses which button, and for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.errors import Refusal
from bot.messages import Block, Button, Buttons


@dataclass(frozen=True, slots=True)
class Key:
    """A button on the screen. `shown_to` is the only member who sees it; None means everyone."""

    button: Button
    message_id: str | None
    shown_to: str | None


class Keypad:
    """The buttons on one screen; numbers count up and are never given twice."""

    def __init__(self) -> None:
        self._keys: dict[int, Key] = {}
        self._last = 0

    def add(self, key: Key) -> int:
        """Give the button a number."""
        self._last += 1
        self._keys[self._last] = key
        return self._last

    def keep(self, message_id: str, blocks: Collection[Block]) -> None:
        """Forget the buttons of a message that are no longer among its blocks."""
        kept = {button for block in blocks if isinstance(block, Buttons) for button in block.buttons}
        gone = [n for n, key in self._keys.items() if key.message_id == message_id and key.button not in kept]
        for number in gone:
            del self._keys[number]

    def press(self, number: int, member_id: str) -> str:
        """The command of the button with this number."""
        key = self._keys.get(number)
        if key is None:
            raise Refusal(f"No button has the number {number} now. Type the number of a button shown above.")
        if key.shown_to not in (None, member_id):
            raise Refusal(f"Only {key.shown_to} can press button {number}. Type `/as {key.shown_to}` first.")
        return key.button.command
