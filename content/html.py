"""Markdown as HTML and back. Nobody's HTML is let through."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdownify import markdownify

SAFE = MarkdownIt("commonmark", {"html": False})


def html_of(markdown: str) -> str:
    return str(SAFE.render(markdown)).strip()


def inline_html_of(markdown: str) -> str:
    """A text of one line, without a paragraph around it."""
    return str(SAFE.renderInline(markdown))


def markdown_of_html(html: str) -> str:
    """What a reader sees of HTML, as Markdown; pictures are left out."""
    return str(markdownify(html, heading_style="ATX", bullets="-", strip=["img"])).strip()
