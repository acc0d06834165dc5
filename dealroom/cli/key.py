"""`dealroom key`: the workspace key, from which every link and passphrase follows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.errors import Problem

if TYPE_CHECKING:
    from datetime import date

    from dealroom.seal.keys import WorkspaceKey
    from dealroom.workspace import Workspace


@click.group(
    name="key",
    epilog="""\b
Examples:
  dealroom key init                      make it, once
  dealroom key backup ~/usb/deals.key    keep a copy
""",
)
def command() -> None:
    """Make, check, back up or replace the workspace key.

    Every link and passphrase follows from it, and whoever has it can open every room: keep a copy in your
    password manager, never in git.
    """


@command.command(
    epilog="""\b
Examples:
  dealroom key init    once, before the first build
"""
)
@click.pass_obj
def init(context: Context) -> None:
    """Make a key for a workspace that has none."""
    from dealroom.publish.keyring import key_file
    from dealroom.seal.keys import create_key

    workspace = context.workspace()
    if (wanted := workspace.settings.key_fingerprint) is not None and not key_file(workspace).exists():
        raise Problem(
            f"this workspace has a key already, {wanted}: dealroom.yml names it",
            f"restore your copy of it in {key_file(workspace)}; if it is lost for good, remove `key_fingerprint` first",
        )
    key = create_key(key_file(workspace))
    click.echo(f"made the key {key.fingerprint} in {key_file(workspace)}")
    click.echo("keep a copy in your password manager: without it, no link or passphrase can be made again")


@command.command(
    epilog="""\b
Examples:
  dealroom key check    after you restored it, or on another machine
"""
)
@click.pass_obj
def check(context: Context) -> None:
    """Tell whether the key can be used, and which one it is.

    The fingerprint of its signature is no secret: a buyer's reviewer verifies with it what a host shows.
    """
    from dealroom.publish.keyring import workspace_key
    from dealroom.seal.release import shown, signer_fingerprint

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    click.echo(f"the key {key.fingerprint} is in order")
    click.echo(f"it signs what you publish as {shown(signer_fingerprint(key))}: tell that to who wants to verify it")
    if workspace.settings.key_fingerprint is None:
        click.echo(f"note: `key_fingerprint: {key.fingerprint}` in dealroom.yml keeps any other key from being used")


@command.command(
    epilog="""\b
Examples:
  dealroom key backup                    print it, for a password manager or a CI secret
  dealroom key backup ~/usb/deals.key    write it to a file that only you can read
"""
)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(context: Context, file: Path | None) -> None:
    """Print the key, or copy it to FILE. To restore it, put that line into .dealroom/key, or set DEALROOM_KEY to it."""
    from dealroom.publish.keyring import workspace_key
    from dealroom.seal.keys import write_key

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    if file is None:
        click.echo(key.text())
        return
    if file.resolve().is_relative_to(workspace.root):
        raise Problem(f"{file} is inside the workspace, where git or a copy of it takes it along", "write it elsewhere")
    if file.exists():
        raise Problem(f"{file} exists already", "name another file; nothing was written")
    write_key(file, key)
    click.echo(f"copied the key {key.fingerprint} to {file}, which only you can read")


@command.command(
    epilog="""\b
Examples:
  dealroom key rotate          the key may be in wrong hands, or a colleague left
  dealroom key rotate --yes    without asking
"""
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def rotate(context: Context, yes: bool) -> None:
    """Replace the key, and with it every link, every generated passphrase and every room without a `path`'s address.

    It says what to send to whom. The old key is kept beside the new one.
    """
    from dealroom.publish.keyring import rotate_key, workspace_key

    workspace = context.workspace()
    workspace_key(workspace, os.environ)
    question = "every link and passphrase in use will stop working with the next publication; go on?"
    if not yes and not click.confirm(question, err=True):
        raise Problem("the key was not replaced")
    key, kept = rotate_key(workspace, os.environ)
    click.echo(f"the key is {key.fingerprint} now: keep a copy in your password manager (`dealroom key backup`)")
    click.echo(f"the old one is kept in {kept}; remove it when nothing sealed with it is needed any more")
    click.echo("next: `dealroom publish`, then send each person what is theirs")
    _what_to_send(workspace, key, context.today)


def _what_to_send(workspace: Workspace, key: WorkspaceKey, today: date) -> None:
    from dealroom.plan.read import read_plans
    from dealroom.publish.access import PREVIEW_URL, access_to
    from dealroom.publish.passphrases import chosen_passphrases
    from dealroom.publish.readers import Admission

    admission = Admission(key, chosen_passphrases(workspace))
    for loaded in read_plans(workspace):
        click.echo()
        if loaded.plan is None:
            click.echo(f"{loaded.slug}: the plan has errors; put them right, then `dealroom access list {loaded.slug}`")
            continue
        click.echo(click.style(f"{loaded.slug}: {loaded.plan.title}, for {loaded.plan.buyer.name}", bold=True))
        for one in access_to(admission, loaded, workspace.settings.base_url or PREVIEW_URL, today):
            click.echo(f"  {one.name}\n    passphrase  {one.passphrase}\n    link        {one.link}")
