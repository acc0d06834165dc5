"""Passphrases that a seller chose, instead of generated ones: never in the plan, never in git.

They are in `.dealroom/passphrases.yml`, or all of that text in the environment variable `DEALROOM_PASSPHRASES`:

    harbour:
      priya: a passphrase of your own
      shared: another one

Once a person has been given new access, their epoch in `access.yml` is 2, and the old words count no more: those for
the new access stand under `priya@2`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from dealroom.diagnostics import has_errors
from dealroom.errors import Problem
from dealroom.root import PASSPHRASES_FILE, PASSPHRASES_VARIABLE
from dealroom.seal.errors import WeakPassphrase
from dealroom.seal.keys import refuse_exposed
from dealroom.workspace import Workspace
from dealroom.yaml_source import Source, parse, read


@dataclass(frozen=True, slots=True)
class ChosenPassphrases:
    """The seller's own passphrases by plan and person (`priya`, `priya@2`), and where they were read."""

    place: str = ""
    by_plan: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def passphrase(self, slug: str, person: str, epoch: int) -> str | None:
        """The passphrase for a person's access, when the seller chose one."""
        return self.by_plan.get(slug, {}).get(chosen_name(person, epoch))

    def unused(self, slug: str, used: Iterable[str]) -> tuple[str, ...]:
        """The names under a plan for which nobody has access: misspelt, or of before the access was renewed."""
        return tuple(sorted({*self.by_plan.get(slug, {})} - {*used}))

    @contextmanager
    def told(self, slug: str, person: str, epoch: int) -> Iterator[None]:
        """Says of a passphrase that is refused inside whose it is."""
        try:
            yield
        except WeakPassphrase as weak:
            whose = f"`{chosen_name(person, epoch)}` of {slug} in {self.place}"
            raise WeakPassphrase(f"{weak.message} ({whose})", weak.hint) from None


def chosen_name(person: str, epoch: int) -> str:
    """What a passphrase for a person's access at an epoch stands under."""
    return person if epoch == 1 else f"{person}@{epoch}"


def chosen_passphrases(workspace: Workspace, environ: Mapping[str, str] = os.environ) -> ChosenPassphrases:
    """The passphrases in the environment, else those in the workspace's file; none when there is neither.

    Raises:
        Problem: the file cannot be read, others can read it, git tracks it, or what is in it is no list of passphrases.
    """
    file = workspace.state / PASSPHRASES_FILE
    if written := environ.get(PASSPHRASES_VARIABLE, "").strip():
        place = f"the environment variable {PASSPHRASES_VARIABLE}"
        return ChosenPassphrases(place, _by_plan(parse(written, PASSPHRASES_VARIABLE), place))
    if not file.exists():
        return ChosenPassphrases()
    refuse_exposed(file, environ, "the passphrases")
    place = file.relative_to(workspace.root).as_posix()
    return ChosenPassphrases(place, _by_plan(read(file, place), place))


def _by_plan(source: Source, place: str) -> dict[str, dict[str, str]]:
    hint = "write it as `plan: {person: passphrase}`, and put quotes around passphrases"
    if has_errors(source.diagnostics):
        # The lines themselves are secret: only their numbers are told.
        lines = ", ".join(str(found.place.line) for found in source.diagnostics if found.place.line)
        where = f", line {lines}" if lines else ""
        raise Problem(f"the passphrases in {place} cannot be read{where}: {source.diagnostics[0].message}", hint)
    found: dict[str, dict[str, str]] = {}
    for slug, people in source.data.items() if isinstance(source.data, dict) else [("", None)]:
        if not isinstance(people, dict) or not all(isinstance(text, str) and text for text in people.values()):
            raise Problem(f"the passphrases in {place} are not in the form that is read", hint)
        found[slug] = {person: str(text) for person, text in people.items()}
    return found
