"""`dealroom digest`: a short message per person, and sending it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dealroom.cli.context import Context
from dealroom.cli.names import PersonId, Slug
from dealroom.errors import Problem, UsageProblem

if TYPE_CHECKING:
    from dealroom.exchange.digest.delivery import Outcome
    from dealroom.exchange.digest.gather import PersonDigest, Room
    from dealroom.exchange.digest.message import Envelope
    from dealroom.exchange.digest.record import Record
    from dealroom.workspace import Workspace

STANDARD_OUTPUT = Path("-")


class Asked(TypedDict):
    """What a digest is asked for beyond its form."""

    people: tuple[str, ...]
    since: str | None
    no_link: bool
    anyway: bool


class _WithOptOut(click.Command):
    """A command on a plan, with a few words in the plan's place that are commands of their own.

    A plan that is called like one of them comes after `--`.
    """

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        from dealroom.cli.digest_stop import COMMANDS

        other = COMMANDS.get(args[0]) if args else None
        if other is None:
            return super().make_context(info_name, args, parent, **extra)
        return other.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)


@click.command(
    cls=_WithOptOut,
    epilog="""\b
Examples:
  dealroom digest acme                         what each person would be told; nothing is sent
  dealroom digest acme --send                  mail it, at most once a day to each
  dealroom digest acme --for dana --since 3    what Dana is told since the third revision
  dealroom digest acme --format eml -o mails   drafts for your own mail program

\b
Commands:
  dealroom digest stop SLUG PERSON             no more digests for a person
  dealroom digest resume SLUG PERSON           digests again
  dealroom digest replies FILE|FOLDER|-...     stop for those whose mails say STOP
""",
)
@click.argument("slug", type=Slug())
@click.option("--for", "people", type=PersonId(), metavar="PERSON", multiple=True, help="Only this person, by id.")
@click.option("--since", metavar="DATE|REV", help="Tell what changed since that day, revision number or digest.")
@click.option("--format", "form", type=click.Choice(["md", "html", "eml"]), default="md", help="The form to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE|FOLDER", help="Where to write it.")
@click.option("--no-link", is_flag=True, help="The room's address without the person's key.")
@click.option("--send", is_flag=True, help="Mail them through the server in dealroom.yml.")
@click.option("--anyway", is_flag=True, help="Send although the plan has changes that are not published.")
@click.pass_obj
def command(context: Context, slug: str, output: Path | None, form: str, send: bool, **asked: Unpack[Asked]) -> None:
    """Write a short message per person: what changed, what is theirs next, what is past its date, and the link.

    It says what the room shows that person, in the plan's language. Changes are those since the person's last digest,
    or of the last week. Nothing is sent without --send.

    Everybody who opens the room gets one, and whoever is named with --for. A message holds the person's own link, so it
    is as safe as their mailbox; --no-link leaves the key out.
    """
    from dealroom.exchange.digest.gather import digest_for, open_room, recipients
    from dealroom.exchange.digest.record import Record
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    room = open_room(workspace, workspace_key(workspace, os.environ), slug, context.today)
    record = Record(workspace)
    chosen = recipients(room, asked["people"])

    def digests() -> list[PersonDigest]:
        told = {one.id: record.told(room, one.id) for one in chosen}
        since, with_link = asked["since"], not asked["no_link"]
        return [
            digest_for(room, one, context.today, since=since, told=told[one.id], with_link=with_link) for one in chosen
        ]

    _note(room, chosen)
    if send:
        if output:
            raise UsageProblem("--send mails the messages, and -o writes them", "give one of them")
        with record.locked():
            _send(context, workspace, room, digests(), record, anyway=asked["anyway"])
    elif output and output != STANDARD_OUTPUT:
        _write_files(context, workspace, room, digests(), form, output)
    else:
        _print(context, workspace, room, digests(), form, record)


def _note(room: Room, chosen: Iterable[object]) -> None:
    """What the seller should know before reading or sending."""
    if not chosen:
        click.echo(f"note: nobody opens the room of {room.slug}; name someone with --for", err=True)
    if room.base_url is None:
        click.echo("note: dealroom.yml has no base_url, so the messages have no link", err=True)


def _unpublished(room: Room) -> str | None:
    if not room.pending:
        return None
    return f"{room.slug} has changes that its room does not show yet"


def _print(
    context: Context, workspace: Workspace, room: Room, digests: list[PersonDigest], form: str, record: Record
) -> None:
    from dealroom.exchange.digest.delivery import why_not

    if form != "md" and len(digests) > 1:
        raise UsageProblem(f"there are {len(digests)} messages", "name one person with --for, or a folder with -o")
    for number, one in enumerate(digests):
        if number:
            click.echo("\n* * *\n")
        sys.stdout.flush()
        sys.stdout.buffer.write(_content(context, workspace, room, one, form))
        sys.stdout.buffer.flush()
    if unpublished := _unpublished(room):
        click.echo(f"note: {unpublished}: `dealroom publish {room.slug}` first", err=True)
    click.echo("\nnothing was sent; with --send:", err=True)
    for one in digests:
        reason = why_not(room, one, record, context.today)
        click.echo(f"  {one.person.id}: {f'not sent, {reason}' if reason else one.person.email}", err=True)


def _write_files(
    context: Context, workspace: Workspace, room: Room, digests: list[PersonDigest], form: str, output: Path
) -> None:
    """One file, or one a person in a folder. They hold personal links, so only their owner may read them."""
    from dealroom.exchange.digest.delivery import undeliverable

    if output.resolve().is_relative_to(workspace.site):
        raise Problem(f"{output} would be published, and the messages hold personal links", "write outside of site/")
    in_folder = output.is_dir() or len(digests) != 1
    if in_folder:
        output.mkdir(exist_ok=True)
    for one in digests:
        if form == "eml" and in_folder and (reason := undeliverable(one.person)):
            click.echo(f"note: no draft for {one.person.id}, who {reason}", err=True)
            continue
        file = output / f"{room.slug}-{one.person.id}.{form}" if in_folder else output
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, 0o600)
            stream.write(_content(context, workspace, room, one, form))
        click.echo(f"wrote {file}", err=True)


def _content(context: Context, workspace: Workspace, room: Room, one: PersonDigest, form: str) -> bytes:
    from dealroom.exchange.digest.message import as_draft, write_message
    from dealroom.room.digest_text import as_markdown
    from dealroom.room.render import render_digest

    if form == "md":
        return as_markdown(one.digest, room.locale).encode()
    if form == "html":
        return render_digest(one.digest, room.theme, locale=room.locale).encode()
    return as_draft(write_message(room, one, _envelope(context, workspace, room)))


def _send(
    context: Context,
    workspace: Workspace,
    room: Room,
    digests: list[PersonDigest],
    record: Record,
    *,
    anyway: bool,
) -> None:
    from dealroom.exchange.digest.delivery import deliver
    from dealroom.exchange.digest.smtp import Postman

    settings = workspace.settings.mail
    if settings is None:
        raise Problem(
            "dealroom.yml does not say which server sends mail",
            "write `mail: {host: smtp.example.com, from: Tom Okafor <tom@example.com>}`",
        )
    if (unpublished := _unpublished(room)) and not anyway:
        raise Problem(unpublished, f"`dealroom publish {room.slug}` first, or send with --anyway")
    failed = 0
    with Postman(settings, os.environ) as postman:
        for outcome in deliver(room, digests, postman, record, _envelope(context, workspace, room)):
            click.echo(_told(outcome))
            failed += outcome.failed
    if failed:
        raise Problem(f"{failed} of {len(digests)} messages could not be sent", "the lines above say why")


def _told(outcome: Outcome) -> str:
    person = outcome.one.person
    if outcome.failed:
        return f"{person.id}: failed, {outcome.reason}" + (f" ({outcome.hint})" if outcome.hint else "")
    return f"{person.id}: not sent, {outcome.reason}" if outcome.reason else f"{person.id}: sent to {person.email}"


def _envelope(context: Context, workspace: Workspace, room: Room) -> Envelope:
    from dealroom.exchange.digest.message import Envelope, mailbox_of

    settings, contact = workspace.settings.mail, mailbox_of(room)
    sender = settings.from_ if settings else contact
    if sender is None:
        raise Problem(
            "nobody is named whom the message is from",
            "write `mail: {from: …}` in dealroom.yml, or `email:` at someone of the seller's side in the plan",
        )
    return Envelope(sender, contact, _made(context))


def _made(context: Context) -> datetime:
    """When a message is made; with `--today`, the beginning of that day, so that the same plan gives the same bytes."""
    if context.given_today:
        return datetime.combine(context.given_today, time(), UTC)
    return datetime.now().astimezone()
