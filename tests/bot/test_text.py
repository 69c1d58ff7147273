"""What members type, made safe and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.errors import Refusal
from bot.game.answers import checked_answer, is_long_enough
from bot.game.rules import LONGEST_ANSWER, SHORTEST_ANSWER
from bot.text import clean
from bot.wording import did_you_mean, escape_markdown, nearest, plain
from content.words import joined, normalised

ANYTHING = st.text(st.characters(codec=None))
KNOWN = ("leaderboard", "streak", "Europe/Berlin")


@given(ANYTHING)
def test_cleaned_text_can_be_stored_and_shown(text: str) -> None:
    shown = clean(text)
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert all(sign in "\n\t" or not ("\x00" <= sign < " " or "\x7f" <= sign < "\xa0") for sign in shown)


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "a\ttab",
        "שלום עולם",
        "👩\u200d🔬 at work",
        "e\u0301 combined",
        "“smart”",
        "<!channel> *x*",
    ],
)
def test_what_people_write_on_purpose_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("  room  ", "room"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("\u2067ana\u2069", "ana"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("half \ud83d a character", "half  a character"),
        ("nul\x00", "nul"),
        ("c1 \x85 next", "c1  next"),
    ],
)
def test_control_characters_and_halves_of_characters_are_dropped(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("text", ["", " " * 50, "\x00" * 50, "\ud800" * 50, "short", "123456789 "])
def test_an_answer_that_says_nothing_is_refused(text: str) -> None:
    assert not is_long_enough(text)
    with pytest.raises(Refusal, match="write at least 10 characters"):
        checked_answer(text)


def words(length: int) -> str:
    return ("yes! " * length)[: length - 1] + "."


def test_an_answer_is_taken_from_its_shortest_to_its_longest_length() -> None:
    assert checked_answer(words(SHORTEST_ANSWER)) == words(SHORTEST_ANSWER)
    assert checked_answer(f" {words(LONGEST_ANSWER)}\n") == words(LONGEST_ANSWER)
    with pytest.raises(Refusal, match=r"Your answer has 4,001 characters; 4,000 fit\."):
        checked_answer(words(LONGEST_ANSWER + 1))


@pytest.mark.parametrize(
    "again",
    [
        "What is P(y|x), exactly?",
        "what is p(y|x) exactly",
        "  WHAT IS   P(Y|X), EXACTLY??\n",
        "**What is P(y|x), exactly?**",
        "\uff37\uff48at is P(y|x), exactly\uff1f",
        "What_is_P(y|x)_exactly",
    ],
)
def test_a_question_is_recognised_in_any_spacing_and_case(again: str) -> None:
    assert normalised(again) == normalised("What is P(y|x), exactly?")


def test_another_text_is_not_taken_for_the_question() -> None:
    assert normalised("What is P(x|y), exactly?") != normalised("What is P(y|x), exactly?")


@given(ANYTHING)
def test_the_plain_form_of_any_text_is_letters_and_digits(text: str) -> None:
    assert normalised(text) == "" or normalised(text).isalnum()


def test_the_nearest_words_are_found_whatever_their_case() -> None:
    assert nearest("LEDERBOARD", KNOWN) == ["leaderboard"]
    assert nearest("europe/berln", KNOWN) == ["Europe/Berlin"]
    assert nearest("xyz", KNOWN) == []


def test_suggestions_are_put_into_a_sentence() -> None:
    assert did_you_mean([]) == ""
    assert did_you_mean(["a"]) == " Did you mean `a`?"
    assert did_you_mean(["a", "b"]) == " Did you mean `a` or `b`?"
    assert did_you_mean(["a", "b", "c"]) == " Did you mean `a`, `b` or `c`?"


def test_words_are_joined_as_a_person_lists_them() -> None:
    assert [joined(names) for names in ([], ["a"], ["a", "b"])] == ["", "a", "a or b"]
    assert joined(("a", "b", "c"), "and") == "a, b and c"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("What does `fit` do?", "What does fit do?"),
        (r"What does layer\_norm do?", "What does layer_norm do?"),
        (r"Why \*two\* \<b\> \& \~3\~?", "Why *two* <b> & ~3~?"),
    ],
)
def test_a_line_without_formats_has_no_marks_of_markdown(markdown: str, shown: str) -> None:
    assert plain(markdown) == shown


@pytest.mark.parametrize(
    "label",
    ["P(y|x)", "a_b *c*", "&#x202E;AT&amp;T", "&#57344;9|time|x&#57345;", "# big", "1. one", "- x", "~~no~~"],
)
def test_a_label_stands_in_a_list_as_it_is_written(label: str) -> None:
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(f"- {escape_markdown(label)}")
    kinds = [token.type for token in tokens if token.type.endswith("_open")]
    assert kinds == ["bullet_list_open", "list_item_open", "paragraph_open"]
    assert "".join(child.content for token in tokens for child in token.children or ()) == label
