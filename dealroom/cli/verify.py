"""`dealroom verify`: is what a host shows what was published?"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.errors import Problem

if TYPE_CHECKING:
    from dealroom.publish.verify import Finding, Verified
    from dealroom.seal.keys import WorkspaceKey
    from dealroom.workspace import Workspace


@click.command(
    epilog="""\b
Examples:
  dealroom verify https://rooms.example            every room that was published from here
  dealroom verify https://rooms.example acme       only the room of plans/acme
  dealroom verify ../public                        a folder; files that should not be there are found, too
  dealroom verify https://rooms.example/4f7q…/ --signer '1f0e 93ab …'
                                                   as a buyer, who has the fingerprint from the seller
""",
)
@click.argument("where", metavar="URL|DIR")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@click.option("--signer", metavar="FINGERPRINT", help="Who must have signed it: see `dealroom key check`.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@click.pass_obj
def command(context: Context, where: str, slugs: tuple[str, ...], signer: str | None, form: str) -> int:
    """Compare every byte that a host shows with what the seller signed.

    Reports what is changed, missing or extra, and rooms that are older than the last one published. Exit code 1 when
    anything is not as published. Without the workspace key, it checks the page and all code, styles and pictures that
    it loads; sealed objects are checked by whoever opens them, and by the seller here.
    """
    from dealroom.publish.expected import find_place, own_rooms, rooms_at, signer_of
    from dealroom.publish.verify import extra_files, verify

    workspace, key = _own(context, needed=signer is None)
    who = signer_of(signer, key)
    if slugs and not (workspace and who.key):
        raise Problem("without the workspace key, plans cannot be told by name", "give the address of the room")
    place = find_place(where)
    known = own_rooms(workspace, who.key, slugs) if workspace and who.key else []
    rooms = rooms_at(place, known, every=not slugs)
    verified = verify(place.host, rooms, who, _progress)
    below = [room.at for room in rooms if room.at] if slugs or place.at else []
    extra = extra_files(place.host, verified, below)
    click.echo(_as_json(verified, extra) if form == "json" else _as_text(verified, extra))
    return 0 if not extra and all(one.as_published for one in verified) else 1


def _own(context: Context, *, needed: bool) -> tuple[Workspace | None, WorkspaceKey | None]:
    """The workspace and its key, if there are any; who names a signer needs neither. Raises Problem."""
    from dealroom.publish.keyring import workspace_key

    try:
        workspace = context.workspace()
        return workspace, workspace_key(workspace, os.environ)
    except Problem as problem:
        if needed:
            raise Problem(
                problem.message, f"{problem.hint}; or give --signer and the fingerprint that the seller told you"
            ) from problem
        return None, None


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\r" if done < total else "\r\x1b[K"
        click.echo(f"{done} of {total} files{end}", err=True, nl=False)


def _as_text(verified: Sequence[Verified], extra: Sequence[Finding]) -> str:
    lines: list[str] = []
    for one in verified:
        name = one.expected.slug or one.expected.at or "front page"
        if one.as_published:
            gone = one.expected.taken_down
            what = "taken down, and gone" if gone else f"as published, {_files(one.files)}{_note(one)}"
            lines.append(f"{click.style('✓', fg='green')} {name}  {what}")
        else:
            lines += [f"{click.style('✗', fg='red')} {name}  not as published", *map(_line, one.findings)]
    if extra:
        lines += [f"{click.style('✗', fg='red')} beside the rooms", *map(_line, extra)]
    count = len(_all(verified, extra))
    things = "1 thing is" if count == 1 else f"{count} things are"
    lines.append(f"{things} not as published" if count else "everything is as published")
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    detail = f": {finding.detail}" if finding.detail else ""
    return f"    {click.style(f'{finding.fault:12}', fg='yellow')} {finding.address}{detail}"


def _note(one: Verified) -> str:
    """What was not checked, or cannot be known here."""
    from dealroom.publish.releases import Age

    notes = []
    if one.release and one.release.objects is None:
        notes.append("sealed objects not checked")
    if one.expected.at and one.age is Age.UNKNOWN:
        notes.append("whether it is the latest is not known here")
    return f" ({'; '.join(notes)})" if notes else ""


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _all(verified: Sequence[Verified], extra: Sequence[Finding]) -> list[Finding]:
    return list(dict.fromkeys([finding for one in verified for finding in one.findings] + [*extra]))


def _as_json(verified: Sequence[Verified], extra: Sequence[Finding]) -> str:
    rooms = [
        {
            "slug": one.expected.slug,
            "path": one.expected.at,
            "address": one.address,
            "as_published": one.as_published,
            "files": one.files,
            "objects_checked": bool(one.release and one.release.objects is not None),
            "age": str(one.age),
            "findings": [_finding_as_json(finding) for finding in one.findings],
        }
        for one in verified
    ]
    whole = {
        "as_published": not _all(verified, extra),
        "rooms": rooms,
        "extra": [_finding_as_json(finding) for finding in extra],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _finding_as_json(finding: Finding) -> dict[str, str | None]:
    return {"fault": str(finding.fault), "address": finding.address, "detail": finding.detail or None}
