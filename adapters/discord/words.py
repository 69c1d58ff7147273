"""Words as Discord shows them: the core's Markdown in Discord's own, and people's words as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from adapters.discord.clickable import CLICKABLE
from bot.messages import CHANNEL, CHANNEL_LINK, MOMENT, THREAD_LINK, without_moments

# What begins a format, a link, a mention, a time stamp or an emoji.
ANYWHERE = re.compile(r"[\\`*_~|<>\[\]@]|:(?=//|[\w+-]+:)")
# What begins a list or a heading at the start of a line.
AT_START = re.compile(r"^(\s*)([-+#]|\d+(?=\.))", re.MULTILINE)
PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
MARKS = {"strong": "**", "em": "*", "s": "~~"}
# A fence is closed by three backticks wherever they stand; a space of no width between them keeps it open.
FENCE = "```"
HELD_APART = "`\u200b`\u200b`"
# How Discord shows a moment in its reader's zone: the time alone, or with the day.
STYLES = {"time": "t", "day": "f"}


def escaped(text: str) -> str:
    """Text in which Discord finds nothing to format: it shows what stands after a backslash as it is."""
    return AT_START.sub(held, ANYWHERE.sub(r"\\\g<0>", text))


def with_moments(text: str) -> str:
    """Text of ours as `escaped` has it, its moments and channels as Discord writes them."""
    parts, end = [], 0
    for found in MOMENT.finditer(text):
        parts += [with_channels(text[end : found.start()]), f"<t:{found['unix']}:{STYLES[found['style']]}>"]
        end = found.end()
    return "".join((*parts, with_channels(text[end:])))


def with_channels(text: str) -> str:
    """Text of ours in which no moment is to change with its reader, its commands to be clicked."""
    with_commands = CLICKABLE.sub(r"</\g<mention>>", escaped(without_moments(text)))
    return CHANNEL.sub(r"<#\g<channel>>", with_commands)


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
    return [f"> {escaped(line)}" for line in text.split("\n")]


def in_discords_markdown(markdown: str) -> list[str]:
    """The blocks of CommonMark in Discord's Markdown, which knows neither HTML nor soft line ends."""
    return [block(node) for node in SyntaxTreeNode(PARSER.parse(markdown)).children]


def block(node: SyntaxTreeNode) -> str:
    """One block of Markdown."""
    match node.type:
        case "paragraph":
            return inline(node[0])
        case "heading":
            return f"**{inline(node[0])}**"
        case "fence" | "code_block":
            return fenced(unfenced(without_moments(node.content).rstrip("\n")), node.info.strip())
        case "bullet_list" | "ordered_list":
            return "\n".join(list_lines(node))
        case "blockquote":
            return "\n".join(f"> {line}" for line in lines(node))
        case "hr":
            return "⁂"
        case _:
            return escaped(node.content)


def lines(node: SyntaxTreeNode) -> list[str]:
    """The lines of the blocks within a quotation or a list's item."""
    return [line for within in node.children for line in block(within).split("\n")]


def list_lines(node: SyntaxTreeNode) -> Iterator[str]:
    """The lines of a list; what an item holds beyond its first line is set in."""
    for number, item in enumerate(node.children, int(node.attrGet("start") or 1)):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        first, *more = lines(item) or [""]
        yield mark + first
        yield from (f"  {line}" for line in more)


def inline(node: SyntaxTreeNode) -> str:
    """The words within a paragraph, a link or a mark."""
    return "".join(map(run, node.children))


def run(node: SyntaxTreeNode) -> str:
    match node.type:
        case "strong" | "em" | "s":
            mark = MARKS[node.type]
            return f"{mark}{inline(node)}{mark}"
        case "link":
            return linked(str(node.attrGet("href") or ""), inline(node))
        case "code_inline":
            return code(without_moments(node.content))
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return with_moments(node.content)


def linked(link: str, label: str) -> str:
    """A link of ours: to a channel, a thread, or the web."""
    if link.startswith(CHANNEL_LINK):
        return f"<#{link.removeprefix(CHANNEL_LINK)}>"
    if link.startswith(THREAD_LINK):
        # The thread of a message has the message's id.
        return f"<#{link.rpartition('/')[2]}>"
    # Angle brackets keep Discord from showing a preview, and from ending the link at a bracket of its own.
    return f"[{label}](<{link}>)" if link.startswith(("http://", "https://")) else label


def code(content: str) -> str:
    """A short piece of code; two backticks hold one that has backticks in it."""
    return f"`` {content} ``" if "`" in content else f"`{content}`"
