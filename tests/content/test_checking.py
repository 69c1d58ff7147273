"""The rules of a deck beyond its form: lengths, follow-ups, wording, key points and links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from content.checking import ANSWER_LENGTH, MOST_KEY_POINTS, PROMPT_LENGTH, TOPIC_LENGTH, check_deck
from content.deck import Deck, Fault, KeyPoint, Question, Reference
from content.words import words

QUESTION = Question("why", "Why?", "It divides the logits before the softmax: P(y|x).", line=5)


def check(*questions: Question, **header: Any) -> tuple[Fault, ...]:
    return check_deck(replace(Deck("d", "D", "en", "MIT", questions, Path("d.md")), **header))


def point(*alternatives: str, label: str = "scales") -> Question:
    return replace(QUESTION, key_points=(KeyPoint(label, alternatives),))


def test_a_sound_deck_has_no_fault() -> None:
    second = Question("how", "How?", "So.", follow_up_of="why", line=9)
    assert check(QUESTION, second, language="pt-BR") == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": f"{'a' * PROMPT_LENGTH}?"},
        {"topic": "a" * (TOPIC_LENGTH + 1)},
        {"answer": "a" * (ANSWER_LENGTH + 1)},
        {"pitfall": "a" * 1001},
        {"key_points": (KeyPoint("logits", ("logits",)),) * (MOST_KEY_POINTS + 1)},
    ],
)
def test_what_the_platforms_could_not_show_is_fatal(changes: dict[str, Any]) -> None:
    (fault,) = check(replace(QUESTION, **changes))
    assert (fault.line, fault.fatal) == (5, True)


def test_no_file_has_the_id_of_the_teams_own_decks() -> None:
    (fault,) = check(QUESTION, id="team")
    assert (fault.line, fault.fatal) == (1, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": f"{'a' * (PROMPT_LENGTH - 1)}?"},
        {"answer": "a" * ANSWER_LENGTH},
        {"topic": "a" * TOPIC_LENGTH},
    ],
)
def test_what_just_fits_is_no_fault(changes: dict[str, Any]) -> None:
    assert check(replace(QUESTION, **changes)) == ()


@pytest.mark.parametrize("prompt", ["Describe it.", "Why? Say so.", "What ...", "?!"])
def test_a_heading_that_is_not_a_question_is_named_but_may_be_loaded(prompt: str) -> None:
    (fault,) = check(replace(QUESTION, prompt=prompt))
    assert (fault.problem, fault.fatal) == (f"a heading that is not a question: `{prompt}`", False)


@pytest.mark.parametrize("prompt", ["Why?", "What is `x?`", "What is *x?*", "لماذا؟", "什么\uff1f"])
def test_a_question_may_end_in_the_mark_of_its_script(prompt: str) -> None:
    assert check(replace(QUESTION, prompt=prompt)) == ()


def test_the_same_question_in_other_dress_is_named_with_the_first_ones_line() -> None:
    (fault,) = check(QUESTION, replace(QUESTION, id="other", prompt="**WHY**?", line=9))
    assert (fault.line, fault.problem, fault.fatal) == (9, "the same question as in line 5", False)


@pytest.mark.parametrize(
    ("followed", "problem"),
    [
        ("none", "follows `none`, which is not in this deck"),
        ("last", "follows `last`, which does not come before it"),
        ("why", "follows `why`, which does not come before it"),
    ],
)
def test_a_follow_up_comes_after_an_existing_question(followed: str, problem: str) -> None:
    (fault,) = check(replace(QUESTION, follow_up_of=followed), Question("last", "How?", "So.", line=9))
    assert (fault.line, fault.problem, fault.fatal) == (5, problem, True)


@pytest.mark.parametrize(
    "alternative", ["divides the logits", "SOFTMAX, logits", "P(y|x)", "before it; divides"]
)
def test_a_key_point_is_satisfied_by_the_words_of_one_alternative(alternative: str) -> None:
    assert check(point("nothing of this", alternative)) == ()


def test_a_key_point_that_the_answer_does_not_satisfy_names_the_missing_words() -> None:
    (fault,) = check(point("divides every logit twice", "sharper logits"))
    assert (
        fault.problem
        == "the key point `scales` has no alternative whose words are all in the reference answer"
    )
    assert "the answer lacks `sharper`" in fault.fix


def test_an_alternative_without_a_word_would_be_found_in_every_answer() -> None:
    (fault,) = check(point("+", "logits"))
    assert "has the alternative `+` without a word" in fault.problem


def test_a_key_points_label_has_a_length() -> None:
    (fault,) = check(point("logits", label="a" * 101))
    assert fault.fix == "shorten it to 100"


@pytest.mark.parametrize("url", ["mailto:a@b.org", "paper.pdf", "ftp://a.org", "https://", "http://[a"])
def test_a_reference_is_a_link_into_the_web(url: str) -> None:
    (fault,) = check(replace(QUESTION, references=(Reference("A paper", url),)))
    assert fault.problem == f"the reference `A paper` links to `{url}`"


@pytest.mark.parametrize("language", ["english language", "e", "en_GB", "en-"])
def test_a_language_is_a_tag(language: str) -> None:
    (fault,) = check(QUESTION, language=language)
    assert fault.problem == f"`{language}` is not a language tag"


def test_a_title_fits_a_choice() -> None:
    (fault,) = check(QUESTION, title="a" * 101)
    assert (fault.line, fault.fatal) == (1, True)


def test_words_do_not_depend_on_case_width_or_punctuation() -> None:
    assert words("Soft-Max, P(y|x); \uff21\uff22 x\u00b2 Straße") == {
        "soft",
        "max",
        "p",
        "y",
        "x",
        "ab",
        "x2",
        "strasse",
    }
