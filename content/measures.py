"""What can be counted of one question, and which counts lie outside their bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.bounds import ANSWER_WORDS, PITFALL_WORDS, POINTS, PROMPT_WORDS, SENTENCE_WORDS, SOURCES, Bound
from content.deck import Question, Reference
from content.likeness import runs
from content.prose import longest_sentence, prose, word_count

# What was found, and the bound that it is outside of.
Measure = tuple[str, str]

NUMBER = re.compile(r"\d[\d.,]*")
SUPERLATIVE = re.compile(
    r"\b(first|best|worst|most|least|largest|smallest|biggest|fastest|cheapest|banned|prohibited|illegal)\b",
    re.IGNORECASE,
)
# Names under which makers sell what they change; a paper's model, such as BERT or CLIP, stays what it was.
PRODUCT = re.compile(
    r"""\b(ChatGPT|GPT-[45]\w*|GPT-oss|Claude|Gemini|Gemma|Copilot|Llama\ ?[2-9]|Mistral|Mixtral|DeepSeek
    |Qwen\d*|Grok|Midjourney|Sora|Bedrock|Vertex\ AI|Azure|Cursor|Pinecone|LangChain|LlamaIndex)\b""",
    re.VERBOSE,
)
DATED = re.compile(r"\bas of\b|\b(today|currently|nowadays|at present|so far)\b", re.IGNORECASE)
# `Title (Author et al., 2020)`: a reader of the list sees whose a source is, and of a paper how old it is.
SOURCE_TITLE = re.compile(r"\S.*(, | \().+")
PAPER = re.compile(r"https?://([\w.]*\.)?(arxiv|doi|aclanthology|openreview|neurips|mlr|jmlr|nips)\b")
YEAR = re.compile(r"\b(19|20)\d\d\b")


def question_measures(question: Question, is_computed: bool, copied: frozenset[str]) -> Iterator[Measure]:
    """What is outside its bound in a question by itself."""
    yield from lengths(question)
    yield from sources(question)
    yield from ageing(question)
    if not (question.references or is_computed or question.own_experience):
        yield from claims(question)
    for part in (question.prompt, question.answer, question.pitfall):
        if run := next((run for run in runs(prose(part)) if run in copied), None):
            yield f"the words `{run}`", "are not those of the seed"


def lengths(question: Question) -> Iterator[Measure]:
    yield from outside(word_count(question.prompt), "words in the prompt", PROMPT_WORDS)
    yield from outside(word_count(question.answer), "words in the answer", ANSWER_WORDS)
    yield from outside(word_count(question.pitfall), "words in the pitfall", PITFALL_WORDS)
    yield from outside(len(question.key_points), "key points", POINTS)
    for part in (question.answer, question.pitfall):
        longest = longest_sentence(part).split()
        what = f"words in the sentence `{' '.join(longest[:4])} \u2026`"
        yield from outside(len(longest), what, SENTENCE_WORDS)


def outside(amount: float, what: str, bound: Bound) -> Iterator[Measure]:
    if not bound.holds(amount):
        yield f"{amount:g} {what}", str(bound)


def sources(question: Question) -> Iterator[Measure]:
    """How many sources there are, and their form. One's own experience needs none."""
    if not question.own_experience or question.references:
        yield from outside(len(question.references), "sources", SOURCES)
    for reference in question.references:
        yield from source_form(reference)


def source_form(reference: Reference) -> Iterator[Measure]:
    is_paper = PAPER.match(reference.url)
    if not SOURCE_TITLE.fullmatch(reference.title) or (is_paper and not YEAR.search(reference.title)):
        form = "Title (Author et al., year)" if is_paper else "Title, whose"
        yield f"the source `{reference.title}`", f"is written `{form}`"
    if not reference.url.startswith("https://"):
        yield f"the address `{reference.url}`", "begins with `https://`"


def ageing(question: Question) -> Iterator[Measure]:
    """What will not stay true and has no date for a new look."""
    if question.review_by is None:
        text = f"{prose(question.prompt)}\n{prose(question.answer)}\n{prose(question.pitfall)}"
        if found := PRODUCT.search(text) or DATED.search(text):
            yield f"`{found[0]}`", "needs a `review by`"


def claims(question: Question) -> Iterator[Measure]:
    """What says how many, or which is the most, and so has to come from somewhere."""
    answer = prose(question.answer)
    if found := NUMBER.search(answer) or SUPERLATIVE.search(answer):
        yield f"`{found[0]}`", "needs a source, or an expression in the deck's table of numbers"
