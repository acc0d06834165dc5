"""`dealroom access`: who opens a room, and with what."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context

if TYPE_CHECKING:
    from dealroom.publish.access import Access


@click.group(name="access")
def command() -> None:
    """Show who opens a room, with which link and passphrase."""


@command.command(
    name="list",
    epilog="""\b
Examples:
  dealroom access list acme                    what to send to whom
  dealroom access list acme --format json      for a script or a mail merge
""",
)
@click.argument("slug")
@click.option("--base-url", metavar="URL", help="Where the rooms are hosted; `base_url` of dealroom.yml otherwise.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to show it.")
@click.pass_obj
def list_(context: Context, slug: str, base_url: str | None, form: str) -> None:
    """Show each person's link and passphrase of one room. Both are secret: send them to that person only."""
    from dealroom.publish.access import PREVIEW_URL, access_of
    from dealroom.seal.keys import load_key

    workspace = context.workspace()
    hosted = base_url or workspace.settings.base_url
    key = load_key(workspace.state / "key", os.environ)
    found = access_of(workspace, key, slug, hosted or PREVIEW_URL, today=context.today)
    click.echo(_as_json(found) if form == "json" else _as_table(found))
    if not hosted:
        click.echo("note: dealroom.yml has no base_url, so these links open the preview only", err=True)


def _as_json(found: tuple[Access, ...]) -> str:
    people = [
        {"person": one.person, "name": one.name, "kind": one.kind, "link": one.link, "passphrase": one.passphrase}
        for one in found
    ]
    return json.dumps(people, ensure_ascii=False, indent=2)


def _as_table(found: tuple[Access, ...]) -> str:
    if not found:
        return "nobody opens this room: give the plan a stakeholder of the buyer's side"
    blocks = [f"{one.name}\n  passphrase  {one.passphrase}\n  link        {one.link}" for one in found]
    return "\n\n".join(blocks)
