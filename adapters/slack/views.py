"""Slack's windows: the modal of a form, a reply shown in one, and App Home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    RichTextBlock,
)
from slack_sdk.models.views import View

from adapters.slack.blocks import (
    MOST_ROWS,
    Native,
    Part,
    native_of,
    natives,
    parts,
    plain_text,
    rich_block,
    text_run,
)
from adapters.slack.richtext import pieces, rich_text
from bot.messages import (
    TEXT,
    Block,
    Form,
    Input,
    Message,
    Table,
)

MOST_BLOCKS_IN_VIEW = 100
# Slack refuses a view of more than 250 kB; the rest is for its frame.
LARGEST_VIEW = 240_000
LONGEST_INPUT = 3000
FORM = "llmq_form"


def natives_in_view(block: Block) -> Sequence[Native]:
    """The Slack blocks of one block in a window or in App Home, where there are no tables."""
    return tuple(map(native_of, row_lines(block))) if isinstance(block, Table) else natives(block)


def row_lines(table: Table) -> Iterator[dict[str, Any]]:
    """A table where Slack draws none: a line a row."""
    if any(table.header):
        yield {"type": "context", "elements": [plain_text(" · ".join(filter(None, table.header)))]}
    lines = [" · ".join(row) for row in table.rows]
    for at in range(0, len(lines), MOST_ROWS):
        numbered = enumerate(lines[at : at + MOST_ROWS], start=at)
        runs = (text_run(f"{line}\n", bold=n == table.own) for n, line in numbered)
        yield rich_block("section", *runs)


def form_view(form: Form, metadata: str) -> dict[str, Any]:
    """The modal of a form. `metadata` comes back with what is submitted."""
    question = (RichTextBlock(elements=list(run)) for run in rich_text(form.question))
    fields = (block for one in form.inputs for block in input_blocks(one, first=one is form.inputs[0]))
    view = View(
        type="modal",
        callback_id=FORM,
        title=plain_text(form.title),
        submit=plain_text("Send"),
        close=plain_text("Cancel"),
        private_metadata=metadata,
        blocks=[*question, *fields],
    )
    return view.to_dict()


def input_blocks(asked: Input, *, first: bool) -> Iterator[InputBlock]:
    """The fields of one input. What is too long for one goes on in the next, so that none of it is lost."""
    for n, initial in enumerate(pieces(asked.initial, LONGEST_INPUT)):
        yield InputBlock(
            block_id=f"{asked.name}_{n}" if n else asked.name,
            label=plain_text(asked.label),
            element=element_of(asked, initial, focus=first and n == 0, least=0 if n else asked.least),
            optional=True if n or asked.optional else None,
        )


def element_of(asked: Input, initial: str, *, focus: bool, least: int) -> InputInteractiveElement:
    if asked.kind == "choice":
        options = {value: Option(value=value, text=plain_text(words)) for value, words in asked.choices}
        chosen = options.get(initial)
        return RadioButtonsElement(
            action_id=asked.name, options=[*options.values()], initial_option=chosen, focus_on_load=focus
        )
    return PlainTextInputElement(
        action_id=asked.name,
        multiline=asked.kind == "text",
        initial_value=initial or None,
        placeholder=plain_text(asked.hint) if asked.hint else None,
        # What stood there before may be shorter: it may have been a reply.
        min_length=None if len(initial) in range(1, least) else least or None,
        max_length=LONGEST_INPUT,
        focus_on_load=focus,
    )


def typed_in(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a form that was sent, by the names of its inputs."""
    typed: defaultdict[str, str] = defaultdict(str)
    for block in inputs_of(view):
        for name, state in view["state"]["values"][block["block_id"]].items():
            chosen = state.get("selected_option") or {}
            typed[name] += state.get("value") or chosen.get("value") or ""
    return dict(typed)


def field_of(view: Mapping[str, Any], about: str = "") -> str:
    """The field under which a refusal is said: the one it is about, else that of the text, else the first."""
    blocks = [str(block["block_id"]) for block in inputs_of(view)]
    return next((one for one in (about, TEXT) if one in blocks), blocks[0])


def inputs_of(view: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (block for block in view["blocks"] if block["type"] == "input")


def result_view(title: str, message: Message, metadata: str) -> tuple[dict[str, Any], tuple[Part, ...]]:
    """A modal that shows a reply, and what of the reply it has no room for."""
    drawn = [native for block in message.blocks for native in natives_in_view(block)]
    fits = 0
    room = LARGEST_VIEW
    while fits < min(len(drawn), MOST_BLOCKS_IN_VIEW) and (room := room - len(drawn[fits].json)) >= 0:
        fits += 1
    view = View(
        type="modal",
        title=plain_text(title),
        close=plain_text("Close"),
        private_metadata=metadata,
        blocks=[native.block for native in drawn[:fits]],
    )
    return view.to_dict(), parts(drawn[fits:], message)


def home_view(message: Message) -> dict[str, Any]:
    """A member's App Home."""
    return View(
        type="home", blocks=[native.block for block in message.blocks for native in natives_in_view(block)]
    ).to_dict()
