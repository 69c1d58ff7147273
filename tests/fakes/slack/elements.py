"""The shapes of what stands inside Slack's blocks: texts, options, buttons, fields to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack.schema import (
    Check,
    anything,
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

KIND: dict[str, Check] = {"type": string()}
ACTION_ID = string(255)
LONGEST_TYPED = 3000


def plain(most: int) -> Check:
    fields = shape({**KIND, "text": string(most)}, {"emoji": boolean})
    return typed({"plain_text": fields}, "text object")


def text(most: int) -> Check:
    fields = shape({**KIND, "text": string(most)}, {"emoji": boolean})
    marked = shape({**KIND, "text": string(most)}, {"verbatim": boolean})
    return typed({"plain_text": fields, "mrkdwn": marked}, "text object")


def option(words: Check, also: Mapping[str, Check] | None = None) -> Check:
    return shape({"text": words, "value": string(150)}, {"description": text(75), **(also or {})})


OPTION, MARKED_OPTION = option(plain(75)), option(text(75))
GROUP = shape({"label": plain(75), "options": listing(OPTION, 100)})
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
ACTING: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}
FILLED: dict[str, Check] = {"placeholder": plain(150), **ACTING}
WRITTEN: dict[str, Check] = {
    "action_id": ACTION_ID,
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": shape({}, {"trigger_actions_on": listing(string(), 2)}),
}
MANY: dict[str, Check] = {"max_selected_items": integer(1)}
LIMITS: dict[str, Check] = {"min_length": integer(0, LONGEST_TYPED), "max_length": integer(1, LONGEST_TYPED)}
FILE = both(shape({}, {"id": string(), "url": string(3000)}), needs_any("id", "url"))


def initial_fits(value: Any, at: str) -> Iterator[str]:
    """What a field starts with must be allowed in it."""
    initial, most = value.get("initial_value"), value.get("max_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        yield fault(f"must be less than {most + 1} characters", f"{at}/initial_value")


def of(also: Mapping[str, Check], needed: Mapping[str, Check] | None = None) -> Check:
    return shape({**KIND, **(needed or {})}, also)


def selects(kind: str, also: Mapping[str, Check], initial: Mapping[str, Check]) -> dict[str, Check]:
    """A menu, and the same for several choices."""
    single, several = (f"initial_{name}" for name in initial)
    one, more = initial.values()
    return {
        kind: of({**FILLED, **also, single: one}),
        f"multi_{kind}": of({**FILLED, **also, **MANY, several: more}),
    }


CHOICES: dict[str, Check] = {"options": listing(OPTION, 100), "option_groups": listing(GROUP, 100)}
PLACES: dict[str, Check] = {
    "default_to_current_conversation": boolean,
    "response_url_enabled": boolean,
    "filter": anything,
}
IDS: tuple[Check, Check] = (string(), listing(string(), least=0))
SELECTS = {
    **selects("static_select", CHOICES, {"option": OPTION, "options": listing(OPTION, 100)}),
    **selects(
        "external_select",
        {"min_query_length": integer(0)},
        {"option": OPTION, "options": listing(OPTION, 100)},
    ),
    **selects("users_select", {}, dict(zip(("user", "users"), IDS, strict=True))),
    **selects("conversations_select", PLACES, dict(zip(("conversation", "conversations"), IDS, strict=True))),
    **selects(
        "channels_select",
        {"response_url_enabled": boolean},
        dict(zip(("channel", "channels"), IDS, strict=True)),
    ),
}
TIMES: dict[str, Check] = {
    "datepicker": of({**FILLED, "initial_date": string()}),
    "timepicker": of({**FILLED, "initial_time": string(), "timezone": string()}),
    "datetimepicker": of({**ACTING, "initial_date_time": integer(0)}),
}
TICKS: dict[str, Check] = {
    "checkboxes": of(
        {**ACTING, "initial_options": listing(MARKED_OPTION, 10)}, {"options": listing(MARKED_OPTION, 10)}
    ),
    "radio_buttons": of({**ACTING, "initial_option": MARKED_OPTION}, {"options": listing(MARKED_OPTION, 10)}),
}
FIELDS: dict[str, Check] = {
    "plain_text_input": both(
        of({**WRITTEN, **LIMITS, "initial_value": string(least=0), "multiline": boolean}), initial_fits
    ),
    "email_text_input": of({**WRITTEN, "initial_value": string()}),
    "url_text_input": of({**WRITTEN, "initial_value": string()}),
    "number_input": of(
        {**WRITTEN, "initial_value": string(), "min_value": string(), "max_value": string()},
        {"is_decimal_allowed": boolean},
    ),
    "rich_text_input": of({**WRITTEN, "initial_value": anything}),
    "file_input": of({"action_id": ACTION_ID, "filetypes": listing(string()), "max_files": integer(1, 10)}),
}
BUTTON = of(
    {
        "action_id": ACTION_ID,
        "value": string(2000),
        "url": string(3000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
    {"text": plain(75)},
)
OVERFLOW = of(
    {"action_id": ACTION_ID, "confirm": CONFIRM},
    {"options": listing(option(plain(75), {"url": string(3000)}), 5)},
)
IMAGE = both(
    of({"image_url": string(3000), "slack_file": FILE}, {"alt_text": string(2000)}),
    needs_any("image_url", "slack_file"),
)
ACTIVE: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **TIMES, **TICKS}
