"""`dealroom digest stop`, `resume` and `replies`: who gets no digests."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.names import PersonId, Slug

if TYPE_CHECKING:
    from dealroom.workspace import Workspace


@click.command(
    epilog="""\b
Examples:
  dealroom digest stop acme dana    Dana gets no more digests of this plan
"""
)
@click.argument("slug", type=Slug())
@click.argument("person", type=PersonId())
@click.pass_obj
def stop(context: Context, slug: str, person: str) -> None:
    """Send PERSON no more digests of a plan. It is written at the person in the plan."""
    _change_wish(context.workspace(), slug, person, wants=False)


@click.command(
    epilog="""\b
Examples:
  dealroom digest resume acme dana    Dana gets them again
"""
)
@click.argument("slug", type=Slug())
@click.argument("person", type=PersonId())
@click.pass_obj
def resume(context: Context, slug: str, person: str) -> None:
    """Send PERSON digests again."""
    _change_wish(context.workspace(), slug, person, wants=True)


@click.command(
    epilog="""\b
Examples:
  dealroom digest replies mail.eml          a saved answer that says STOP
  dealroom digest replies ~/Mail/Deals.mbox a mailbox: all other mails are left alone
  dealroom digest replies - < mail.eml      from a mail filter
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@click.pass_obj
def replies(context: Context, sources: tuple[str, ...]) -> None:
    """Stop the digests of those whose mails say so: STOP as the subject, or alone on the first line."""
    from dealroom.exchange.digest.optout import people_of, read_wish
    from dealroom.exchange.mails import mails_in
    from dealroom.plan.read import read_plans
    from dealroom.publish.keyring import workspace_key
    from dealroom.seal.access import room_id

    workspace = context.workspace()
    found = [wish for source in sources for mail in mails_in(source, sys.stdin.buffer) if (wish := read_wish(mail))]
    stopped = 0
    if found:
        key = workspace_key(workspace, os.environ)
        for loaded in read_plans(workspace, ()):
            about = [wish for wish in found if wish.room in {None, room_id(key, loaded.slug)}]
            people = dict.fromkeys(id for wish in about if loaded.plan for id in people_of(loaded.plan, wish))
            for person in people:
                _change_wish(workspace, loaded.slug, person, wants=False)
                stopped += 1
    if not stopped:
        click.echo("nobody who gets digests asks for none" if found else "no mail says STOP")


def _change_wish(workspace: Workspace, slug: str, person: str, *, wants: bool) -> None:
    from dealroom.exchange.digest.optout import change_wish
    from dealroom.plan.edit import write_plan

    changed = change_wish(workspace, slug, person, wants=wants)
    write_plan(changed)
    name = changed.file.relative_to(workspace.root).as_posix()
    told = f"{person} gets {'digests' if wants else 'no digests'} of {slug}"
    click.echo(f"{told}; written to {name}" if changed.is_changed else f"{told} already")


# By the word that stands in a plan's place.
COMMANDS = {"stop": stop, "resume": resume, "replies": replies}
