"""Markdown as HTML and back. Nobody's HTML is let through, and no picture is fetched from elsewhere."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdownify import markdownify

SAFE = MarkdownIt("commonmark", {"html": False}).disable("image")


def html_of(markdown: str, below: int = 0) -> str:
    """The text's HTML; with `below` its headings stand below one of that level."""
    tokens = SAFE.parse(markdown)
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = f"h{min(6, max(below + 1, int(token.tag[1:])))}"
    return str(SAFE.renderer.render(tokens, SAFE.options, {})).strip()


def inline_html_of(markdown: str) -> str:
    """A text of one line, without a paragraph around it."""
    return str(SAFE.renderInline(markdown))


def markdown_of_html(html: str) -> str:
    """What a reader sees of HTML, as Markdown; pictures are left out."""
    return str(markdownify(html, heading_style="ATX", bullets="-", strip=["img"])).strip()
