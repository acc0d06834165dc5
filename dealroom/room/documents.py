"""The documents of a plan: what kind each is, how big, and where it opens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from dealroom.company import Company
from dealroom.plan.model import Plan
from dealroom.plan.room_parts import Document as WrittenDocument
from dealroom.room.content import Document, Logo
from dealroom.room.inline import label
from dealroom.room.links import file_ref
from dealroom.room.locale import Locale
from dealroom.room.media_types import media_type_of

_KINDS = {
    "application/pdf": "pdf",
    "application/zip": "archive",
    "application/vnd.ms-excel": "spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet": "spreadsheet",
    "text/csv": "spreadsheet",
    "application/vnd.ms-powerpoint": "presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "presentation",
    "application/vnd.oasis.opendocument.presentation": "presentation",
    "application/msword": "document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document",
    "application/vnd.oasis.opendocument.text": "document",
}
# What the browser's viewer shows (client/src/documents/kinds.ts). All else is saved: what could run as a page of the
# room's own origin, such as HTML or SVG, is never opened.
_SHOWN = frozenset(
    {
        "application/pdf",
        *(f"image/{name}" for name in ("png", "jpeg", "gif", "webp", "avif")),
        *(f"video/{name}" for name in ("mp4", "webm", "ogg", "quicktime")),
        *(f"audio/{name}" for name in ("mpeg", "mp4", "aac", "ogg", "wav", "x-wav", "flac", "webm")),
        *(f"text/{name}" for name in ("plain", "csv", "markdown", "tab-separated-values")),
    }
)
# What fits into a document's tile: `XLSX`, not `NUMBERS`.
_LONGEST_EXTENSION = 4

_KINDS_OF_MEDIA = {"video": "video", "image": "image", "audio": "audio", "text": "text"}


def compose_documents(plan: Plan, locale: Locale, sizes: Mapping[str, int]) -> tuple[Document, ...]:
    """The documents in the plan's order. `sizes` are in bytes, by path; an unknown size is not shown."""
    return tuple(_document(document, locale, sizes) for document in plan.documents)


def logo_of(company: Company, pixels: Mapping[str, tuple[int, int]]) -> Logo | None:
    """A logo beside the plan, as a sealed image."""
    if not company.logo:
        return None
    width, height = pixels.get(company.logo, (None, None))
    return Logo(file_ref(company.logo, "image").ref, width, height)


def kind_of(path: str) -> str:
    """What people call a file of this name: `pdf`, `video`, `spreadsheet` …, else `file`."""
    media_type = media_type_of(path)
    return _KINDS.get(media_type) or _KINDS_OF_MEDIA.get(media_type.partition("/")[0], "file")


def is_shown(media_type: str) -> bool:
    """Whether a file of this type opens in the room, rather than being saved."""
    return media_type in _SHOWN


def _extension(path: str | None) -> str | None:
    """`PDF` of `files/soc2.pdf`; one that is no short word says nothing."""
    suffix = PurePosixPath(path or "").suffix.removeprefix(".").upper()
    return suffix if suffix.isalnum() and len(suffix) <= _LONGEST_EXTENSION else None


def _document(document: WrittenDocument, locale: Locale, sizes: Mapping[str, int]) -> Document:
    kind = document.kind or (kind_of(document.file) if document.file else "link")
    reference = file_ref(document.file, "document") if document.file else None
    size = sizes.get(document.file) if document.file else None
    return Document(
        title=label(document.title),
        kind=kind,
        kind_text=locale.named("kind", kind),
        extension=_extension(document.file),
        icon="play" if kind in {"video", "audio"} else "page" if document.file else "external",
        size=locale.size(size) if size is not None else None,
        name=reference.name if reference else None,
        ref=reference.ref if reference else None,
        url=document.url,
        host=urlsplit(document.url).hostname if document.url else None,
        opens=reference is not None and is_shown(reference.media_type),
        embeds=document.embed,
    )
