"""A sealed room as one HTML file that works from the disk, without a network: page, script, styles, fonts, objects.

What is published is taken as it is, so the same links and passphrases open it. Only what the page would fetch is
put into it, and its policy is narrowed to just that: scripts and styles by their digests, and no connection at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import PurePosixPath

from dealroom.errors import Problem
from dealroom.room.media_types import media_type_of
from dealroom.room.stylesheet import urls, with_urls

# In bytes of sealed objects. What is mailed may have 20 to 25 MB at most providers, base64 makes four bytes of three,
# and a mail makes that of it once more.
LARGEST = 10_000_000

_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
_STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]*)"[^>]*>')
_SCRIPT = re.compile(r'<script type="module" src="[^"]*"[^>]*></script>')
_PRELOAD = re.compile(r'<link rel="(?:module)?preload"[^>]*>\n?')
_CHOICE = re.compile(r'<label id="remember".*?</label>\n?', re.DOTALL)

# What ends a script or a style, or makes HTML read on behind its end.
_UNSAFE_INLINE = re.compile(r"</(?:script|style)|<!--", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Published:
    """A room as it is published: its page, its objects by name, and the assets that it uses by name.

    `online` is the room's address, where it is known.
    """

    page: str
    objects: Mapping[str, bytes]
    assets: Mapping[str, bytes]
    online: str | None = None


def chosen_objects(sizes: Mapping[str, int], views: Collection[str], largest: int = LARGEST) -> tuple[str, ...]:
    """The names of the objects that a copy holds: all views, and then files, small ones first, as long as they fit."""
    chosen = sorted(views)
    left = largest - sum(sizes[name] for name in chosen)
    for name in sorted(sizes.keys() - set(views), key=lambda name: (sizes[name], name)):
        if sizes[name] > left:
            break
        chosen.append(name)
        left -= sizes[name]
    return tuple(sorted(chosen))


def write_html(room: Published, script: str) -> str:
    """The room as one file. `script` is the client's, as one module.

    Raises:
        Problem: a theme's page is of another form than the base theme's, or its style sheet cannot stand in a page.
    """
    found = _STYLESHEET.search(room.page)
    if found is None or not _SCRIPT.search(room.page) or not _POLICY.search(room.page):
        raise Problem(
            "the lock page has no style sheet, script or policy of its own to put into the file",
            "keep the block `head` of the base theme's lock.html in your theme",
        )
    prefix, _, stylesheet = found[1].rpartition("/")
    css = _inline_css(room.assets[stylesheet].decode(), room.assets)
    for text in (css, script):
        if _UNSAFE_INLINE.search(text):
            raise Problem("a style sheet holds what would end it in a page", "look for `</style` or `<!--` in it")
    images = {f"{prefix}/{name}": data_url(name, content) for name, content in room.assets.items() if _is_image(name)}
    page = _PRELOAD.sub("", room.page)
    page = _CHOICE.sub("", page)
    page = _STYLESHEET.sub(lambda _: f"<style>{css}</style>", page, count=1)
    for address, data in images.items():
        page = page.replace(f'"{escape(address)}"', f'"{data}"')
    page = _SCRIPT.sub(lambda _: f'<script type="module">{script}</script>', page, count=1)
    page = _POLICY.sub(lambda match: match[1] + _narrowed(match[2], script, css) + match[3], page, count=1)
    head, end, rest = page.rpartition("</body>")
    return "".join([head, *_embedded(room, images), end, rest])


def data_url(name: str, content: bytes) -> str:
    """The content of an asset as an address."""
    return f"data:{media_type_of(name)};base64,{b64encode(content).decode()}"


def _is_image(name: str) -> bool:
    return PurePosixPath(name).suffix in {".svg", ".png", ".ico", ".jpg", ".jpeg", ".webp", ".gif", ".avif"}


def _inline_css(css: str, assets: Mapping[str, bytes]) -> str:
    return with_urls(css, {url: data_url(url, assets[url]) for url in urls(css)})


def _embedded(room: Published, images: Mapping[str, str]) -> Iterable[str]:
    # The opened page asks for these images by the same addresses as the lock page does.
    copy = {"online": room.online, "assets": images}
    written = json.dumps({key: value for key, value in copy.items() if value}, separators=(",", ":"))
    safe = written.replace("<", "\\u003c")
    yield f'<script type="application/json" id="dealroom-copy">{safe}</script>\n'
    for name, content in room.objects.items():
        data = b64encode(content).decode()
        yield f'<script type="application/octet-stream" id="o-{name}">{data}</script>\n'


def _narrowed(policy: str, script: str, css: str) -> str:
    """The page's policy for a file that has everything in it: nothing is taken from beside it."""
    instead = {
        "script-src": _digest(script),
        "style-src": _digest(css),
        "font-src": "data:",
    }
    directives = []
    for directive in unescape(policy).split(";"):
        name, *sources = directive.split()
        if "'self'" in sources:
            sources = [*([instead[name]] if name in instead else []), *(one for one in sources if one != "'self'")]
            sources = sources or ["'none'"]
        directives.append(" ".join([name, *sources]))
    return escape("; ".join(directives), quote=False)


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
