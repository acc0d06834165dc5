"""`dealroom init`: a workspace that works, with a plan to change."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

import click

from dealroom.cli.context import Context
from dealroom.errors import Problem

# Files for git, kept under names that git does not take for its own in dealroom's repository.
DOTTED = {"gitignore": ".gitignore", "gitattributes": ".gitattributes"}


class _Folder(click.Path):
    """A folder by its name; an empty one is a variable that a script forgot to set, and not this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("the name is empty; `.` is this folder", param, ctx)
        return super().convert(value, param, ctx)


@click.command(
    epilog="""\b
Examples:
  dealroom init deals                          a new folder
  dealroom init . --seller 'Northbay GmbH'     this folder, in your company's name
"""
)
@click.argument("folder", metavar="DIR", type=_Folder(file_okay=False, path_type=Path))
@click.option("--seller", default="Your Company", metavar="NAME", help="Your company's name, as buyers see it.")
@click.pass_obj
def command(context: Context, folder: Path, seller: str) -> None:
    """Start a workspace in DIR, with an example plan to change.

    It has settings, a plan with a page, and the key that seals the rooms. Nothing that exists is overwritten.
    """
    from dealroom.plan.starters import EXAMPLE, starter_files
    from dealroom.seal.keys import create_key

    if not seller.strip() or not seller.isprintable():
        raise click.BadParameter("a name on one line is needed", param_hint="--seller")
    root = context.start / folder
    texts = {DOTTED.get(path, path): text for path, text in starter_files(context.today, seller).items()}
    _refuse_existing(root, texts)
    for path, text in texts.items():
        _write(root / path, text)
    key = root / ".dealroom" / "key"
    if not key.exists():
        create_key(key)
    click.echo(_what_next(folder, EXAMPLE))


def _refuse_existing(root: Path, texts: dict[str, str]) -> None:
    for path in texts:
        if path not in DOTTED.values() and os.path.lexists(root / path):
            raise Problem(f"{root / path} exists already", "name another folder; nothing was written")


def _write(path: Path, text: str) -> None:
    """Write a new file; one of git's that is there gets the lines it lacks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        kept = path.read_text(encoding="utf-8")
        missing = [line for line in text.splitlines() if not line.startswith("#") and line not in kept.splitlines()]
        if missing:
            path.write_text(f"{kept.rstrip()}\n\n# dealroom\n" + "\n".join(missing) + "\n", encoding="utf-8")
        return
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _what_next(folder: Path, example: str) -> str:
    shown = folder.as_posix()
    steps = [
        (f"cd {shlex.quote(f'./{shown}' if shown.startswith('-') else shown)}", ""),
        ("dealroom serve", f"see the example's room; change plans/{example}/plan.yml and it changes too"),
        ("dealroom build", "compile the rooms into site/, sealed, ready for any web host"),
        (f"dealroom access list {example}", "the links and passphrases to send"),
    ]
    if shown == ".":
        del steps[0]
    width = max(len(step) for step, _ in steps) + 2
    lines = [f"  {step:<{width}}{why}".rstrip() for step, why in steps]
    start = f"started a workspace in {shown}: its key is in .dealroom/key, keep a copy in your password manager"
    return "\n".join([start, "", "next:", *lines])
