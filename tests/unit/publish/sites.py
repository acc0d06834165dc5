"""A compiled site of a few files, to be published."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from pathlib import Path

from dealroom.publish.output import OutputFile, read_chunks
from dealroom.publish.targets import CompiledSite


def site_of(folder: Path, files: dict[str, str]) -> CompiledSite:
    """Write files into `folder`, as a build would have: one room, `acme`."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    outputs = tuple(
        OutputFile(
            path,
            len(text.encode()),
            partial(read_chunks, folder / path),
            is_page=path.endswith(".html"),
            immutable="/o/" in path or path.startswith("assets/"),
            digest=sha256(text.encode()).digest(),
        )
        for path, text in files.items()
    )
    return CompiledSite(folder, (), {"acme": outputs})
