"""The media type of a file by its name, the same on every machine for what rooms show and are made of."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

# What the viewer shows (client/src/documents/kinds.ts), and what a room's own files are. Python's own table differs
# between its versions, and takes in what a system adds: a room would open what the same room, built elsewhere, saves.
_KNOWN = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".tsv": "text/tab-separated-values",
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".ico": "image/vnd.microsoft.icon",
}


def media_type_of(path: str) -> str:
    """The type of a file of this name; `application/octet-stream` when its name says nothing."""
    known = _KNOWN.get(PurePosixPath(path).suffix.lower())
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"
