"""Key points in a member's answer: what finds them, what does not, and in which words they were found."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.coverage import coverage
from content.deck import Deck, KeyPoint
from content.notes import looks_like_keywords, mostly_repeats
from content.stems import listed
from tests.content.shipped import each_deck

POINTS = (
    KeyPoint("scales the logits", ("divides the logits", "scales logits", "softmax(z/T)")),
    KeyPoint("low is sharper", ("low value sharpens", "sharper distribution")),
    KeyPoint("not random at zero", ("no randomness", "argmax")),
)
WORDS = sorted(
    listed(
        """it the a low value logits divides dividing scales sharpens sharper distribution never not no
        without randomness argmax softmax(z/T) and of distributoin lgoits temperature, high"""
    )
)
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda words: f"{' '.join(words)}.")
answers = st.lists(sentences, max_size=5).map(" ".join)


def evidence(alternative: str, answer: str) -> str | None:
    (finding,) = coverage((KeyPoint("point", (alternative,)),), answer)
    return finding.evidence


def found(answer: str) -> list[bool]:
    return [finding.found for finding in coverage(POINTS, answer)]


@pytest.mark.parametrize(
    ("alternative", "answer"),
    [
        ("divides the logits", "The logits are divided by it"),
        ("divides the logits", "It divides all of the model's raw logits"),
        ("normalises behaviour", "It normalizes the behavior"),
        ("labelled centre", "a labeled center"),
        ("attention weights", "atention wieghts"),
        ("pre-training", "in pretraining"),
        ("pretraining", "in pre-training"),
        ("data set", "another dataset"),
        ("P(x, y)", "it models P( x,y )"),
        ("P(y|x)", "only p (y | x)"),
        ("C(c,k)/C(n,k)", "that is C(c, k) / C(n, k)"),
        ("O(n^2)", "it costs O(n\u00b2)"),
        ("p^n", "p ^ n"),
        ("label given input", "learns P(label|input) given pairs"),
        ("CLIP does not generate", "CLIP can't generate"),
        ("CLIP does not generate", "clip cant generate"),
        ("without the image", "no image is needed"),
        ("as it is", "as it is"),
        ("1,024 tokens", "1024 tokens"),
        ("chooses the index", "the indices were chosen"),
        ("explains the comparison", "it is explained by comparing"),
        ("four matrices", "4 matrix products"),
        ("multiply twice", "a multiplication, done twice"),
    ],
)
def test_an_alternative_is_found_in_other_words_of_the_same_stems(alternative: str, answer: str) -> None:
    assert evidence(alternative, answer) == answer


@pytest.mark.parametrize(
    ("alternative", "answer"),
    [
        ("divides the logits", "It divides. The logits are sums"),
        ("divides the logits", "It divides one two three four five logits"),
        ("divides the logits", "It does not divide the logits"),
        ("divides the logits", "It never really divides the logits"),
        ("divides the logits", "It doesn\u2019t divide the logits"),
        ("logits", "There are no logits"),
        ("logits", "without the logits"),
        ("supervised", "unsupervised"),
        ("informative", "uninformative"),
        ("linear", "a non-linear map"),
        ("single model", "a single modal"),
        ("bank", "bonk"),
        ("newer tokens", "It never sees tokens"),
        ("never changes", "the newer one changes"),
        ("every event", "ever event"),
        ("every event", "even every"),
        ("content stays", "The context stays"),
        ("longer context", "longer contents"),
        ("the scorer decides", "The scores decide"),
        ("high score", "a high scorer"),
        ("two phases", "Two phrases"),
        ("shared prefix", "a shared prefill"),
        ("small tiles", "small times"),
        ("decides early", "decodes early"),
        ("scoring all", "storing all"),
        ("CLIP does not generate", "CLIP generates"),
        ("not discriminative", "discriminative, not generative"),
        ("P(x, y)", "P(x), y"),
        ("P(x, y)", "P(y, x)"),
        ("+", "+"),
        ("action tokens", "Actions can never become tokens"),
    ],
)
def test_an_alternative_is_not_found_apart_denied_or_in_its_opposite(alternative: str, answer: str) -> None:
    assert evidence(alternative, answer) is None


# What an alternative does not say itself, the lexicon may: two that say it so are as good as one.
CHEAPER = (KeyPoint("cheaper to run", ("lower cost", "smaller bill", "cheap inference")),)


def test_two_alternatives_in_equal_words_are_as_good_as_one_in_its_own() -> None:
    answer = "It comes at a smaller cost"
    assert evidence("lower cost", answer) is None
    assert coverage(CHEAPER, answer)[0].evidence == answer


@pytest.mark.parametrize(
    ("alternative", "answer"),
    [
        ("cost", "price"),
        ("lower cost", "less money"),
        ("lower cost", "a lower latency"),
        ("small little", "tiny"),
    ],
)
def test_equal_words_alone_and_words_that_are_not_equal_meet_nothing(alternative: str, answer: str) -> None:
    assert coverage((KeyPoint("point", (alternative, alternative)),), answer)[0].evidence is None


def test_alternatives_of_the_same_stems_count_once() -> None:
    point = KeyPoint("cheaper", ("lower cost", "costs lower", "the lower cost"))
    assert coverage((point,), "a smaller cost")[0].evidence is None


FOUR = tuple(
    KeyPoint(each, (f"{each} weights", f"{each} layers")) for each in ("red", "green", "blue", "grey")
)
LONG = "In such a case red weights meet bricks, stones, rivers, clouds, houses and old chairs."


def test_a_lone_hit_in_a_long_sentence_is_taken_for_chance() -> None:
    assert not any(finding.found for finding in coverage(FOUR, LONG))
    assert coverage(FOUR, "It has red weights.")[0].found


@pytest.mark.parametrize(
    "answer", [f"{LONG} It has green weights and blue weights.", LONG.replace("bricks", "red layers")]
)
def test_a_hit_in_a_long_sentence_counts_in_company(answer: str) -> None:
    assert coverage(FOUR, answer)[0].found


@pytest.mark.parametrize(
    "answer",
    ["No, it divides the logits", "It does not only divide the logits", "Not this but divides the logits"],
)
def test_a_not_that_denies_something_else_cancels_nothing(answer: str) -> None:
    assert evidence("divides the logits", answer) == answer


def test_the_evidence_is_the_members_own_sentence() -> None:
    answer = "First this,\n it DIVIDES the  logits\u2026 Then\tthat."
    assert evidence("divides the logits", answer) == "it DIVIDES the  logits\u2026"


def test_of_a_long_sentence_the_evidence_is_the_clause() -> None:
    answer = f"{'It samples one token after the other, ' * 5}as it divides the logits (by T), and so on."
    assert evidence("divides the logits", answer) == "as it divides the logits"


def test_an_abbreviation_ends_no_sentence() -> None:
    assert evidence("divides the logits", "Divides e.g. logits") == "Divides e.g. logits"


@given(answers, sentences)
def test_coverage_never_falls_when_a_sentence_is_added(answer: str, more: str) -> None:
    before = found(answer)
    for longer in (f"{answer} {more}", f"{more} {answer}", f"{answer}\n{more}"):
        assert all(after >= now for now, after in zip(before, found(longer), strict=True))


@given(st.lists(sentences, max_size=5).flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_sentences_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    assert found(" ".join(orders[0])) == found(" ".join(orders[1]))


@given(answers)
def test_case_and_width_do_not_matter(answer: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in answer)
    assert found(answer) == found(answer.upper()) == found(wide)


@given(answers, st.sampled_from([",", ";", ":", " -", ' "', "*", "_", "`", "  "]))
def test_punctuation_within_a_sentence_does_not_matter(answer: str, mark: str) -> None:
    assert found(answer) == found(re.sub(r"(?<=\w) (?=the |low )", f"{mark} ", answer))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), answers)
def test_composed_characters_do_not_matter_and_evidence_is_a_slice(odd: str, answer: str) -> None:
    text = f"{odd} {answer}"
    assert found(text) == found(unicodedata.normalize("NFKC", text))
    assert found(text) == found(unicodedata.normalize("NFD", text))
    assert all(finding.evidence in text for finding in coverage(POINTS, text) if finding.evidence)


@pytest.mark.parametrize(
    ("answer", "is_list"),
    [
        ("softmax, logits, temperature, sharper, flatter, sampling, entropy, argmax", True),
        ("softmax logits temperature sharp flat greedy sampling argmax", True),
        ("It divides the logits before the softmax, so a low value sharpens it", False),
        ("softmax, logits", False),
        ("", False),
    ],
)
def test_a_list_of_keywords_looks_like_one(answer: str, is_list: bool) -> None:
    assert looks_like_keywords(answer) is is_list


@each_deck
def test_a_reference_answer_neither_looks_like_keywords_nor_repeats_its_question(deck: Deck) -> None:
    for question in deck.questions:
        assert not looks_like_keywords(question.answer), question.id
        assert not mostly_repeats(question.prompt, question.answer), question.id


def test_an_answer_may_mostly_repeat_the_question() -> None:
    prompt = "What does temperature change when a model samples a token?"
    assert mostly_repeats(prompt, "The temperature changes how models sample their tokens")
    assert not mostly_repeats(prompt, "The temperature divides the logits")
    assert not mostly_repeats(prompt, "")
