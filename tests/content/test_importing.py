"""Importing Markdown in the plain form, and writing decks that read as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from content.checking import check_deck
from content.deck import Deck, KeyPoint, Level, Question, Reference
from content.importing import import_deck
from content.reading import parse_deck
from content.writing import render_deck

PLAIN = """\
# Questions on Retrieval

## 1. Describe a search system that you have built.

**Answer:**
*(Adapt with your own project)*

I built a search over **manuals**.

It ranked passages.

## 2. What is the difference between sparse and dense retrieval?

**Answer:**
**Sparse Retrieval:** Matches words, weighted by their rarity, as in P(w|d).

**Dense Retrieval:** Compares embeddings. **Cost:** An index of vectors.

## 3. Which stores have you used?

**Answer:**
*(Customise with your experience)*
**Vectors:** An index in memory.
**Words:** An inverted index.

---

*These answers cover retrieval. Adapt them before an interview.*"""


def written(text: str, name: str = "retrieval") -> str:
    """The file of the imported deck."""
    return render_deck(import_deck(text, Path(f"{name}.md")).deck)


def imported(text: str, name: str = "retrieval") -> Deck:
    deck, faults = parse_deck(written(text, name), Path("retrieval.md"))
    assert faults == ()
    return deck


def test_the_plain_form_becomes_a_deck_with_ids_and_marks() -> None:
    assert written(PLAIN) == dedent(
        """\
        # Questions on Retrieval

        - id: retrieval
        - language: en

        ## Describe a search system that you have built.

        - id: describe-a-search-system-that-you-have
        - own experience: yes

        **Answer:**

        I built a search over **manuals**.

        It ranked passages.

        ## What is the difference between sparse and dense retrieval?

        - id: what-is-the-difference-between-sparse

        **Answer:**

        **Sparse Retrieval:** Matches words, weighted by their rarity, as in P(w|d).

        **Dense Retrieval:** Compares embeddings. **Cost:** An index of vectors.

        ## Which stores have you used?

        - id: which-stores-have-you-used
        - own experience: yes

        **Answer:**

        **Vectors:** An index in memory.
        **Words:** An inverted index.
        """
    )


def test_what_only_a_person_can_mend_is_left_to_the_check() -> None:
    (fault,) = check_deck(imported(PLAIN))
    assert (fault.line, fault.fatal) == (6, False)
    assert "a heading that is not a question" in fault.problem


def test_an_import_imported_again_stays_as_it_is() -> None:
    once = written(PLAIN)
    assert written(once, "another-name") == once


@pytest.mark.parametrize(
    "answer",
    [
        "*(Describe your project)*\n\nText.",
        "*Adapt this.*\n\nText.",
        "*(Adapt)* and more.",
        "(Adapt this)\n\nText.",
        "Text.\n\n*(Adapt this)*",
        "*(Adapters are small)*\n\nText.",
        "```\n*(Adapt)*\n```",
    ],
)
def test_other_text_in_brackets_or_italics_is_no_mark(answer: str) -> None:
    (question,) = imported(f"## Why?\n\n**Answer:**\n{answer}").questions
    assert (question.answer, question.own_experience) == (answer, False)


@pytest.mark.parametrize("note", ["_(Customize this)_", "*(please\nadapt it)*", "*(ADAPT: **your** `work`)*"])
def test_a_note_to_adapt_is_recognised_however_it_is_set(note: str) -> None:
    (question,) = imported(f"## Why?\n\n**Answer:**\n{note}\nText.").questions
    assert (question.answer, question.own_experience) == ("Text.", True)


def test_an_import_of_windows_text_is_the_same() -> None:
    assert written("\ufeff" + PLAIN.replace("\n", "\r\n")) == written(PLAIN)


def test_a_name_that_cannot_be_an_id_is_made_one() -> None:
    assert (
        imported(PLAIN, "My Interview Questions (draft) on Retrieval").id == "my-interview-questions-draft-on"
    )


def test_a_question_without_an_answer_stays_a_fault_after_the_import() -> None:
    _, faults = parse_deck(written("## Why?\n\n## How?\n\nSo.\n"), Path("d.md"))
    assert [(fault.problem, fault.fatal) for fault in faults] == [("an empty answer", True)]


def test_every_part_of_a_deck_is_written() -> None:
    question = Question(
        id="csharp",
        prompt="Why C #",
        answer="    code first\n\nthen text",
        topic="languages",
        level=Level.HARD,
        follow_up_of="other",
        review_by=date(2027, 1, 31),
        own_experience=True,
        key_points=(KeyPoint("P(y|x)", ("P(y|x)",)), KeyPoint("=sign", ("a = b", "c"))),
        pitfall="- not\n- so",
        references=(Reference("A [b] *c* & &amp; <d>", "https://a.org/x_(y)?a=1&amp;b"),),
    )
    deck = Deck(
        "d", "On C#", "en", "CC-BY-4.0", (Question("other", "What?", "That."), question), Path("d.md")
    )
    read, faults = parse_deck(render_deck(deck), deck.path)
    assert faults == ()
    assert replace(read, questions=tuple(replace(each, line=0) for each in read.questions)) == deck
