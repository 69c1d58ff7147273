"""What Slack takes as blocks and views, and what it refuses them for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slack.elements import (
    ACTIVE,
    FIELDS,
    FILE,
    IMAGE,
    KIND,
    SELECTS,
    TICKS,
    TIMES,
    plain,
    text,
)
from tests.fakes.slack.schema import (
    Check,
    boolean,
    both,
    fault,
    integer,
    listing,
    needs_any,
    one_of,
    shape,
    string,
    typed,
)

Json = dict[str, Any]
MOST_TEXT = 13_200
MOST_BLOCKS, MOST_BLOCKS_IN_VIEW = 50, 100
LARGEST_VIEW = 250_000

STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
STYLED: dict[str, Check] = {"style": STYLE}


def run(**needed: Check) -> Check:
    return shape({**KIND, **needed}, STYLED)


RUNS: dict[str, Check] = {
    "text": run(text=string()),
    "link": shape({**KIND, "url": string(3000)}, {"text": string(), "unsafe": boolean, **STYLED}),
    "emoji": shape({**KIND, "name": string()}, {"unicode": string(), "skin_tone": integer(1, 6), **STYLED}),
    "user": run(user_id=string()),
    "channel": run(channel_id=string()),
    "usergroup": run(usergroup_id=string()),
    "team": run(team_id=string()),
    "broadcast": run(range=one_of("channel", "here", "everyone")),
    "color": run(value=string()),
    "date": shape(
        {**KIND, "timestamp": integer(0), "format": string()},
        {"url": string(), "fallback": string(), **STYLED},
    ),
}
LINE = listing(typed(RUNS, "rich text"), least=0)
VERBATIM = listing(typed({"text": RUNS["text"], "link": RUNS["link"]}, "preformatted text"), least=0)
SECTION = shape({**KIND, "elements": LINE})
LIST = shape(
    {
        **KIND,
        "style": one_of("bullet", "ordered"),
        "elements": listing(typed({"rich_text_section": SECTION}, "list item")),
    },
    {"indent": integer(0, 8), "offset": integer(0), "border": integer(0, 1)},
)
RICH: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_list": LIST,
    "rich_text_preformatted": shape(
        {**KIND, "elements": VERBATIM}, {"border": integer(0, 1), "language": string()}
    ),
    "rich_text_quote": shape({**KIND, "elements": LINE}, {"border": integer(0, 1)}),
}
BLOCK: dict[str, Check] = {"block_id": string(255)}


def block(needed: dict[str, Check], also: dict[str, Check] | None = None) -> Check:
    return shape({**KIND, **needed}, {**BLOCK, **(also or {})})


RICH_TEXT = block({"elements": listing(typed(RICH, "rich text element"))})
CELL = typed({"rich_text": RICH_TEXT, "raw_text": shape({**KIND, "text": string()})}, "cell")
ACCESSORY = typed({**ACTIVE, "image": IMAGE}, "accessory")
COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
ASIDE: dict[str, Check] = {"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)}
EVERYWHERE: dict[str, Check] = {
    "section": both(
        block(
            {},
            {
                "text": text(3000),
                "fields": listing(text(2000), 10),
                "accessory": ACCESSORY,
                "expand": boolean,
            },
        ),
        needs_any("text", "fields"),
    ),
    "divider": block({}),
    "header": block({"text": plain(150)}),
    "context": block({"elements": listing(typed(ASIDE, "context element"), 10)}),
    "actions": block({"elements": listing(typed(ACTIVE, "action element"), 25)}),
    "image": both(
        block(
            {"alt_text": string(2000)},
            {"image_url": string(3000), "slack_file": FILE, "title": plain(2000)},
        ),
        needs_any("image_url", "slack_file"),
    ),
    "input": block(
        {"label": plain(2000), "element": typed({**FIELDS, **SELECTS, **TIMES, **TICKS}, "input element")},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
}
IN_MESSAGES: dict[str, Check] = EVERYWHERE | {
    "markdown": block({"text": string(12_000)}),
    "table": block({"rows": listing(listing(CELL, 20), 100)}, {"column_settings": listing(COLUMN, 20)}),
}
MESSAGE_BLOCK, VIEW_BLOCK = typed(IN_MESSAGES, "block"), typed(EVERYWHERE, "block")

HOME: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
MODAL = HOME | {
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
VIEW_BLOCKS = listing(VIEW_BLOCK, MOST_BLOCKS_IN_VIEW)
VIEWS: dict[str, Check] = {
    "modal": shape({**KIND, "title": plain(24), "blocks": VIEW_BLOCKS}, MODAL),
    "home": shape({**KIND, "blocks": VIEW_BLOCKS}, HOME),
}


def faults_of_message(blocks: Any) -> list[str]:
    """What Slack would not take in the blocks of a message."""
    return found(listing(MESSAGE_BLOCK, MOST_BLOCKS, least=0), blocks, "/blocks", lambda: blocks)


def faults_of_view(view: Any) -> list[str]:
    """What Slack would not take in a view."""
    faults = found(typed(VIEWS, "view"), view, "/view", lambda: view["blocks"])
    if faults:
        return faults
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if inputs and view["type"] == "modal" and "submit" not in view:
        return [fault("submit is needed when there is an input block", "/view/submit")]
    return [fault("the view is too large", "/view")] if len(json.dumps(view)) > LARGEST_VIEW else []


def found(check: Check, value: Any, at: str, blocks: Callable[[], Sequence[Json]]) -> list[str]:
    """Our own faults first; only what has none is shown to slack_sdk's models."""
    faults = list(check(value, at)) or list(repeated(blocks(), at))
    return faults or list(of_the_library(blocks(), at))


def repeated(blocks: Sequence[Json], at: str) -> Iterator[str]:
    """Ids that stand twice: a block's in the message, an action's in its block."""
    for one in twice([block.get("block_id") for block in blocks]):
        yield fault(f"block_id already exists: {one}", at)
    for n, block in enumerate(blocks):
        for one in twice(list(values(block, "action_id"))):
            yield fault(f"action_id already exists: {one}", f"{at}/{n}")


def twice(ids: Sequence[Any]) -> list[Any]:
    return [one for one in dict.fromkeys(ids) if one and ids.count(one) > 1]


def values(native: Any, field: str) -> Iterator[Any]:
    """What a field holds, wherever it stands."""
    if isinstance(native, dict):
        if field in native:
            yield native[field]
        native = list(native.values())
    if isinstance(native, list):
        for one in native:
            yield from values(one, field)


def of_the_library(blocks: Sequence[Json], at: str) -> Iterator[str]:
    for n, one in enumerate(blocks):
        try:
            for parsed in Block.parse_all([one]):
                parsed.to_dict()
        except SlackObjectFormationError as refused:
            yield fault(str(refused), f"{at}/{n}")


def text_length(blocks: Any) -> int:
    """All the text in blocks."""
    return sum(len(one) for one in values(blocks, "text") if isinstance(one, str))
