"""The headers that a room's files are to be served with: one list for every host.

Most of what protects a room stands in the page itself. These do what a page cannot do from the inside: forbid frames,
keep search engines from objects, and tell caches what never changes.
"""

from __future__ import annotations

from types import MappingProxyType

from dealroom.publish.client import ASSETS
from dealroom.seal.unseal import OBJECTS, PAGE

# A year, the longest that RFC 9111's predecessors allowed and caches still take for "for ever".
_FOR_EVER = "public, max-age=31536000, immutable"

EVERYWHERE = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)

PAGES = MappingProxyType(
    {
        "Cache-Control": "no-cache",
        # In a `<meta>`, frame-ancestors does nothing; X-Frame-Options says the same to older browsers.
        "Content-Security-Policy": "frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
)

NEVER_CHANGES = MappingProxyType({"Cache-Control": _FOR_EVER})
ALWAYS_ASKED = MappingProxyType({"Cache-Control": "no-cache"})


def headers_for(path: str) -> dict[str, str]:
    """The headers of the file at `path`, from the site, with forward slashes; a folder is its page."""
    parts = path.split("/")
    if parts[0] == ASSETS or OBJECTS in parts[:-1]:
        return {**EVERYWHERE, **NEVER_CHANGES}
    is_page = parts[-1] in {"", PAGE} or "." not in parts[-1]
    return {**EVERYWHERE, **(PAGES if is_page else ALWAYS_ASKED)}
