"""What a theme's author wants to know of it: how every text reads on its ground, what was moved for that, and how much
a reader has to fetch."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dealroom.diagnostics import Diagnostic
from dealroom.room.palette import PAIRS, Adjustment, adjustments, contrast
from dealroom.room.theme import BASE_BRAND, Theme

KILOBYTE = 1000

# Compressed, in bytes: what a phone on a slow line fetches within a second.
MOST_STYLES = 25 * KILOBYTE
# Three faces of Latin letters, which are 20 to 30 KB each.
MOST_FONTS = 100 * KILOBYTE
# A logo that is larger is a photograph or was never optimised.
MOST_IMAGES = 60 * KILOBYTE

_FONTS = {".woff2"}
_IMAGES = {".svg", ".png", ".ico", ".jpg", ".webp"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A text (or part of the interface) on its ground in a scheme; `ratio` is WCAG's, `needed` what AA asks."""

    scheme: str
    text: str
    ground: str
    colour: str
    ground_colour: str
    ratio: float
    needed: float

    @property
    def meets(self) -> bool:
        return self.ratio >= self.needed


@dataclass(frozen=True, slots=True)
class Size:
    """A kind of file: how many bytes a reader fetches of it, compressed, and how many should be the most."""

    kind: str
    bytes: int
    most: int

    @property
    def fits(self) -> bool:
        return self.bytes <= self.most


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """A theme, looked at. `findings` are what is wrong in its files."""

    name: str
    brand: str
    pairs: tuple[Pair, ...]
    adjusted: tuple[Adjustment, ...]
    sizes: tuple[Size, ...]
    findings: tuple[Diagnostic, ...]

    @property
    def is_sound(self) -> bool:
        """Whether everybody can read it. Too large a file is no reason to refuse it."""
        return all(pair.meets for pair in self.pairs)


def report_on(theme: Theme) -> ThemeReport:
    """Everything there is to say about a theme that could be loaded."""
    colours = theme.colours
    brand = colours.brand or BASE_BRAND
    return ThemeReport(
        name=theme.name,
        brand=brand,
        pairs=tuple(_pairs(theme)),
        adjusted=adjustments(brand, colours.accent, colours.paper),
        sizes=tuple(_sizes(theme)),
        findings=theme.diagnostics,
    )


def _pairs(theme: Theme) -> Iterator[Pair]:
    for scheme, palette in (("light", theme.palette.light), ("dark", theme.palette.dark)):
        # A theme's own tokens stand after the palette's, in both schemes.
        tokens: Mapping[str, str] = {
            **palette,
            **{key: value for key, value in theme.tokens.items() if value[0] == "#"},
        }
        for text, ground, needed in PAIRS:
            ratio = contrast(tokens[text], tokens[ground])
            yield Pair(scheme, text, ground, tokens[text], tokens[ground], ratio, needed)


def _sizes(theme: Theme) -> Iterator[Size]:
    files = [(Path(name).suffix, content) for name, content in theme.assets()]
    styles = sum(_compressed(content) for suffix, content in files if suffix == ".css")
    yield Size("styles", styles, MOST_STYLES)
    # Fonts are compressed as they are.
    yield Size("fonts", sum(len(content) for suffix, content in files if suffix in _FONTS), MOST_FONTS)
    yield Size("images", sum(_compressed(content) for suffix, content in files if suffix in _IMAGES), MOST_IMAGES)


def _compressed(content: bytes) -> int:
    return len(gzip.compress(content, mtime=0))
