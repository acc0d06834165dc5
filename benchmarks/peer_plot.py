"""A bar for each, as SVG that needs nothing else and can be read in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

# Pixels.
WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 720, 22, 12, 190, 90, 44


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and its milliseconds."""

    name: str
    milliseconds: float


def bars_svg(bars: Sequence[Bar], title: str) -> str:
    """Bars one below the other, the first one emphasised; as long as their milliseconds."""
    height = TOP + len(bars) * (BAR + GAP)
    longest = max(bar.milliseconds for bar in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="14" fill="#667"><title>{escape(title)}</title>',
        f'<text x="0" y="20" font-weight="600">{escape(title)}</text>',
    ]
    for number, bar in enumerate(bars):
        y = TOP + number * (BAR + GAP)
        length = (WIDTH - LEFT - RIGHT) * bar.milliseconds / longest
        colour = "#0b6e7f" if number == 0 else "#9aa5b1"
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">{escape(bar.name)}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3" fill="{colour}"/>'
            f'<text x="{LEFT + length + 8:.1f}" y="{y + 16}">{bar.milliseconds:.1f} ms</text>'
        )
    return "\n".join([*parts, "</svg>\n"])
