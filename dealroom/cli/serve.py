"""`dealroom serve`: the preview."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context

if TYPE_CHECKING:
    from datetime import date

    from dealroom.seal.keys import WorkspaceKey
    from dealroom.workspace import Workspace


@click.command(
    name="serve",
    epilog="""\b
Examples:
  dealroom serve                  open the list of rooms, and edit plans/
  dealroom serve --port 8080      when something else uses port 8000
""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; others reach 0.0.0.0.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
@click.option("--build", is_flag=True, help="Build every room into site/ first.")
@click.option("--show-access", is_flag=True, help="Print each room's links and passphrases.")
@click.option("--open/--no-open", "show", default=None, help="Open a browser; by default when run by hand.")
@click.pass_obj
def command(context: Context, host: str, port: int, build: bool, show_access: bool, show: bool | None) -> int:
    """Preview the rooms in a browser, live while you edit.

    The preview shows exactly what buyers get, and lets you open each room as any of its readers. Only this computer
    reaches it, unless you choose another --host.
    """
    from dealroom.cli.build import build_and_report
    from dealroom.publish.keyring import workspace_key
    from dealroom.serve.preview import Preview
    from dealroom.serve.run import address_of, listen

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    # Before anything that takes long, so that a port in use is told at once.
    with listen(host, port) as server:
        address = address_of(server)
        failed = build and build_and_report(workspace, key, context.today).has_failures
        preview = Preview(workspace.root, key, lambda: context.today)
        if show_access:
            _print_access(workspace, key, address, context.today)
        rooms = "1 room" if len(preview.slugs) == 1 else f"{len(preview.slugs)} rooms"
        click.echo(f"previewing {rooms} on {address}  (Ctrl-C stops it)")
        wants_browser = show if show is not None else sys.stdout.isatty()
        preview.run(server, host, started=lambda: _open_browser(address) if wants_browser else None)
    click.echo("stopped")
    return 1 if failed else 0


def _print_access(workspace: Workspace, key: WorkspaceKey, address: str, today: date) -> None:
    from dealroom.plan.read import read_plans
    from dealroom.publish.access import access_to
    from dealroom.publish.passphrases import chosen_passphrases
    from dealroom.publish.readers import Admission

    admission = Admission(key, chosen_passphrases(workspace))
    for loaded in read_plans(workspace):
        click.echo()
        if loaded.plan is None:
            click.echo(f"{loaded.slug}: the plan has errors; see `dealroom check {loaded.slug}`")
            continue
        click.echo(click.style(f"{loaded.plan.title}, for {loaded.plan.buyer.name}", bold=True))
        for one in access_to(admission, loaded, address, today):
            click.echo(f"  {one.name}\n    link        {one.link}\n    passphrase  {one.passphrase}")
    click.echo()


def _open_browser(address: str) -> None:
    """Open the list in a browser, without waiting for it."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
