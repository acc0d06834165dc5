"""`dealroom access`: who opens a room, and with what."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context, Day
from dealroom.cli.names import PersonId, Slug
from dealroom.errors import Problem, UsageProblem

if TYPE_CHECKING:
    from dealroom.plan.access import PersonAccess
    from dealroom.publish.access import Access
    from dealroom.publish.grants import Grants, Outcome
    from dealroom.workspace import Workspace

NO_BASE_URL = "note: dealroom.yml has no base_url, so these links open the preview only"

base_url_option = click.option(
    "--base-url", metavar="URL", help="Where the rooms are hosted; `base_url` of dealroom.yml otherwise."
)
rekey_option = click.option("--rekey", is_flag=True, help="Seal every file anew, those they could not read too.")


@click.group(
    name="access",
    epilog="""\b
Examples:
  dealroom access list acme             what to send to whom
  dealroom access revoke acme marcus    their link and passphrase stop working
""",
)
def command() -> None:
    """Show and change who opens a room, with which link and passphrase.

    Each person of the buyer's side has access by default. What differs from that is in plans/SLUG/access.yml, which has
    no secrets and belongs into git.
    """


@command.command(
    name="list",
    epilog="""\b
Examples:
  dealroom access list acme                    what to send to whom
  dealroom access list acme --format json      for a script or a mail merge
""",
)
@click.argument("slug", type=Slug())
@base_url_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to show it.")
@click.pass_obj
def list_(context: Context, slug: str, base_url: str | None, form: str) -> None:
    """Show each person's link and passphrase of one room. Both are secret: send them to that person only."""
    from dealroom.publish.access import access_of, read_one, unused_passphrases
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    found = access_of(workspace, key, slug, _hosted(workspace, base_url), today=context.today)
    loaded, plan = read_one(workspace, slug)
    if form == "json":
        click.echo(_as_json(found))
    else:
        click.echo(_as_table(found) if found else _nobody(plan.access.expires, context.today))
        for line in _ends(loaded.access.people, context.today):
            click.echo(line)
    for name in unused_passphrases(workspace, loaded, found):
        click.echo(f"note: your own passphrase for `{name}` of {loaded.slug} is nobody's", err=True)
    _note_base_url(workspace, base_url)


@command.command(
    epilog="""\b
Examples:
  dealroom access grant acme tom                           a colleague of the seller's side
  dealroom access grant acme counsel --name 'Ines Roth'    someone who is not in the plan
  dealroom access grant acme dana --expires 2027-06-30     until the day before
  dealroom access grant acme dana --words 8                a longer passphrase
"""
)
@click.argument("slug", type=Slug())
@click.argument("person", type=PersonId())
@click.option("--name", metavar="NAME", help="The name of someone who is not in the plan.")
@click.option("--expires", metavar="DATE", type=Day(), help="The first day without access.")
@click.option("--forever", is_flag=True, help="Access that does not expire.")
@click.option("--words", metavar="N", type=click.IntRange(6, 24), help="Words of the passphrase, 6 to 24.")
@click.pass_obj
def grant(
    context: Context,
    slug: str,
    person: str,
    name: str | None,
    expires: date | None,
    forever: bool,
    words: int | None,
) -> None:
    """Let PERSON in, by their id, or change until when. Who had been revoked gets a new link and passphrase."""
    from dealroom.plan.access_changes import Wishes

    if expires and forever:
        raise UsageProblem("--expires and --forever contradict each other", "give one of them")
    outcome = _grants(context, slug).grant(person, Wishes(name, words, expires, forever))
    if outcome.file is None:
        click.echo(f"{person} has access already, nothing changed")
    else:
        _tell(context, slug, outcome, f"{person} has access" + (f", which expires on {expires}" if expires else ""))


@command.command(
    epilog="""\b
Examples:
  dealroom access revoke acme marcus            their link and passphrase stop working
  dealroom access revoke acme marcus --rekey    and every file is sealed and sent anew
"""
)
@click.argument("slug", type=Slug())
@click.argument("person", type=PersonId())
@rekey_option
@click.pass_obj
def revoke(context: Context, slug: str, person: str, rekey: bool) -> None:
    """Take access away from PERSON, by their id.

    From the next publication on they open nothing, also with a page that they saved. Nobody else notices, unless the
    plan has a shared passphrase: that changes for all.
    """
    _tell(context, slug, _grants(context, slug).revoke(person, rekey=rekey), f"{person} has no access any more")


@command.command(
    epilog="""\b
Examples:
  dealroom access rotate acme dana      a link went to the wrong address
  dealroom access rotate acme shared    a new shared passphrase
  dealroom access rotate acme           everyone, and every file sealed anew
"""
)
@click.argument("slug", type=Slug())
@click.argument("person", type=PersonId(), required=False)
@rekey_option
@click.pass_obj
def rotate(context: Context, slug: str, person: str | None, rekey: bool) -> None:
    """Give PERSON, or everyone, a new link and passphrase. The old ones stop working with the next publication."""
    outcome = _grants(context, slug).rotate(person, rekey=rekey)
    _tell(context, slug, outcome, f"{person or 'everyone'} has a new link and passphrase")


@command.command(
    epilog="""\b
Examples:
  dealroom access link acme dana                   for a script
  dealroom access link acme dana --qr              to scan from the screen
  dealroom access link acme dana --svg dana.svg    to print
"""
)
@click.argument("slug", type=Slug())
@click.argument("person", type=PersonId(), required=False)
@base_url_option
@click.option("--qr", is_flag=True, help="Draw the link as a QR code.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the QR code here.")
@click.pass_obj
def link(context: Context, slug: str, person: str | None, base_url: str | None, qr: bool, svg: Path | None) -> None:
    """Print the personal link of PERSON, or of everyone. Whoever has it opens the room: it is for that person only."""
    from dealroom.publish.access import access_of
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    found = access_of(workspace, key, slug, _hosted(workspace, base_url), today=context.today)
    chosen = [one for one in found if person in {None, one.person}]
    if person is not None and not chosen:
        from dealroom.diagnostics.wording import did_you_mean

        known = [one.person for one in found]
        hint = did_you_mean(person, known, f"who has access: {', '.join(known) or 'nobody'}")
        raise Problem(f"`{person}` has no access to {slug}", hint)
    if svg is not None:
        if len(chosen) != 1:
            raise UsageProblem("--svg draws the link of one person", "name the person")
        _write_svg(chosen[0].link, svg, workspace)
    for one in chosen:
        click.echo(one.link if person else f"{one.person}  {one.link}")
        if qr:
            click.echo(_drawn(one.link))
    _note_base_url(workspace, base_url)


def _grants(context: Context, slug: str) -> Grants:
    from dealroom.publish.grants import Grants
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    return Grants(workspace, key, slug, context.today, _hosted(workspace, None))


def _tell(context: Context, slug: str, outcome: Outcome, what: str) -> None:
    """What changed, what to send to whom, and how it comes into force."""
    workspace = context.workspace()
    file = outcome.file.relative_to(workspace.root).as_posix() if outcome.file else ""
    click.echo(f"{what}; written to {file}")
    click.echo("it counts from the next `dealroom publish` on; commit the file")
    if outcome.renewed:
        click.echo(f"\nwhat to send now, to nobody else:\n\n{_as_table(outcome.renewed)}")
        _note_base_url(workspace, None)
    for person, name in outcome.dropped:
        click.echo(
            f"note: your own passphrase for {person} counts no more and one was generated; "
            f"for another of your own write it under {slug}: {name}:",
            err=True,
        )


def _hosted(workspace: Workspace, base_url: str | None) -> str:
    from dealroom.publish.access import PREVIEW_URL

    if base_url is not None:
        return _web_address(base_url)
    return workspace.settings.base_url or PREVIEW_URL


def _web_address(text: str) -> str:
    """The address as `base_url` in dealroom.yml is checked. Raises UsageProblem."""
    from pydantic import TypeAdapter, ValidationError

    from dealroom.fields import WebUrl

    try:
        address: str = TypeAdapter(WebUrl).validate_python(text)
    except ValidationError as fault:
        raise UsageProblem(f"--base-url: {fault.errors()[0]['msg']}", "write it in full, with https://") from None
    return address


def _note_base_url(workspace: Workspace, base_url: str | None) -> None:
    if not base_url and not workspace.settings.base_url:
        click.echo(NO_BASE_URL, err=True)


def _as_json(found: tuple[Access, ...]) -> str:
    people = [
        {"person": one.person, "name": one.name, "kind": one.kind, "link": one.link, "passphrase": one.passphrase}
        for one in found
    ]
    return json.dumps(people, ensure_ascii=False, indent=2)


def _as_table(found: tuple[Access, ...]) -> str:
    blocks = [f"{one.name}\n  passphrase  {one.passphrase}\n  link        {one.link}" for one in found]
    return "\n\n".join(blocks)


def _nobody(closed: date | None, today: date) -> str:
    from dealroom.plan.access import is_due

    if closed and is_due(closed, today):
        return f"this room has closed: `expires: {closed}` under `access` in the plan"
    return "nobody opens this room: give the plan a stakeholder of the buyer's side"


def _ends(people: Iterable[PersonAccess], today: date) -> list[str]:
    """A line for each person whose access has ended or will."""
    from dealroom.plan.access import is_due

    lines = []
    for one in people:
        if one.revoked:
            lines.append(f"{one.id}: access taken away on {one.revoked}")
        elif one.expires:
            lines.append(f"{one.id}: access {'expired' if is_due(one.expires, today) else 'expires'} on {one.expires}")
    return ["", *lines] if lines else []


def _write_svg(text: str, file: Path, workspace: Workspace) -> None:
    """The QR code as a file that only its owner reads: whoever scans it opens the room."""
    import segno

    if file.resolve().is_relative_to(workspace.site):
        raise Problem(f"{file} would be published, and the code is secret", "write it outside of site/")
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        # 8 px a square, and white behind it, so that it can be scanned from dark paper and screens too.
        segno.make(text, micro=False).save(stream, kind="svg", scale=8, light="white")
    click.echo(f"wrote {file}", err=True)


def _drawn(text: str) -> str:
    """A QR code of half blocks. White on black whatever the terminal's colours, since scanners expect it so."""
    import segno

    stream = io.StringIO()
    segno.make(text, micro=False).terminal(stream, compact=True)
    lines = stream.getvalue().splitlines()
    return "\n".join(click.style(line, fg="bright_white", bg="black") for line in lines)
