"""The preview's own script, as the package build bundled it."""

from __future__ import annotations

import json

from dealroom.publish.client import DIST
from dealroom.publish.output import OutputFile, file_of_bytes


def client_file(name: str) -> OutputFile | None:
    """The preview's script under the name `preview.js`, or a chunk that it imports under its own.

    The bundle is read each time, so that who works on the client sees the new one on the next request.
    """
    entry = json.loads((DIST / "manifest.json").read_bytes())["preview.ts"]
    chunks = {*entry["imports"], *entry["dynamic_imports"]}
    file = entry["file"] if name == "preview.js" else name
    if file != entry["file"] and file not in chunks:
        return None
    return file_of_bytes(name, (DIST / file).read_bytes())
