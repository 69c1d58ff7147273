"""What Discord shows of the core's blocks: people's words as typed, ours as formatted, nothing too long."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.components import MOST_COMPONENTS, MOST_TEXT, modal_of, parts_of
from adapters.discord.words import escaped, in_discords_markdown
from bot.messages import (
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
    text_form,
)

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
    assert "".join(shown(line.removeprefix("> ")) for line in lines[1:]) == text.replace("\n", "")


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


def test_columns_line_up_and_no_name_ends_their_fence() -> None:
    table = Table(("Rank", "Member"), (("1", "Ana"), ("2", "``` @everyone 漢字")), own=0)
    (view,) = parts_of(announce(table, Grid("a  b")))
    first, second = texts(view)
    assert first.count("```") == 2
    assert "→ 1     Ana" in first
    assert second == "```\na  b\n```"


def test_a_long_table_is_parted_into_fences_of_their_own() -> None:
    rows = tuple((str(n), "x" * 80) for n in range(100))
    views = parts_of(announce(Table(("n", "words"), rows)))
    parts = [part for view in views for part in texts(view)]
    assert len(parts) > 1
    assert all(part.startswith("```\n") and part.endswith("\n```") for part in parts)
    assert sum(part.count("x" * 80) for part in parts) == 100


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
