"""Discord's modal of a form."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from adapters.discord.components import separated
from adapters.discord.words import (
    in_discords_markdown,
)
from bot.messages import (
    Form,
    Input,
)

LONGEST_TITLE = 45
LONGEST_INPUT = 4000
# A modal holds so many parts, of which what is asked about takes one where there is room.
MOST_IN_MODAL = 5
LONGEST_HINT = 100


def modal_of(form: Form) -> ui.Modal:
    """The modal of a form, whose command is its name on the wire. Stopped at once, as messages are."""
    modal = ui.Modal(title=form.title[:LONGEST_TITLE], custom_id=form.command)
    is_full = len(form.inputs) >= MOST_IN_MODAL
    if not is_full:
        modal.add_item(ui.TextDisplay("\n".join(separated(in_discords_markdown(form.question)))))
    for n, asked in enumerate(form.inputs):
        hint = form.question[:LONGEST_HINT] if is_full and n == 0 else None
        modal.add_item(
            ui.Label(text=asked.label[:LONGEST_TITLE], description=hint, component=field_of(asked))
        )
    modal.stop()
    return modal


def field_of(asked: Input) -> ui.TextInput[Any] | ui.RadioGroup[Any]:
    if asked.kind == "choice":
        group: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=asked.name, required=not asked.optional)
        for value, words in asked.choices:
            group.add_option(label=words, value=value, default=value == asked.initial)
        return group
    style = discord.TextStyle.paragraph if asked.kind == "text" else discord.TextStyle.short
    return ui.TextInput(
        custom_id=asked.name,
        style=style,
        default=asked.initial[:LONGEST_INPUT] or None,
        placeholder=asked.hint or None,
        # What stood there before may be shorter: it may have been a reply.
        min_length=None if len(asked.initial) in range(1, asked.least) else asked.least or None,
        max_length=LONGEST_INPUT,
        required=not asked.optional,
    )
