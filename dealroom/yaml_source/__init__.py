"""A YAML file that a person wrote: its values as plain text, lists and mappings, and the place of each of them.

Scalars keep the characters that were typed. Only a plain `null`, `~` or nothing at all is `None`, so `on:`, `NO`,
`1e3`, `12:30` and `4.10` never turn into something else. Anchors, aliases and merge keys work within bounds; tags,
a second document and duplicate keys are findings.

    read ─▶ decode (bytes → text) ─▶ values (text → values, findings) ─▶ validate (values → a model, findings)

Places are looked up on demand, by parsing once more: most files have no finding, and a workspace of thousands of
plans should not hold thousands of node trees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from dealroom.diagnostics import Diagnostic, Place
from dealroom.yaml_source.decode import read_text
from dealroom.yaml_source.places import Nodes, PathKey, compose, find
from dealroom.yaml_source.values import Value, load_values

__all__ = ["PathKey", "Source", "Value", "parse", "read"]


@dataclass(slots=True)
class Source:
    """A file as read. `data` is `None` when nothing could be made of it, and then `diagnostics` says why."""

    name: str
    text: str = ""
    data: Value = None
    diagnostics: tuple[Diagnostic, ...] = ()
    _nodes: Nodes | None = field(default=None, repr=False, compare=False)

    def place(self, path: Iterable[PathKey], *, key: bool = False) -> Place:
        """Where the value at `path` is, as in `("milestones", 3, "due")`; with `key`, where its key is.

        A path that is not in the file has the place of its nearest part that is.
        """
        if self._nodes is None:
            self._nodes = compose(self.text)
        return find(self._nodes, tuple(path), self.name, key=key)

    def forget_places(self) -> None:
        """Free what was kept to look places up; the next look-up parses again."""
        self._nodes = None


def read(path: FilePath, display_name: str) -> Source:
    """Read the file at `path`, which findings call `display_name`. Never raises: what is wrong is a diagnostic."""
    text = read_text(path, display_name)
    return Source(display_name, diagnostics=(text,)) if isinstance(text, Diagnostic) else parse(text, display_name)


def parse(text: str, display_name: str) -> Source:
    """The same for a text at hand."""
    data, diagnostics = load_values(text, display_name)
    return Source(display_name, text, data, tuple(diagnostics))
