"""Pages that Python-Markdown converts with less work, against the same without any saving."""

import random

import pytest
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

from dealroom.room.markdown import CONTENTS, NO_EXTENSIONS, markdown_for
from dealroom.room.sparing import SparingMarkdown

# Each part needs a step of its own, next to parts that look like those of others.
PARTS = (
    "# Title",
    "## Scope {#scope .lead}",
    "Title\n===",
    "plain words, 1986, a-b and c: d",
    "- one\n- two\n    - nested",
    "\t- after a tab",
    "- [ ] open\n- [x] done",
    "1. first\n2. second",
    "> quoted\n> - list",
    "```py\nx = {1: '#'}\n```",
    "    indented | code",
    "| a | b |\n|---|:-:|\n| 1 | `2 | 3` |",
    "a | b\n--|--\n1 | 2",
    '!!! note "Mind"\n    this\n\n    - and that',
    "??? tip\n    hidden",
    "Term\n:   what it means",
    "said[^1]\n\n[^1]: by whom",
    "[site]: https://a.example\n\nsee [site] and ![logo](logo.png)",
    "- - -",
    "***",
    '<div markdown class="footnote">\n# inside\n\n- item\n</div>',
    "<dl><dt>a</dt><dd>b</dd></dl>",
    "R&D &amp; <b>bold</b> <!-- unseen -->",
    r"\# no title, 1\. no list, a \| b",
    "==mark== ~~gone~~ **b** _i_ `c`  \nnext",
    "https://a.example www.b.example c@d.example",
    "\x02!\x02!! note\n    apart",
    CONTENTS,
)


@pytest.fixture(scope="module")
def plain() -> Markdown:
    """The same extensions with every step of Python-Markdown's own."""
    markdown = markdown_for.__wrapped__(NO_EXTENSIONS)
    markdown.__class__ = Markdown
    markdown.treeprocessors.register(InlineProcessor(markdown), "inline", 20)
    return markdown


@pytest.mark.parametrize("part", PARTS)
def test_a_part_alone_is_converted_as_before(plain: Markdown, part: str) -> None:
    assert _converted(markdown_for(NO_EXTENSIONS), part) == _converted(plain, part)


def test_parts_together_are_converted_as_before(plain: Markdown) -> None:
    chance = random.Random(3)
    for _ in range(150):
        parts = chance.choices(PARTS, k=chance.randint(2, 8))
        page = "".join(part + chance.choice(("\n", "\n\n", "\n\n    ", "\n> ", " ")) for part in parts)
        assert _converted(markdown_for(NO_EXTENSIONS), page) == _converted(plain, page), page


def test_extensions_of_the_settings_are_always_tried() -> None:
    # What they look for is not known.
    assert isinstance(markdown_for(NO_EXTENSIONS), SparingMarkdown)
    assert not isinstance(markdown_for('["abbr"]'), SparingMarkdown)


def _converted(markdown: Markdown, text: str) -> tuple[str, object]:
    html = markdown.reset().convert(text)
    return html, getattr(markdown, "toc_tokens", None)
