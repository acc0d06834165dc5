"""Texts of the interface as people write them: files `texts/de.yml` of a workspace or a theme, and a theme.yml's.

    next.title: Was als Nächstes kommt      # or, nested: next: {title: …}

A file is named after its language. Its texts replace those of dealroom, or make a language that dealroom lacks. What
could not be filled in later is an error at its line; what nothing asks for is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from dealroom.diagnostics import Diagnostic, error, warning
from dealroom.diagnostics.wording import did_you_mean, listed, quoted
from dealroom.fields.texts import LANG_PATTERN
from dealroom.room.locale import PLURAL_FORMS, Texts, canonical, load_locale
from dealroom.root import TEXTS
from dealroom.yaml_source import PathKey, Source, Value, read

TEXTS_FOLDER = TEXTS

# JSON is YAML, too, as far as texts go.
_SUFFIXES = frozenset({".yml", ".yaml", ".json"})

# Kinds of things whose names nobody can list beforehand: the roles of a deal, and what documents are.
_OPEN = ("role.", "kind.")

# How a template asks for a text.
_ASKED = re.compile(r"""\btexts\[\s*["']([\w.-]+)["']\s*\]""")


class WrittenText(NamedTuple):
    """A text by its key, and where in its file it stands."""

    key: str
    text: str
    path: tuple[PathKey, ...]


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """Texts by language and key, and what is wrong with them. Those with errors are left out."""

    texts: Texts
    diagnostics: tuple[Diagnostic, ...] = ()


def read_texts(folder: Path, shown: str, asked: frozenset[str]) -> WrittenTexts:
    """The files of texts in `folder`, which findings call `shown`; no folder, no texts.

    `asked` are the keys that the workspace's own templates ask for beside the base's.
    """
    texts: dict[str, dict[str, str]] = {}
    found: list[Diagnostic] = []
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    for file in (each for each in files if each.suffix in _SUFFIXES and not each.name.startswith(".")):
        source = read(file, f"{shown}/{file.name}")
        if not re.fullmatch(LANG_PATTERN, file.stem):
            hint = "name it after its language, like `de.yml` or `pt-BR.yml`"
            found.append(error("invalid-lang", f"{quoted(file.stem)} is not a language", source.place(()), hint))
            continue
        flat, amiss = _flat(source)
        good, wrong = check_texts(source, flat, asked)
        texts.setdefault(canonical(file.stem), {}).update(good)
        found += [*source.diagnostics, *amiss, *wrong]
    return WrittenTexts(texts, tuple(found))


def check_texts(
    source: Source, texts: Iterable[WrittenText], asked: frozenset[str]
) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of `source` that can be used, by key, and what is wrong with the others."""
    good: dict[str, str] = {}
    found: list[Diagnostic] = []
    for key, text, path in texts:
        default = _default(key)
        if default is None and key not in asked and not key.startswith(_OPEN):
            known = [*load_locale(None).texts, *asked]
            hint = did_you_mean(key, known, "`dealroom/theme/texts/en.json` has the keys")
            found.append(warning("unknown-text", f"nothing asks for a text {quoted(key)}", source.place(path), hint))
        fault = fault_of(text, placeholders(default) if default else frozenset())
        if fault:
            message, hint = fault
            found.append(error("invalid-text", f"the text {quoted(key)} {message}", source.place(path), hint))
        else:
            good[key] = text
    return good, found


def fault_of(text: str, known: Iterable[str]) -> tuple[str, str] | None:
    """What cannot be filled in of a text whose values are `known`, and what to do about it."""
    values = sorted(known)
    hint = f"it may use {listed(f'{{{name}}}' for name in values)}" if values else "write it without braces"
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        return "has a brace that is not closed", hint
    unknown = sorted({name for name, spec, conversion in parts if name not in values or spec or conversion})
    if unknown:
        return f"uses {listed(f'{{{name}}}' for name in unknown)}, which has no value here", hint
    return None


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that are not closed."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def asked_by(templates: Iterable[Path]) -> frozenset[str]:
    """The keys of texts that the templates in these folders ask for."""
    files = (file for folder in templates if folder.is_dir() for file in sorted(folder.rglob("*.html")))
    return frozenset(key for file in files for key in _ASKED.findall(file.read_text("utf-8", errors="replace")))


def _default(key: str) -> str | None:
    """The English text of a key; of a plural's form that English does not have, its `other`."""
    texts = load_locale(None).texts
    if key in texts:
        return texts[key]
    counted, _, form = key.rpartition(".")
    return texts.get(f"{counted}.other") if form in PLURAL_FORMS else None


def _flat(source: Source) -> tuple[list[WrittenText], list[Diagnostic]]:
    """The texts of a file, however deep they stand."""
    texts: list[WrittenText] = []
    found: list[Diagnostic] = []
    for path, value in _leaves(source.data, ()):
        if isinstance(value, str):
            texts.append(WrittenText(".".join(str(part) for part in path), value, path))
        elif path or value is not None:
            message = "a text is expected here" if path else "keys and texts are expected here"
            found.append(error("wrong-type", message, source.place(path), "write it like `next.title: Next steps`"))
    return texts, found


def _leaves(value: Value, path: tuple[PathKey, ...]) -> Iterator[tuple[tuple[PathKey, ...], Value]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, (*path, key))
    else:
        yield path, value
