"""A theme's colours, derived from one brand colour.

Worked out in OKLCH, where equal steps of lightness look equal: neutrals take a trace of the brand's hue, states keep
hues that people know, and every text is moved away from what it stands on until the pair meets WCAG 2.2 AA.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

# WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (parts of the interface).
TEXT_CONTRAST = 4.5
PART_CONTRAST = 3.0

# How finely lightness is searched: a step that no eye tells apart.
_STEP = 0.005

# Hues of the states, in degrees: green, amber, red, as on any dashboard; told by shape and words as well.
_STATE_HUES = {"done": 152.0, "risk": 75.0, "late": 27.0}
_STATE_CHROMA = {"done": 0.12, "risk": 0.12, "late": 0.17}

# A brand this near (in degrees) to the red of what is late, and this vivid, is taken for it.
_ALARMING, _VIVID = 32.0, 0.08

# Paper that is darker would need light text, and is lightened; neutrals more vivid would be colours.
_DARKEST_PAPER, _STRONGEST_TRACE = 0.93, 0.03

Tokens = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by token name (`text`, `brand-soft`), as `#rrggbb`, for the light and the dark scheme."""

    light: Tokens
    dark: Tokens


@dataclass(frozen=True, slots=True)
class _Scheme:
    """Lightness of the scheme's grounds and of its texts before they are adjusted; chroma is that of the neutrals."""

    page: float
    surface: float
    sunken: float
    line: float
    edge: float
    text: float
    soft: float
    tint: float
    state: float
    sign: int


# Dark grounds rise towards the reader (surface above page); light ones do as well, ending in white.
_LIGHT = _Scheme(
    page=0.975, surface=1.0, sunken=0.955, line=0.905, edge=0.62, text=0.24, soft=0.46, tint=0.945, state=0.5, sign=-1
)
_DARK = _Scheme(
    page=0.175, surface=0.215, sunken=0.15, line=0.32, edge=0.6, text=0.95, soft=0.76, tint=0.29, state=0.78, sign=1
)

# Every pair that the styles put together: text, ground, and the contrast it needs.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(
        (text, ground, TEXT_CONTRAST)
        for text in ("text", "text-soft", "brand-text")
        for ground in ("page", "surface", "sunken", "brand-soft")
    ),
    ("on-brand", "brand", TEXT_CONTRAST),
    ("on-hero", "hero", TEXT_CONTRAST),
    ("on-hero-soft", "hero", TEXT_CONTRAST),
    *(
        (f"{state}-text", ground, TEXT_CONTRAST)
        for state in _STATE_HUES
        for ground in ("page", "surface", "sunken", f"{state}-soft")
    ),
    *(
        (part, ground, PART_CONTRAST)
        for part in ("brand-mark", "edge", "bar", "buyer", "seller")
        for ground in ("page", "surface", "sunken")
    ),
    *((text, ground, TEXT_CONTRAST) for text, ground in (("on-buyer", "buyer"), ("on-seller", "seller"))),
)


@lru_cache(maxsize=64)
def palette(brand: str, accent: str | None = None, paper: str | None = None) -> Palette:
    """The palette of a brand colour (any CSS colour).

    `accent` is the buyer's side (default: a hue well away from the brand's); `paper` tints the light scheme's page.
    Raises ValueError for a text that is not a colour.
    """
    return Palette(light=_tokens(brand, accent, paper, _LIGHT), dark=_tokens(brand, accent, paper, _DARK))


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A colour that was moved: it missed `needed` on `ground`. Colours are `#rrggbb`, `scheme` light or dark."""

    scheme: str
    token: str
    was: str
    now: str
    ground: str
    needed: float


def adjustments(brand: str, accent: str | None = None, paper: str | None = None) -> tuple[Adjustment, ...]:
    """Which colours of `palette(brand, accent, paper)` are not as they were first derived, and why."""
    return tuple(
        Adjustment(name, text, first[text], final[text], ground, needed)
        for name, scheme in (("light", _LIGHT), ("dark", _DARK))
        for first in [_derived(brand, accent, paper, scheme)]
        for final in [_adjusted(dict(first), scheme.sign)]
        for text in dict.fromkeys(text for text, _, _ in PAIRS)
        if first[text] != final[text]
        for ground, needed in [_hardest(first, text)]
    )


def _hardest(tokens: Tokens, text: str) -> tuple[str, float]:
    """The ground on which a text falls shortest of what it needs, and what that is."""
    grounds = [(ground, needed) for each, ground, needed in PAIRS if each == text]
    return min(grounds, key=lambda pair: contrast(tokens[text], tokens[pair[0]]) / pair[1])


def contrast(first: str, second: str) -> float:
    """The contrast of two colours as WCAG 2 computes it, from 1 to 21."""
    from coloraide import Color

    return Color(first).contrast(Color(second), method="wcag21")


def _tokens(brand: str, accent: str | None, paper: str | None, scheme: _Scheme) -> Tokens:
    return _adjusted(_derived(brand, accent, paper, scheme), scheme.sign)


def _derived(brand: str, accent: str | None, paper: str | None, scheme: _Scheme) -> dict[str, str]:
    """The scheme's colours before any is moved for the sake of contrast."""
    _, chroma, hue = _oklch(brand)
    neutral_hue, trace = hue, min(0.012, chroma / 10)
    if paper:
        lightness, trace, neutral_hue = _oklch(paper)
        paper = paper if lightness >= _DARKEST_PAPER else _hex(_DARKEST_PAPER, trace, neutral_hue)
        trace = min(trace, _STRONGEST_TRACE)

    def neutral(lightness: float, strength: float = 1.0) -> str:
        return _hex(lightness, trace * strength, neutral_hue)

    tokens = {
        "page": paper if paper and scheme is _LIGHT else neutral(scheme.page),
        "surface": neutral(scheme.surface),
        "sunken": neutral(scheme.sunken, 1.3),
        "line": neutral(scheme.line, 1.3),
        "edge": neutral(scheme.edge, 1.5),
        "text": neutral(scheme.text, 1.5),
        "text-soft": neutral(scheme.soft, 1.5),
        "brand-soft": _hex(scheme.tint, min(chroma, 0.022), hue),
        "brand-line": _hex(scheme.tint - 0.07 if scheme is _LIGHT else scheme.tint + 0.1, min(chroma, 0.06), hue),
        "brand-text": _hex(scheme.state, chroma, hue),
        "brand-mark": _hex(scheme.state, chroma, hue),
    }
    tokens |= _brand_tokens(brand, scheme)
    tokens |= _side_tokens(brand, accent, scheme)
    # The bars of a red brand would cry wolf: they give up its colour, and keep the trace that the neutrals have.
    is_alarming = chroma > _VIVID and abs((hue - _STATE_HUES["late"] + 180) % 360 - 180) < _ALARMING
    bar_chroma = trace * 2 if is_alarming else chroma
    tokens["bar"] = _hex(scheme.state, bar_chroma, hue)
    tokens["bar-soft"] = _hex(scheme.tint, min(bar_chroma, 0.035), hue)
    tokens["bar-started"] = _hex(scheme.tint + 0.07 * scheme.sign, min(bar_chroma, 0.06), hue)
    for state, state_hue in _STATE_HUES.items():
        tokens[f"{state}-text"] = _hex(scheme.state, _STATE_CHROMA[state], state_hue)
        tokens[f"{state}-mark"] = _hex(0.6 if scheme is _LIGHT else 0.72, _STATE_CHROMA[state] * 1.1, state_hue)
        tokens[f"{state}-soft"] = _hex(scheme.tint, 0.035, state_hue)
    return tokens


def _brand_tokens(brand: str, scheme: _Scheme) -> dict[str, str]:
    """The brand colour as written where it fills an area, and what is written on it."""
    lightness, chroma, hue = _oklch(brand)
    hero = brand if scheme is _LIGHT else _hex(min(lightness, 0.32), min(chroma, 0.09), hue)
    fill = brand if scheme is _LIGHT else _hex(max(lightness, 0.62), chroma, hue)
    return {
        "brand": fill,
        "on-brand": _readable_on(fill),
        "hero": hero,
        "on-hero": _readable_on(hero),
        "on-hero-soft": _readable_on(hero, muted=True),
    }


def _side_tokens(brand: str, accent: str | None, scheme: _Scheme) -> dict[str, str]:
    """The seller's side wears the brand; the buyer's a colour that differs in hue, so that nobody mistakes them."""
    _, chroma, hue = _oklch(brand)
    _, other_chroma, other_hue = _oklch(accent) if accent else (0.0, 0.11, (hue + 150) % 360)
    lightness = 0.48 if scheme is _LIGHT else 0.74
    seller, buyer = _hex(lightness, chroma, hue), _hex(lightness, other_chroma, other_hue)
    return {"seller": seller, "on-seller": _readable_on(seller), "buyer": buyer, "on-buyer": _readable_on(buyer)}


def _adjusted(tokens: dict[str, str], sign: int) -> Tokens:
    """Each text moved in lightness (`sign` is away from the ground) until every pair it is part of is readable."""
    for text, ground, needed in PAIRS:
        if text.startswith("on-"):
            continue
        tokens[text] = _moved(tokens[text], sign, tokens[ground], needed)
    for text, ground, needed in PAIRS:
        if text.startswith("on-") and contrast(tokens[text], tokens[ground]) < needed:
            tokens[text] = _readable_on(tokens[ground])
    return tokens


def _moved(color: str, sign: int, ground: str, needed: float) -> str:
    """`color` made lighter (`sign` 1) or darker (-1) until its contrast with `ground` is enough."""
    lightness, chroma, hue = _oklch(color)
    while contrast(color, ground) < needed and 0 < lightness < 1:
        lightness = min(1.0, max(0.0, lightness + sign * _STEP))
        color = _hex(lightness, chroma, hue)
    return color


def _readable_on(ground: str, *, muted: bool = False) -> str:
    """Near-white or near-black in the ground's hue, whichever reads better; `muted` is as quiet as AA allows."""
    _, chroma, hue = _oklch(ground)
    light, dark = _hex(0.99, min(chroma, 0.01), hue), _hex(0.18, min(chroma, 0.03), hue)
    best = light if contrast(light, ground) >= contrast(dark, ground) else dark
    if contrast(best, ground) < TEXT_CONTRAST:
        best = max(("#ffffff", "#000000"), key=lambda color: contrast(color, ground))
    if not muted:
        return best
    sign = 1 if best in {light, "#ffffff"} else -1
    start = _hex(0.82 if sign > 0 else 0.36, min(chroma, 0.04), hue)
    return _moved(start, sign, ground, TEXT_CONTRAST)


def _oklch(color: str) -> tuple[float, float, float]:
    from coloraide import Color

    lightness, chroma, hue = Color(color).convert("oklch").coords(nans=False)
    return lightness, chroma, hue


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour as sRGB; too vivid a one gives up chroma, not lightness or hue."""
    from coloraide import Color

    color = Color("oklch", [min(1.0, max(0.0, lightness)), chroma, hue])
    return color.fit("srgb", method="oklch-chroma").convert("srgb").to_string(hex=True)
