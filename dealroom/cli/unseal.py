"""`dealroom unseal`: read a compiled room back, with nothing but what its reader has."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.errors import UsageProblem

if TYPE_CHECKING:
    from dealroom.seal.unseal import OpenedRoom

STANDARD_INPUT = "-"


@click.command(
    epilog="""\b
Examples:
  dealroom unseal site/4f7q… --passphrase 'six words of the room'
  dealroom unseal site/acme --link 'https://rooms.example/acme/#k=…' --out opened/
  pass acme | dealroom unseal site/acme --passphrase -
"""
)
@click.argument("room", type=click.Path(exists=True, path_type=Path))
@click.option("--passphrase", metavar="P", help="Open with this passphrase; `-` reads it from standard input.")
@click.option("--link", metavar="URL", help="Open with this personal link.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write the page and files here."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to say what was found."
)
def command(room: Path, passphrase: str | None, link: str | None, out: Path | None, form: str) -> None:
    """Read a compiled room back, as the person who opens it would.

    ROOM is the folder of one room in site/. What is listed is all that this passphrase or link can read: pages,
    milestones, success criteria, people, files and links. `--format json` and `--out` give the whole text too.
    """
    from dealroom.seal.unseal import save_room, unseal_room

    if (passphrase is None) == (link is None):
        raise UsageProblem("give either --passphrase or --link", "see `dealroom unseal --help`")
    if passphrase == STANDARD_INPUT:
        passphrase = sys.stdin.readline()
    opened = unseal_room(room, passphrase=passphrase, link=link)
    written = save_room(opened, out) if out else ()
    click.echo(_as_json(opened) if form == "json" else _as_text(opened))
    for path in written:
        click.echo(f"wrote {path}", err=True)


def _as_json(room: OpenedRoom) -> str:
    from dealroom.room.inventory import inventory

    page = room.page.decode()
    held = inventory(page)
    found = {
        "person": room.person.id,
        "name": room.person.name,
        "kind": room.person.kind,
        "title": room.title,
        "lang": room.lang,
        "titles": {kind.replace(" ", "_"): titles for kind, titles in held.titles.items()},
        "links": held.links,
        "files": [
            {"name": file.name, "type": file.media_type, "kind": file.kind, "size": file.size} for file in room.files
        ],
        "page": page,
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _as_text(room: OpenedRoom) -> str:
    from dealroom.room.inventory import inventory

    held = inventory(room.page.decode())
    files = [f"{file.name}, {file.kind}, {file.size:,} bytes" for file in room.files]
    lines = [
        room.title,
        f"opened as  {room.person.name} ({room.person.kind})",
        f"page       {len(room.page):,} bytes of HTML",
    ]
    for kind, items in (*held.titles.items(), ("files", files), ("links to", held.links)):
        lines += [f"\n{kind} ({len(items)})", *(f"  {item}" for item in items)] if items else []
    return "\n".join(lines)
