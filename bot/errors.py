"""The one exception whose words are meant for a person."""

from __future__ import annotations

from bot.messages import Button


class Refusal(Exception):
    """Something a person can fix. The text says what is wrong and what to do next, and is shown as it is.

    The buttons are what can be done about it. `field` is the input of a form that it is about.
    """

    def __init__(self, words: str, *buttons: Button, field: str = "") -> None:
        super().__init__(words)
        self.buttons, self.field = buttons, field
