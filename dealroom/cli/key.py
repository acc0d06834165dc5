"""`dealroom key`: the workspace key, from which every link and passphrase follows."""

from __future__ import annotations

import os

import click

from dealroom.cli.context import Context


@click.group(name="key")
def command() -> None:
    """Make or check the workspace key.

    Every link and passphrase follows from it, and whoever has it can open every room: keep a copy in your
    password manager, never in git.
    """


@command.command()
@click.pass_obj
def init(context: Context) -> None:
    """Make a key for a workspace that has none, such as a fresh clone of your own."""
    from dealroom.seal.keys import create_key

    workspace = context.workspace()
    key = create_key(workspace.state / "key")
    click.echo(f"made the key {key.fingerprint} in {workspace.state / 'key'}")
    click.echo("keep a copy in your password manager: without it, no link or passphrase can be made again")


@command.command()
@click.pass_obj
def check(context: Context) -> None:
    """Tell whether the key can be used, and which one it is."""
    from dealroom.seal.keys import load_key

    key = load_key(context.workspace().state / "key", os.environ)
    click.echo(f"the key {key.fingerprint} is in order")
