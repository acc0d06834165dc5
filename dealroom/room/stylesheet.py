"""A theme's one stylesheet: fonts, colours as custom properties, the base styles, then each theme's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from dealroom.room.palette import Palette
from dealroom.room.theme_settings import Font

# What stands behind a theme's font until it has loaded, and instead of it where there is none.
_FALLBACKS = {
    "text": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "display": "var(--font-text)",
    "mono": "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|#)([^)"']+)\1\s*\)""")


def fonts_css(fonts: Mapping[str, Font], names: Mapping[tuple[str, str], str]) -> str:
    """`@font-face` rules. `names` gives the asset of each file, by role and path."""
    rules = {
        f"@font-face{{font-family:'{font.family}';font-style:{file.style};font-weight:{file.weight};"
        f"font-display:swap;src:url('{names[role, file.file]}') format('woff2')}}": None
        for role, font in fonts.items()
        for file in font.files
    }
    return "\n".join(rules)


def palette_css(palette: Palette, fonts: Mapping[str, Font]) -> str:
    """Custom properties on `:root`: the colours of both schemes, and the fonts."""
    light = "".join(f"--{name}:{value};" for name, value in palette.light.items())
    dark = "".join(f"--{name}:{value};" for name, value in palette.dark.items())
    families = "".join(f"--font-{role}:{_family(role, fonts.get(role))};" for role in _FALLBACKS)
    # Dates are set in a theme's typewriter face, but not in that of the reader's system, which may be anything.
    families += f"--font-figures:var(--font-{'mono' if 'mono' in fonts else 'text'});"
    return (
        f":root{{color-scheme:light dark;{light}{families}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def tokens_css(tokens: Mapping[str, str]) -> str:
    """A theme's own tokens. They come after the base's rules, whose tokens they replace."""
    own = "".join(f"--{name}:{value};" for name, value in tokens.items())
    return f":root{{{own}}}" if own else ""


def rules_css(files: Iterable[Path]) -> str:
    """The rules of stylesheets, in order, without their comments."""
    return "\n".join(compact(file.read_text("utf-8")) for file in files)


def compact(css: str) -> str:
    """Without comments, indentation and blank lines."""
    lines = (line.strip() for line in _COMMENT.sub("", css).splitlines())
    return "\n".join(line for line in lines if line)


def urls(css: str) -> list[str]:
    """The files that a stylesheet asks for, as written."""
    return [match[2] for match in _URL.finditer(css)]


def with_urls(css: str, names: Mapping[str, str]) -> str:
    """`css` with each file it asks for replaced by its asset's name."""
    return _URL.sub(lambda match: f"url('{names[match[2]]}')", css)


def monogram(letter: str, palette: Palette) -> bytes:
    """An icon for the browser's tab, where a theme has none: the seller's first letter on the brand."""
    ground, text = palette.light["hero"], palette.light["on-hero"]
    safe = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(letter, letter)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{ground}"/>'
        f'<text x="16" y="22.5" font-family="system-ui,sans-serif" font-size="19" font-weight="600" '
        f'text-anchor="middle" fill="{text}">{safe}</text></svg>\n'
    ).encode()


def _family(role: str, font: Font | None) -> str:
    fallback = _FALLBACKS[role]
    return f"'{font.family}',{fallback}" if font else fallback
