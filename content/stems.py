"""A text as English stems with their places: case, width, spelling and punctuation no longer matter."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from threading import Lock

import snowballstemmer

from content.lexicon import EQUAL, FORMS, groups


def listed(words: str) -> frozenset[str]:
    """The words between the blanks."""
    return frozenset(words.split())


# Everything that denies is one word here, so that "without the image" says the same as "no image".
NOT = "not"
NEGATIONS = listed("not no never without nor neither none non un cannot")
STOP_WORDS = listed(
    """a an the and or but if then so because while when where which who whom whose what how why than as of at
    by for with about into onto to from in on over through also too very there here it its this that these
    those they them their he she his her him we our us you your i my me is are was were be been being am do
    does did doing done has have had having can could may might must shall should will would s t re ve ll"""
)
AUXILIARY = "(?:ca|is|are|do|does|did|wo|would|should|could|was|were|has|have|had|must|need|ai)"
# At most one bracket within another, and at most this much in it: beyond that it is prose.
BRACKET = r"\((?:[^()\n]|\([^()\n]{0,30}\)){1,40}\)"
# A run of letters is never given back (`++`), so that no text takes longer than its length.
START = r"(?<![^\W_])"
CALL = rf"(?:[^\W\d_][^\W_]*+|[b-hj-z]\ ){BRACKET}"
CALLS = rf"{CALL}(?:(?:[-+*\u00b7]?|\ ?/\ ?){CALL})*"
POWER = rf"[^\W_]++(?:\.\d++)?\ ?\^\ ?(?:[\w.+-]*\w|{BRACKET}|\{{[^{{}}\n]{{1,20}}\}})"
TOKEN = re.compile(
    rf"""(?P<denial>{START}{AUXILIARY}n['\u2019\ ]?t(?![^\W_]))
      | (?P<formula>{START}(?:{CALLS}|{POWER}))
      | (?P<word>[^\W_]++@[^\W_]++ | \d++(?:[.,]\d++)++ | [^\W_]++(?:['\u2019][^\W_]++)?)""",
    re.VERBOSE,
)
WORD = re.compile(r"[^\W_]{3,}")
# What is set differently in plain text, in Markdown and in TeX, and means the same: n^2 is n² is n_{2}.
SETTING = re.compile(r"[\s^_{}$\\]")
LAST_ASCII = "\x7f"
FOLLOWING = "\u1160"  # The medial and final letters of Hangul join the letter before them, as accents do.
LAST_FOLLOWING = "\u11ff"

# What stands before the -ise of tokenise or optimise, but not of noise, precise or supervise.
BEFORE_ISE = "(?:[aeiou]l|[aeo]r|[aeio]n|gn|nt|[aio]m|[aeiou]t|[ei]d|ic|[ae]s)i"
DOUBLING = "(?:re|mis|un)?(?:mode|labe|signa|cance|trave|tunne|channe|leve|tota|fue)l"
BRITISH = tuple(
    (re.compile(british), american)
    for british, american in (
        (rf"(?<=\w\w)({BEFORE_ISE}|y)s(?=e|ing|ation)", r"\1z"),
        (r"^(behavi|neighb|col|fav|lab|hon|flav|hum|rum|vap|vig)our", r"\1or"),
        (rf"^({DOUBLING})l(?=e[dr]|ing)", r"\1l"),
        (r"^(cent|met|lit|fib)re(?=s?$|d$)", r"\1er"),
        (r"(?<=\w)logue", "log"),
        (r"^(def|off|lic|pret)ence", r"\1ense"),
        (r"^(learn|burn|spel|dream)t$", r"\1ed"),
        (r"^artefact", "artifact"),
        (r"^programme(?=s?$)", "program"),
        (r"^judgement", "judgment"),
        (r"^age(?=ing)", "ag"),
    )
)
NOT_BRITISH = re.compile(r"^(com)?prom|^prem|^treat")

stemmer = snowballstemmer.stemmer("english")
stemming = Lock()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in NFKC without case; each of its characters knows where it stood in the text as typed."""

    text: str
    starts: range | tuple[int, ...]
    ends: range | tuple[int, ...]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the typed text from which these characters come."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a formula, and what else counts as standing there, such as the words in a formula."""

    word: str
    start: int
    end: int
    also: tuple[str, ...] = ()

    @property
    def denies(self) -> bool:
        return self.word in NEGATIONS

    @property
    def is_content(self) -> bool:
        return self.word not in STOP_WORDS


def fold(text: str) -> Folded:
    """The text in compatibility form and without case."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    if (simple := folded_at_once(text)) is not None:
        return Folded(simple, range(len(text)), range(1, len(text) + 1))
    spans = list(clusters(text))
    pieces = [folded_cluster(text[start:end]) for start, end in spans]
    sizes = list(map(len, pieces))
    if len(text) == len(pieces) == sum(sizes):
        return Folded("".join(pieces), range(len(text)), range(1, len(text) + 1))
    starts = (start for (start, _), size in zip(spans, sizes, strict=True) for _ in range(size))
    ends = (end for (_, end), size in zip(spans, sizes, strict=True) for _ in range(size))
    return Folded("".join(pieces), tuple(starts), tuple(ends))


def folded_at_once(text: str) -> str | None:
    """A text of which each character folds to one, as nearly all do; else nothing."""
    if not unicodedata.is_normalized("NFKC", text) or any(map(joins_on, set(text))):
        return None
    folded = text.casefold()
    return folded if len(folded) == len(text) and unicodedata.is_normalized("NFKC", folded) else None


@lru_cache(maxsize=4096)
def folded_cluster(characters: str) -> str:
    """One character and its accents, folded; twice, for what casefolding brings forth."""
    once = unicodedata.normalize("NFKC", characters).casefold()
    return unicodedata.normalize("NFKC", once)


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each character begins and ends that a reader takes for one."""
    joined = {place for place, character in enumerate(text) if character > LAST_ASCII and joins_on(character)}
    if not joined:
        yield from zip(range(len(text)), range(1, len(text) + 1), strict=True)
        return
    borders = [place for place in range(len(text)) if place not in joined or not place]
    yield from pairwise([*borders, len(text)])


def joins_on(character: str) -> bool:
    return unicodedata.combining(character) > 0 or FOLLOWING <= character <= LAST_FOLLOWING


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words and formulas of a folded text."""
    found = TOKEN.finditer(text, start, len(text) if end is None else end)
    return [token_of(match) for match in found]


def token_of(match: re.Match[str]) -> Token:
    if match.lastgroup == "denial":
        return Token(NOT, *match.span())
    if match.lastgroup == "formula":
        return Token(SETTING.sub("", match[0]), *match.span(), tuple(WORD.findall(match[0])))
    word = match[0].replace("\u2019", "'").partition("'")[0]
    return Token(word.replace(",", "") if word[0].isdigit() else word, *match.span())


def american(word: str) -> str:
    """The word in one of its two spellings; it need not be a word that anybody writes."""
    if NOT_BRITISH.match(word):
        return word
    for pattern, spelling in BRITISH:
        word = pattern.sub(spelling, word)
    return word


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word's stem; a formula is its own, and forms that no rule joins share one."""
    if word in NEGATIONS:
        return NOT
    bare = bare_stem(word)
    return ONE_FORM.get(bare, bare)


def bare_stem(word: str) -> str:
    """What the stemmer leaves of a word. It keeps its word in itself: one at a time."""
    if not word.isalpha():
        return word
    with stemming:
        return str(stemmer.stemWord(american(word)))


@lru_cache(maxsize=512)
def content_stems(text: str) -> frozenset[str]:
    """The stems of a text's content words, without order."""
    return frozenset(stem(token.word) for token in tokens(fold(text).text) if token.is_content)


ONE_FORM = {bare_stem(form): bare_stem(first) for first, *forms in groups(FORMS) for form in forms}


def equal_stems() -> Mapping[str, frozenset[str]]:
    """For each stem the others that may say the same."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in groups(EQUAL):
        stems = set(map(stem, group))
        for each in stems:
            found[each] |= stems - {each}
    return {each: frozenset(others) for each, others in found.items()}


EQUALS = equal_stems()
