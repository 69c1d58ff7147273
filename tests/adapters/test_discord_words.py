"""What Discord shows of the core's blocks: people's words as typed, ours as formatted, nothing too long."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from discord import ButtonStyle, ui
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.components import MOST_COMPONENTS, MOST_TEXT, Mark, parts_of, parts_to_find
from adapters.discord.modals import modal_of
from adapters.discord.words import escaped, in_discords_markdown
from bot.commands.reminding import settings_form
from bot.game.answers import text_form
from bot.game.reminders import Reminders
from bot.messages import (
    Bar,
    Bars,
    Block,
    Button,
    Buttons,
    Divider,
    Fields,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Quote,
    Table,
    announce,
    channel_link,
    in_channel,
    moment,
    thread_link,
)
from tests.fakes.discord.forms import faults_of_modal

# Discord's client takes away a backslash before anything that is no letter, digit or space.
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
BARE = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`<>\[\]@]|^\s*(?:[-+#]|\d+\.)", re.MULTILINE)
ANYTHING = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=9000
)
NASTY = st.sampled_from(
    ["<@123>", "<@!123>", "@everyone", "@here", "<#9>", "<@&5>", "```py\nx```", "`a`", "||s||", "[a](http://b.c)",
     "https://example.org/x_y_z", "<t:0:R>", "<:a:1>", "# big", "-# small", "> quote", "1. one",
     "- dash", "\\", "\\\\*"]
)  # fmt: skip


def shown(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def texts(view: Any) -> list[str]:
    """The texts of a message, in order."""
    return [item.content for item in view.walk_children() if type(item).__name__ == "TextDisplay"]


@given(st.lists(ANYTHING | NASTY, max_size=6).map("".join))
def test_peoples_words_are_shown_as_typed_and_begin_no_format(text: str) -> None:
    sent = escaped(text)
    assert shown(sent) == text
    assert not BARE.search(sent.replace("\\\\", "x"))


@given(st.lists(ANYTHING | NASTY, max_size=6).map("".join))
def test_a_quotation_is_split_and_never_cut(text: str) -> None:
    views = parts_of(announce(Quote("Ana", text)))
    lines = [line for view in views for part in texts(view) for line in part.split("\n")]
    assert lines[0] == "**Ana**"
    said = (shown(line.removeprefix("> ")) for line in lines if line != "**Ana**")
    assert "".join(said) == text.replace("\n", "")


BLOCKS = (
    st.builds(Quote, st.text("ab", min_size=1, max_size=9), ANYTHING)
    | st.builds(Markdown, st.text("word *_`\n", max_size=3000))
    | st.just(Divider())
    | st.just(Buttons(tuple(Button(str(n), f"b{n}") for n in range(5))))
)


@given(st.lists(BLOCKS, min_size=1, max_size=60))
def test_every_message_keeps_to_discords_limits(blocks: list[Any]) -> None:
    for view in parts_of(announce(*blocks)):
        assert sum(map(len, texts(view))) <= MOST_TEXT
        assert sum(len(part.encode()) + 12 for part in texts(view)) <= 10_170
        assert sum(1 for _ in view.walk_children()) <= MOST_COMPONENTS


@pytest.mark.parametrize(
    ("ours", "discords"),
    [
        ("Plain words,\non two lines.", ["Plain words, on two lines."]),
        ("**bold**, *italic*, ~~gone~~ and `P(y|x)`", ["**bold**, *italic*, ~~gone~~ and `P(y|x)`"]),
        ("one\n\ntwo", ["one", "two"]),
        ("# Big\n\nwords", ["**Big**", "words"]),
        ("- one\n- two\n  - deeper", ["- one\n- two\n  - deeper"]),
        ("3. three\n4. four", ["3. three\n4. four"]),
        ("```py\nx = 1\n```", ["```py\nx = 1\n```"]),
        ("[a paper](https://example.org/a_b)", ["[a paper](<https://example.org/a_b>)"]),
        ("[bad](javascript:x)", ["\\[bad\\](javascript:x)"]),
        ("a < b @everyone <@1>", ["a \\< b \\@everyone \\<\\@1\\>"]),
        ("> said", ["> said"]),
        (channel_link("123"), ["<#123>"]),
        ("`` a ` b ``", ["`` a ` b ``"]),
    ],
)
def test_our_markdown_becomes_discords(ours: str, discords: list[str]) -> None:
    assert in_discords_markdown(ours) == discords


def test_a_table_has_a_line_a_row_and_no_name_formats_anything() -> None:
    table = Table(("Place", "Member", ""), (("1", "Ana", "4"), ("2", "*bob* <@1>", "3")), own=0)
    (view,) = parts_of(announce(table))
    assert texts(view) == ["-# Place · Member\n**1 · Ana · 4**\n2 · \\*bob\\* \\<\\@1\\> · 3"]


def test_columns_keep_their_fence_whatever_stands_in_them() -> None:
    (view,) = parts_of(announce(Grid("a  b ``` @everyone 漢字")))
    (only,) = texts(view)
    assert only.startswith("```\na  b")
    assert only.count("```") == 2


def test_long_columns_are_split_into_fences_of_their_own() -> None:
    views = parts_of(announce(Grid("\n".join("x" * 80 for _ in range(100)))))
    parts = [part for view in views for part in texts(view)]
    assert len(parts) > 1
    assert all(part.startswith("```\n") and part.endswith("\n```") for part in parts)
    assert sum(part.count("x" * 80) for part in parts) == 100


def test_the_parts_of_a_long_answer_each_have_its_authors_name() -> None:
    views = parts_of(announce(Quote("Ana *B*", "word " * 2000)))
    assert len(views) == 3
    assert {part.split("\n")[0] for view in views for part in texts(view)} == {"**Ana \\*B\\***"}
    assert sum(part.count("word") for view in views for part in texts(view)) == 2000


MOMENT = moment(datetime(2026, 11, 24, 16, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
DAY = moment(datetime(2026, 11, 24, 16, tzinfo=UTC), ZoneInfo("Europe/Berlin"), "day")


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (Markdown(f"Next: **{MOMENT}**, *{DAY}*."), "Next: **<t:1795536000:t>**, *<t:1795536000:f>*."),
        (Markdown(f"`{MOMENT}`"), "`17:00 (CET)`"),
        (Fields(((MOMENT, f"a_b {DAY}"),)), "**17:00 (CET):** a\\_b <t:1795536000:f>"),
        (Footnote(f"Until {MOMENT}."), "-# Until <t:1795536000:t>."),
        (Heading(f"At {DAY} in {in_channel('7')}"), "### At Tue 24 Nov, 17:00 (CET) in <#7>"),
        (Fields(((f"In {in_channel('7')}", "x"),)), "**In <#7>:** x"),
        (Markdown(thread_link("5", "7", "Open the thread")), "<#7>"),
        (Bars((Bar("1 of 2 · a_b", 0.5), Bar("0 of 2 · c", 0))), "1 of 2 · a\\_b `██████`\n0 of 2 · c"),
    ],
)
def test_moments_channels_threads_and_bars(block: Block, shown: str) -> None:
    (view,) = parts_of(announce(block))
    assert texts(view) == [shown]


def test_nobodys_words_become_a_moment_or_a_channel() -> None:
    said = f"{MOMENT} {in_channel('7')}"
    (view,) = parts_of(announce(Quote(said, said), Table(("a",), ((said,),))))
    assert "<" not in "".join(texts(view))


def test_what_cannot_be_undone_has_a_red_button() -> None:
    (view,) = parts_of(announce(Buttons((Button("Erase all", "erase", danger=True), Button("Keep", "keep")))))
    styles = [item.style for item in view.walk_children() if isinstance(item, ui.Button)]
    assert styles == [ButtonStyle.danger, ButtonStyle.secondary]


def test_each_part_of_a_post_has_a_mark_of_its_own_that_is_always_the_same() -> None:
    message = announce(Quote("Ana", "word " * 2000))
    parts = parts_to_find(message, "key")
    assert [part.mark for part in parts] == [Mark.of("key", n) for n in range(3)]
    assert {part.mark for part in parts}.isdisjoint(part.mark for part in parts_to_find(message, "other"))
    for part in parts:
        (container,) = part.view.to_components()  # type: ignore[no-untyped-call]
        assert container["id"] == part.mark.number
        assert 1000 <= part.mark.number < 2**31
        assert len(part.mark.nonce) <= 25


def test_the_other_kinds() -> None:
    (view,) = parts_of(announce(Heading("A *title*"), Fields((("Next", "one\ntwo"),)), Footnote("small")))
    assert texts(view) == ["### A \\*title\\*", "**Next:** one\ntwo", "-# small"]


def test_a_form_asks_in_a_modal_that_is_named_by_its_command() -> None:
    modal = modal_of(text_form("Your answer", "**Why?**", "answer @1:2", "before")).to_dict()
    assert (modal["custom_id"], modal["title"]) == ("answer @1:2", "Your answer")
    words, label = modal["components"]
    assert words["content"] == "**Why?**"
    assert (label["label"], label["component"]["value"]) == ("In your own words", "before")
    assert label["component"]["max_length"] == 4000


def test_a_form_of_five_inputs_fits_a_modal_and_says_still_what_it_is_about() -> None:
    form = settings_form(Reminders(), hidden=False, judge=True)
    assert len(form.inputs) == 5
    modal = modal_of(form).to_dict()
    assert list(faults_of_modal(modal)) == []
    assert [one["label"] for one in modal["components"]] == [asked.label for asked in form.inputs]
    assert modal["components"][0]["description"] == form.question
