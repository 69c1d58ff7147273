"""The report on decks: every measure names what lies outside its bound, and leaves alone what lies inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from content.balance import chain, level_mix
from content.deck import Deck, KeyPoint, Level, Question, Reference
from content.prose import longest_sentence, prose, reading_ease, word_count
from content.reporting import near_duplicates, outliers, summary, unchecked, warnings

FACTS = ("It divides the logits.", "A low value sharpens the output.", "A high value flattens the output.")
FILLER = "The rest is as plain as it can be and long too. " * 6
POINTS = tuple(
    KeyPoint(label, (label, "other words", "third way", "fourth way"), line)
    for line, label in enumerate(("divides logits", "low sharpens", "high flattens"), 20)
)
SOUND = Question(
    "heat",
    "What does heat change?",
    f"{' '.join(FACTS)} {FILLER}",
    key_points=POINTS,
    pitfall="Many say that heat picks another most likely word, and that is wrong, since "
    "the order of all the words stays.",
    references=(Reference("On heat (Smith, 2020)", "https://arxiv.org/abs/1"),),
    line=7,
)


def deck(*questions: Question, path: str = "d.md") -> Deck:
    return Deck(Path(path).stem, "D", "en", "MIT", questions, Path(path))


def found(*questions: Question, seed: str = "") -> list[tuple[int, str]]:
    """What is outside in these questions, the mix of levels aside."""
    return [
        (each.line, f"{each.found}; {each.bound}")
        for each in outliers([deck(*questions)], seed)
        if each.line > 1
    ]


def test_a_sound_question_has_nothing_outside_its_bounds() -> None:
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"prompt": f"What {'x ' * 19}is it?"}, "22 words in the prompt; at most 20"),
        ({"answer": " ".join(FACTS)}, "16 words in the answer; 80 to 140"),
        ({"pitfall": "No."}, "1 words in the pitfall; 20 to 45"),
        ({"pitfall": ""}, "0 words in the pitfall; 20 to 45"),
        ({"key_points": POINTS[:2]}, "2 key points; 3 to 5"),
        (
            {"pitfall": f"One {' more' * 31}."},
            "32 words in the sentence `One more more more \u2026`; at most 30",
        ),
        ({"references": ()}, "0 sources; 1 to 4"),
        ({"references": SOUND.references * 5}, "5 sources; 1 to 4"),
        (
            {"references": (Reference("On heat (Smith)", "https://arxiv.org/abs/1"),)},
            "the source `On heat (Smith)`; is written `Title (Author et al., year)`",
        ),
        (
            {"references": (Reference("Heat", "https://a.org"),)},
            "the source `Heat`; is written `Title, whose`",
        ),
        (
            {"references": (Reference("Heat, A", "http://a.org"),)},
            "the address `http://a.org`; begins with `https://`",
        ),
        ({"answer": f"{SOUND.answer} As of 2026 it is so."}, "`As of`; needs a `review by`"),
        ({"answer": f"{SOUND.answer} ChatGPT has it."}, "`ChatGPT`; needs a `review by`"),
    ],
)
def test_what_is_outside_its_bound_is_named_at_the_questions_line(
    changes: dict[str, Any], expected: str
) -> None:
    assert (7, f"`heat`: {expected}") in found(replace(SOUND, **changes))


def test_what_ages_is_no_outlier_once_it_has_a_review_date() -> None:
    assert found(replace(SOUND, answer=f"{SOUND.answer} ChatGPT has it.", review_by=date(2027, 1, 1))) == []


def test_a_number_needs_a_source_or_an_expression(tmp_path: Path) -> None:
    question = replace(SOUND, answer=f"{SOUND.answer} That is 36 % of them.", references=())
    claim = "`heat`: `36`"
    assert claim in [each.found for each in outliers([deck(question)])]
    (tmp_path / "d.numbers.tsv").write_text("heat\t0.95**20\t0.36\t0.005\n")
    assert claim not in [each.found for each in outliers([deck(question, path=str(tmp_path / "d.md"))])]


def test_ones_own_experience_needs_no_source() -> None:
    assert found(replace(SOUND, own_experience=True, references=())) == []


def point(label: str, *alternatives: str) -> Question:
    others = tuple(replace(each, line=0) for each in POINTS[1:])
    return replace(SOUND, key_points=(KeyPoint(label, alternatives, 20), *others))


@pytest.mark.parametrize(
    ("alternatives", "expected"),
    [
        (["divides logits"], "1 alternatives of the point `p`; 4 to 16"),
        (["a1", "b2", "c3", "d4"], "the point `p` is not met by its own answer; is met by it"),
        (
            ["divides", "heat change", "c3", "d4"],
            "the point `p` is met by the prompt; is met by the answer alone",
        ),
    ],
)
def test_an_outlier_of_a_key_point_is_named_at_its_line(alternatives: list[str], expected: str) -> None:
    assert found(point("p", *alternatives)) == [(20, f"`heat`: {expected}")]


def test_a_point_that_many_other_answers_meet_is_too_loose() -> None:
    others = [replace(SOUND, id=f"q{n}", prompt=f"Why {n * 'x'}?", line=100 + n) for n in range(3)]
    assert (20, "`heat`: 3 answers to other questions meet the point `divides logits`; at most 2") in found(
        SOUND, *others
    )


def test_a_follow_up_shares_at_most_one_point_with_its_parent() -> None:
    child = replace(SOUND, id="cold", prompt="When does cold matter?", follow_up_of="heat", line=40)
    assert (40, "`cold`: 3 of its points are in the answer of `heat`; at most 1") in found(SOUND, child)


def test_a_follow_up_stands_below_its_parent() -> None:
    child = replace(SOUND, id="cold", prompt="When does cold matter?", follow_up_of="heat", line=3)
    assert (3, "`cold`: stands above `heat`, which it follows; stands below it") in found(child, SOUND)


def test_a_chain_is_at_most_three_deep_and_ends_even_where_it_is_a_ring() -> None:
    links = {n: Question(str(n), "?", ".", follow_up_of=str(n - 1) if n else None) for n in range(4)}
    by_id = {each.id: each for each in links.values()}
    assert [len(chain(each, by_id)) for each in links.values()] == [1, 2, 3, 4]
    ring = {"a": Question("a", "?", ".", follow_up_of="b"), "b": Question("b", "?", ".", follow_up_of="a")}
    assert chain(ring["a"], ring) == ["a", "b"]


def levels(easy: int, medium: int, hard: int) -> Deck:
    mix = [Level.EASY] * easy + [Level.MEDIUM] * medium + [Level.HARD] * hard
    return deck(*(replace(SOUND, id=str(n), level=level) for n, level in enumerate(mix)))


@pytest.mark.parametrize(
    "mix", [(4, 8, 4), (4, 8, 3), (25, 52, 23), (20, 57, 23), (1, 2, 1), (0, 1, 0), (0, 0, 1)]
)
def test_a_mix_of_levels_near_the_plan_is_in_bounds(mix: tuple[int, int, int]) -> None:
    assert list(level_mix(levels(*mix))) == []


def test_a_mix_of_levels_off_the_plan_is_named() -> None:
    assert list(level_mix(levels(19, 58, 23))) == [
        ("19 easy questions of 100", "20 to 30"),
        ("58 medium questions of 100", "47 to 57"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "is_near"),
    [
        ("What does the KV cache save?", "What does a KV-cache save?", True),
        ("How is drift noticed in production?", "How do you notice drift in production?", True),
        ("What does the cache save, and what does it cost?", "What does caching save, at what cost?", True),
        ("What does the KV cache save?", "What is a token?", False),
        ("What?", "Why?", False),
    ],
)  # fmt: skip
def test_prompts_that_ask_nearly_the_same_are_named_over_all_decks(
    first: str, second: str, is_near: bool
) -> None:
    one = deck(replace(SOUND, prompt=first), path="a.md")
    two = deck(replace(SOUND, id="other", prompt=second), path="b.md")
    assert [(each.path.name, each.line) for each in near_duplicates([one, two])] == [("b.md", 7)] * is_near


def test_words_that_most_prompts_share_make_no_near_duplicates() -> None:
    subjects = ["cache", "heat", "drift", "token", "vector", "index"]
    asked = deck(*(replace(SOUND, id=each, prompt=f"Which model is good? {each * 9}") for each in subjects))
    assert not [each for each in near_duplicates([asked]) if "cache" in each.found]


def test_eight_words_in_a_row_of_the_seed_are_named() -> None:
    seed = "The rest is as plain, as it can BE and then not."
    assert found(SOUND, seed=seed) == [
        (7, "`heat`: the words `the rest is as plain as it can`; are not those of the seed")
    ]
    assert found(SOUND, seed="The rest is as plain as it could be and long.") == []


def test_questions_with_unchecked_sources_are_listed_but_are_no_outliers() -> None:
    read = Reference("A (B et al., 2020)", "https://a.org")
    two = (read, replace(read, url="https://b.org", checked=False))
    line = "d.md:7: `heat`: source checked: no"
    for changes, expected in (
        ({"references": (read,)}, ()),
        ({"references": two}, (f"{line}, https://b.org",)),
        ({"references": two, "source_checked": False}, (f"{line}, https://a.org", f"{line}, https://b.org")),
        ({"references": (), "source_checked": False}, (line,)),
    ):
        question = replace(SOUND, **changes)
        assert unchecked([deck(question)]) == expected
        assert not [each for _, each in found(question) if "checked" in each]


@pytest.mark.parametrize(
    ("alternatives", "expected"),
    [
        (["batch size", "limits batch size"], ["`limits batch size` has no effect beside `batch size`"]),
        (["limits batch size", "batch size"], ["`limits batch size` has no effect beside `batch size`"]),
        (
            ["quantised cache", "caches quantized"],
            ["`caches quantized` has no effect beside `quantised cache`"],
        ),
        (["data set", "dataset"], ["`dataset` has no effect beside `data set`"]),
        (["shared cache", "cache not shared", "no cache"], []),
        (["divides logits", "divides scores"], []),
        (["at once", "argmax", "it is"], ["`at once` counts as the one word `once`"]),
    ],
)
def test_alternatives_that_do_nothing_or_shrink_to_a_word_are_listed_but_are_no_outliers(
    alternatives: list[str], expected: list[str]
) -> None:
    question = point("p", *alternatives)
    assert warnings([deck(question)]) == tuple(
        f"d.md:20: `heat`: {each} in the point `p`" for each in expected
    )
    assert not [each for _, each in found(question) if "effect" in each or "counts" in each]


def test_a_deck_is_summed_up_in_one_line() -> None:
    links = tuple(replace(SOUND.references[0], url=f"https://{n}.org", checked=n > 0) for n in range(3))
    others = [replace(SOUND, id="b", prompt="Why?", answer="So.", references=links)]
    line = summary(deck(SOUND, *others))
    assert (line.questions, line.levels, line.points, line.alternatives) == (2, (0, 2, 0), 3, 4)
    assert (line.elsewhere, line.unchecked, line.sources) == (0.5, 1, len(SOUND.references) + 3)


def test_an_empty_deck_can_be_summed_up() -> None:
    assert summary(deck()).questions == 0
    assert outliers([deck()]) == ()


def test_prose_is_what_a_reader_sees() -> None:
    text = "**Bold:** a `P(x)`\nand [link](https://a.org)\n\n- one\n- two\n\n```\ncode here\n```"
    assert prose(text) == "Bold: a P(x) and link\none\ntwo"
    assert word_count(text) == 7
    assert longest_sentence(text) == "Bold: a P(x) and link"


def test_short_words_in_short_sentences_read_easily() -> None:
    easy = "The cat sat on the mat. The dog ran."
    hard = "Institutional heterogeneity substantially complicates organisational accountability."
    assert reading_ease(easy) > 90 > 30 > reading_ease(hard)
    assert reading_ease("") == 100
