"""Words as Discord shows them: the core's Markdown in Discord's own, and people's words as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.messages import CHANNEL_LINK

# What begins a format, a link, a mention, a time stamp or an emoji.
ANYWHERE = re.compile(r"[\\`*_~|<>\[\]@]|:(?=//|[\w+-]+:)")
# What begins a list or a heading at the start of a line.
AT_START = re.compile(r"^(\s*)([-+#]|\d+(?=\.))", re.MULTILINE)
PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
MARKS = {"strong": "**", "em": "*", "s": "~~"}
# A fence is closed by three backticks wherever they stand; a space of no width between them keeps it open.
FENCE = "```"
HELD_APART = "`\u200b`\u200b`"


def as_typed(text: str) -> str:
    """Text in which Discord finds nothing to format: it shows what stands after a backslash as it is."""
    return AT_START.sub(held, ANYWHERE.sub(r"\\\g<0>", text))


def held(start: re.Match[str]) -> str:
    indent, mark = start.groups()
    return f"{indent}{mark}\\" if mark.isdecimal() else f"{indent}\\{mark}"


def unfenced(text: str) -> str:
    """Text that ends no fence around it."""
    return text.replace(FENCE, HELD_APART)


def fenced(text: str, language: str = "") -> str:
    """Text whose columns line up, without a fence in it."""
    return f"{FENCE}{language}\n{text}\n{FENCE}"


def quoted(text: str) -> list[str]:
    """The lines of a quotation of someone's words."""
    return [f"> {as_typed(line)}" for line in text.split("\n")]


def in_discords_markdown(markdown: str) -> list[str]:
    """The blocks of CommonMark in Discord's Markdown, which knows neither HTML nor soft line ends."""
    return list(blocks(PARSER.parse(markdown)))


def blocks(tokens: Sequence[Token]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        end = closing(tokens, at)
        yield from block(tokens[at : end + 1])
        at = end + 1


def closing(tokens: Sequence[Token], at: int) -> int:
    """Where the block that opens at a token ends."""
    depth = 0
    for n in range(at, len(tokens)):
        depth += tokens[n].nesting
        if depth == 0:
            return n
    return len(tokens) - 1


def block(tokens: Sequence[Token]) -> Iterator[str]:
    """One block of Markdown."""
    opening, within = tokens[0], tokens[1:-1]
    match opening.type:
        case "paragraph_open":
            yield inline(within[0].children or [])
        case "heading_open":
            yield f"**{inline(within[0].children or [])}**"
        case "fence" | "code_block":
            yield fenced(unfenced(opening.content.rstrip("\n")), opening.info.strip())
        case "bullet_list_open" | "ordered_list_open":
            yield "\n".join(list_lines(tokens))
        case "blockquote_open":
            yield "\n".join(f"> {line}" for part in blocks(within) for line in part.split("\n"))
        case "hr":
            yield "⁂"
        case _:
            yield as_typed(opening.content)


def list_lines(tokens: Sequence[Token]) -> Iterator[str]:
    """The lines of a list; what an item holds beyond its first line is set in."""
    ordered = tokens[0].type == "ordered_list_open"
    number = int(tokens[0].attrGet("start") or 1)
    at, within = 0, tokens[1:-1]
    while at < len(within):
        end = closing(within, at)
        mark = f"{number}. " if ordered else "- "
        lines = [line for part in blocks(within[at + 1 : end]) for line in part.split("\n")] or [""]
        yield mark + lines[0]
        yield from (f"  {line}" for line in lines[1:])
        at, number = end + 1, number + 1


def inline(tokens: Iterable[Token]) -> str:
    """The runs of a paragraph."""
    return "".join(runs(tokens))


def runs(tokens: Iterable[Token]) -> Iterator[str]:
    link, label = "", ""
    for token in tokens:
        kind = token.type
        if kind == "link_open":
            link, label = str(token.attrGet("href") or ""), ""
        elif kind == "link_close":
            yield linked(link, label)
            link = ""
        elif link:
            label += run(token)
        else:
            yield run(token)


def linked(link: str, label: str) -> str:
    """A link of ours; Discord shows only those to the web."""
    if link.startswith(CHANNEL_LINK):
        return f"<#{link.removeprefix(CHANNEL_LINK)}>"
    # Angle brackets keep Discord from showing a preview, and from ending the link at a bracket of its own.
    return f"[{label}](<{link}>)" if link.startswith(("http://", "https://")) else label


def run(token: Token) -> str:
    kind = token.type
    if kind.endswith(("_open", "_close")):
        return MARKS.get(kind.rpartition("_")[0], "")
    if kind == "code_inline":
        return code(token.content)
    if kind == "softbreak":
        return " "
    return "\n" if kind == "hardbreak" else as_typed(token.content)


def code(content: str) -> str:
    """A short piece of code; two backticks hold one that has backticks in it."""
    return f"`` {content} ``" if "`" in content else f"`{content}`"
