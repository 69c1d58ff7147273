"""Reading a deck's text: the plain form, every optional part, and Markdown that looks like the form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from content.deck import Deck, Fault, KeyPoint, Level, Question, Reference
from content.reading import parse_deck

UNDER_A_LIST = "`**Answer:**` is read as a part of the list or quote right above it"
PLAIN = """\
## What does temperature change when a model samples a token?

**Answer:**
It divides the logits before the softmax.
"""

FULL = """\
# Sampling

- id: sampling-basics
- language: en-GB
- licence: MIT

## What is a softmax?

- id: softmax

**Answer:** A function that turns scores into a distribution.

## What does temperature change when a model samples a token?

- id: temperature
- topic: decoding
- level: easy
- follow-up of: softmax
- review by: 2027-06-01
- own experience: yes

**Answer:**
It divides the logits before the softmax.

**Limits:** At zero it is a plain argmax.

**Key points:**
- scales the logits = divides the logits | softmax(z/T)
- a joint P(y|x) = logits before | P(y|x)
- softmax

**Pitfall:**
It does not change which token is the most likely one.

**References:**
- [The Curious Case (Holtzman et al., 2020)](https://arxiv.org/abs/1904.09751)
- <https://example.org/a_(b)>
"""


def read(text: str, name: str = "sampling.md") -> Deck:
    """The deck of a text that has no fault."""
    deck, faults = parse_deck(dedent(text), Path(name))
    assert faults == ()
    return deck


def only(text: str) -> Question:
    (question,) = read(text).questions
    return question


def faults_of(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.problem) for fault in parse_deck(dedent(text), Path("sampling.md"))[1]]


def answered(answer: str, prompt: str = "Why?") -> str:
    return f"## {prompt}\n\n**Answer:**\n{answer}"


def test_a_plain_deck_takes_what_it_does_not_say_from_its_file_name() -> None:
    deck = read(PLAIN, "first-steps.md")
    assert (deck.id, deck.title, deck.language, deck.licence) == ("first-steps", "first steps", "en", "")
    (question,) = deck.questions
    assert question == Question(
        id="what-does-temperature-change-when-a",
        prompt="What does temperature change when a model samples a token?",
        answer="It divides the logits before the softmax.",
        has_own_id=False,
        line=1,
    )


def test_every_part_of_a_full_deck_is_read() -> None:
    deck = read(FULL)
    assert (deck.id, deck.title, deck.language, deck.licence) == (
        "sampling-basics",
        "Sampling",
        "en-GB",
        "MIT",
    )
    assert deck.questions[0].answer == "A function that turns scores into a distribution."
    assert deck.questions[1] == Question(
        id="temperature",
        prompt="What does temperature change when a model samples a token?",
        answer="It divides the logits before the softmax.\n\n**Limits:** At zero it is a plain argmax.",
        topic="decoding",
        level=Level.EASY,
        follow_up_of="softmax",
        review_by=date(2027, 6, 1),
        own_experience=True,
        key_points=(
            KeyPoint("scales the logits", ("divides the logits", "softmax(z/T)")),
            KeyPoint("a joint P(y|x)", ("logits before", "P(y|x)")),
            KeyPoint("softmax", ("softmax",)),
        ),
        pitfall="It does not change which token is the most likely one.",
        references=(
            Reference("The Curious Case (Holtzman et al., 2020)", "https://arxiv.org/abs/1904.09751"),
            Reference("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ),
        line=13,
    )


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_and_a_byte_order_mark_make_no_difference(ending: str) -> None:
    assert read("\ufeff" + FULL.replace("\n", ending)) == read(FULL)


@pytest.mark.parametrize("heading", ["1. Why?", "12) Why?", "1. 2. Why?", "Why?", "Why? ##"])
def test_a_number_before_a_question_is_dropped(heading: str) -> None:
    assert only(f"## {heading}\n\n**Answer:**\nSo.").prompt == "Why?"


def test_a_number_that_belongs_to_the_question_stays() -> None:
    assert only("## 3.5 or 4?\n\n**Answer:**\nSo.").prompt == "3.5 or 4?"


def test_an_underlined_heading_is_a_question_too() -> None:
    deck = read("Sampling\n========\n\nWhy is\nthis so?\n---\n\n**Answer:**\nSo.\n")
    assert (deck.title, deck.questions[0].prompt) == ("Sampling", "Why is this so?")


@pytest.mark.parametrize(
    "answer",
    [
        "```markdown\n## Not a question?\n\n**Pitfall:**\n---\n```",
        "    ## Not a question?\n    **Answer:**",
        "- one\n  - two\n\n    ## Not a question?\n- three",
        "> ## Not a question?\n> **Answer:**",
        "<!--\n## Not a question?\n-->",
        "### A heading of its own\n\n**In short:** text with `code` and *stress*  \nand a break",
        "Text of __Bold:__ kind\\\nand $x_i$ and P(y|x) and 2 * 3 * 4",
        "هل النموذج يتعلم؟ \u2067نعم\u2069 \N{ROBOT FACE} \N{FAMILY} 中文",
    ],
)
def test_an_answer_is_kept_as_it_was_written(answer: str) -> None:
    assert only(f"## Why?\n\n**Answer:**\n\n{answer}\n\n\n").answer == answer


@pytest.mark.parametrize("label", ["**Answer:**", "__Answer:__", "**answer:**"])
def test_an_answer_may_begin_on_the_line_of_its_label(label: str) -> None:
    assert only(f"## Why?\n{label} So,\nand so.").answer == "So,\nand so."


def test_what_follows_a_rule_belongs_to_no_question() -> None:
    deck = read(answered("So.\n\n---\n\n*A remark.*\n\n") + answered("Thus.\n\n***\n\nAnother.\n", "How?"))
    assert [question.answer for question in deck.questions] == ["So.", "Thus."]


def test_text_between_the_header_and_the_first_question_is_passed_over() -> None:
    deck = read("# Sampling\n\n- id: s\n\nAn introduction.\n\n- of two\n- points\n\n" + PLAIN)
    assert (deck.id, len(deck.questions)) == ("s", 1)


def test_labels_need_an_empty_line_under_a_list_alone() -> None:
    text = "## Why?\n- topic: reasons\n\n**Answer:**\nSo.\n**Key points:**\n- so\n\n**Pitfall:**\nNot so."
    question = only(text)
    assert (question.topic, question.answer, question.pitfall) == ("reasons", "So.", "Not so.")
    assert question.key_points == (KeyPoint("so", ("so",)),)


def test_text_on_the_label_line_never_becomes_a_heading_or_a_rule() -> None:
    assert only("## Why?\n\n**Answer:** ## So").answer == "\\## So"
    assert only("## Why?\n\n**Answer:**\n    ---\n").answer == "\\---"


def test_ids_made_from_headings_are_short_and_differ() -> None:
    heading = "How do Schrödinger's models differ from all of the others that came before?"
    ids = [question.id for question in read("\n\n".join([answered("So.", heading)] * 3)).questions]
    base = "how-do-schrodingers-models-differ-from"
    assert ids == [base, f"{base}-2", f"{base}-3"]


def test_ids_made_from_headings_give_way_to_ids_in_the_file() -> None:
    text = answered("So.") + "\n\n## How?\n\n- id: why\n\n**Answer:**\nThus."
    assert [(question.id, question.has_own_id) for question in read(text).questions] == [
        ("why-2", False),
        ("why", True),
    ]


def test_a_heading_without_latin_letters_gets_an_id_as_well() -> None:
    assert only(answered("نعم", "لماذا؟")).id == "question"


def test_the_id_from_a_file_name_with_blanks_is_a_slug() -> None:
    assert read(PLAIN, "My first Deck.md").id == "my-first-deck"


def test_a_key_point_keeps_bars_without_spaces() -> None:
    text = answered("So.\n\n**Key points:**\n- conditional P(y|x) = P(y|x) | y given x | |x|\n")
    assert only(text).key_points[0].alternatives == ("P(y|x)", "y given x", "|x|")


@pytest.mark.parametrize("text", ["", "\n\n", "# Only a title", "Just text.", "# Title\n\n- id: x\n\n---\n"])
def test_a_file_without_a_question_says_what_one_looks_like(text: str) -> None:
    deck, (fault,) = parse_deck(text, Path("empty.md"))
    assert deck.questions == ()
    assert fault.fatal
    assert str(fault).startswith("empty.md:1: no question in this file; write `## What …?`")
    assert "**Answer:**" in fault.fix


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("## Why?\n\nSo.", 1, "a question without an answer"),
        ("## Why?\n\n **Answer:** indented", 1, "a question without an answer"),
        ("## Why?\n\n**Answer:**\n\n---\n\nSo.", 3, "an empty answer"),
        ("## Why?\n\n**Answer:**\n\n## How?\n\n**Answer:**\nSo.", 3, "an empty answer"),
        ("## \n\n**Answer:**\nSo.", 1, "a heading without a question"),
        ("## 1.\n\n**Answer:**\nSo.", 1, "a heading without a question"),
        (
            "## Why?\n\n**Answer:**\nSo.\n\n**Answer:**\nThus.",
            6,
            "`**Answer:**` stands twice in this question",
        ),
        ("## Why?\n\n- id: a b\n\n**Answer:**\nSo.", 3, "`a b` cannot be an id"),
        (f"## Why?\n\n- id: {'a' * 41}\n\n**Answer:**\nSo.", 3, f"`{'a' * 41}` cannot be an id"),
        (f"- id: {'a' * 33}\n\n## Why?\n\n**Answer:**\nSo.", 1, f"`{'a' * 33}` cannot be an id"),
        ("## Why?\n- topic: x\n**Answer:**\nSo.", 3, UNDER_A_LIST),
        ("## Why?\n\n**Answer:**\n> So\n**Pitfall:**\nNot so.", 5, UNDER_A_LIST.replace("Answer", "Pitfall")),
        ("## Why?\n\n**Answer:**\nSo.\n\n```\nopen", 6, "code or HTML that begins here never ends"),
        ("## Why?\n\n**Answer:**\nSo.\n\n<!-- open", 6, "code or HTML that begins here never ends"),
    ],
)
def test_a_broken_form_is_fatal(text: str, line: int, problem: str) -> None:
    faults = parse_deck(text, Path("d.md"))[1]
    assert [(fault.line, fault.problem, fault.fatal) for fault in faults] == [(line, problem, True)]


def test_an_id_used_twice_is_fatal_where_it_stands_again() -> None:
    question = "## {}?\n\n- id: same\n\n**Answer:**\nSo.\n\n"
    _, (fault,) = parse_deck(question.format("Why") + question.format("How"), Path("d.md"))
    assert (fault.line, fault.problem, fault.fatal) == (8, "the id `same` is used twice", True)


FIELDS = "## Why?\n\n{}\n\n**Answer:**\nSo."
POINTS = "## Why?\n\n**Answer:**\nSo.\n\n**Key points:**\n{}"
LINKS = "## Why?\n\n**Answer:**\nSo.\n\n**References:**\n{}"


@pytest.mark.parametrize(
    ("text", "line", "problem", "fix"),
    [
        (FIELDS.format("- lvel: easy"), 3, "unknown field `lvel`", "write `level`"),
        (FIELDS.format("- license: MIT"), 3, "unknown field `license`", "write `id`, `topic`"),
        (FIELDS.format("- a remark"), 3, "not a field", "as in `- id: …`"),
        (FIELDS.format("- topic:"), 3, "`topic` has no value", "behind the colon"),
        (FIELDS.format("- topic: a\n- topic: b"), 4, "`topic` stands twice", "keep one"),
        (
            FIELDS.format("- topic: a\n  - b"),
            3,
            "there is more than `topic: …` in this list item",
            "one line",
        ),
        (FIELDS.format("- level: expert"), 3, "unknown level `expert`", "`easy`, `medium` or `hard`"),
        (FIELDS.format("- review by: 1/6/2027"), 3, "`1/6/2027` is not a date", "2027-06-01"),
        (FIELDS.format("- review by: 2027-02-30"), 3, "`2027-02-30` is not a date", "2027-06-01"),
        (FIELDS.format("- review by: 20270601"), 3, "`20270601` is not a date", "2027-06-01"),
        (FIELDS.format("- own experience: true"), 3, "`own experience` is `true`", "`yes` or `no`"),
        (FIELDS.format("A remark."), 3, "text between a question and its answer", "move it"),
        ("# T\n\n- licens: MIT\n\n" + PLAIN, 3, "unknown field `licens`", "write `licence`"),
        ("# T\n\nHello.\n\n- id: t\n\n" + PLAIN, 5, "`id` does not stand under the title", "directly under"),
        (PLAIN + "\n# More\n", 6, "a first-level heading that is not the deck's title", "`## `"),
        (PLAIN + "\n**Pitfall:** it is\n", 6, "`**Pitfall:**` is read as a heading in the text", "next line"),
        (PLAIN + "\n**Pitfall:**\n", 6, "an empty pitfall", "delete the label"),
        (PLAIN + "\n---\n\n**Pitfall:**\nIt is.\n", 8, "`**Pitfall:**` belongs to no question", "no rule"),
        (POINTS.format("so"), 7, "key points are a list and nothing else", "- shown label"),
        (POINTS.format(""), 6, "key points are a list and nothing else", "- shown label"),
        (POINTS.format("- so\n  - nested"), 7, "a key point is one line of text", "of its own"),
        (POINTS.format("- so | thus"), 7, "a key point without a label or without alternatives", "- shown"),
        (POINTS.format("- so ="), 7, "a key point without a label or without alternatives", "- shown"),
        (POINTS.format("- = so"), 7, "a key point without a label or without alternatives", "- shown"),
        (POINTS.format("- so = so | | thus"), 7, "an empty alternative in `so`", "delete"),
        (LINKS.format("- Holtzman et al., 2020"), 7, "a reference that is not one link", "[Title]"),
        (LINKS.format("- [A](https://a.org), p. 3"), 7, "a reference that is not one link", "[Title]"),
        (LINKS.format("- [](https://a.org)"), 7, "a reference that is not one link", "[Title]"),
        (
            LINKS.format("- [A](https://a.org) (source checked: maybe)"),
            7,
            "a reference that is not one link",
            "`(source",
        ),
        (LINKS.format("[A](https://a.org)"), 7, "references are a list and nothing else", "[Title]"),
        ("\x07" + PLAIN, 1, "an invisible control character (U+0007)", "delete it"),
    ],
)
def test_a_slip_is_named_with_its_line_and_what_to_write(
    text: str, line: int, problem: str, fix: str
) -> None:
    deck, (fault,) = parse_deck(text, Path("d.md"))
    assert (fault.line, fault.fatal, len(deck.questions)) == (line, False, 1)
    assert fault.problem.startswith(problem)
    assert fix in fault.fix


def test_all_faults_are_named_at_once_from_the_top_down() -> None:
    text = "## Why?\n\n- lvel: easy\n\n## How?\n\n- level: steep\n\n**Answer:**\n\n# More\n"
    assert faults_of(text) == [
        (1, "a question without an answer"),
        (3, "unknown field `lvel`"),
        (7, "unknown level `steep`"),
        (11, "a first-level heading that is not the deck's title"),
    ]


def test_a_rule_right_under_text_is_explained_where_it_made_a_heading() -> None:
    _, faults = parse_deck(PLAIN + "\nThe end of it\n---\n", Path("d.md"))
    assert "leave an empty line above the `---`" in faults[0].fix


def test_control_characters_are_left_out_of_what_is_loaded() -> None:
    deck, _ = parse_deck(answered("So\x00 it\x1b[31m is\ud800."), Path("d.md"))
    assert deck.questions[0].answer == "So it[31m is."


def test_a_fault_reads_as_one_line_with_its_place() -> None:
    fault = Fault(Path("decks/a.md"), 7, "an empty answer", "write it")
    assert str(fault) == "decks/a.md:7: an empty answer; write it"


def test_a_very_long_deck_is_read_whole() -> None:
    deck = read("\n\n".join([answered("word " * 50)] * 2000))
    assert len({question.id for question in deck.questions}) == 2000
