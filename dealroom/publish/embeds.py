"""What a plan shows of other sites, against the sites that the workspace allows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from dealroom.diagnostics import Diagnostic, error
from dealroom.diagnostics.wording import quoted
from dealroom.plan.read import LoadedPlan

# Addresses that people copy from their browser, and what the same site gives to be shown elsewhere. Nothing is
# rewritten by itself: the seller decides what is contacted.
_EMBEDDABLE = (
    (r"https://(?:www\.)?vimeo\.com/(\d+)(?:[/?#].*)?", r"https://player.vimeo.com/video/\1"),
    (r"https://(?:www\.)?loom\.com/share/(\w+)(?:[/?#].*)?", r"https://www.loom.com/embed/\1"),
    (
        r"https://(?:(?:www\.|m\.)?youtube\.com/watch\?(?:.*&)?v=|youtu\.be/)([\w-]{11})(?:[&?#].*)?",
        r"https://www.youtube-nocookie.com/embed/\1",
    ),
)


def embed_findings(loaded: LoadedPlan, allowed: Collection[str]) -> Iterator[Diagnostic]:
    """A document that would be shown from a site that is not one of `allowed`, by its host."""
    for index, document in enumerate(loaded.plan.documents if loaded.plan else ()):
        if not document.embed or document.url is None:
            continue
        embeddable = embeddable_address(document.url)
        host = urlsplit(document.url).netloc.lower()
        if host in allowed and embeddable is None:
            continue
        place = loaded.source.place(["documents", index, "url"])
        if embeddable is not None:
            host = urlsplit(embeddable).netloc
            message = f"{quoted(document.url)} is a page that its site lets nobody else show"
            hint = f"the address to show is {embeddable}" + ("" if host in allowed else _to_allow(host))
        else:
            message = f"{quoted(host)} is not one of the sites that rooms may show something of"
            hint = f"add `embeds: [{host}]` to dealroom.yml, or remove `embed:`"
        yield error("embed-not-allowed", message, place, hint)


def embeddable_address(url: str) -> str | None:
    """The address for frames of a film whose own page is at `url`, on the sites for films that are known here."""
    for pattern, replacement in _EMBEDDABLE:
        if match := re.fullmatch(pattern, url):
            return match.expand(replacement)
    return None


def _to_allow(host: str) -> str:
    return f"; add `embeds: [{host}]` to dealroom.yml"
