"""`dealroom inbox`: buyers' replies, and what becomes of them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.errors import Problem, UsageProblem

if TYPE_CHECKING:
    from dealroom.inbox.carriers import Carried
    from dealroom.inbox.decide import Outcome, Wish
    from dealroom.inbox.received import Received

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to show it."
)
change_option = click.option(
    "--change", "numbers", metavar="N", type=click.IntRange(0), multiple=True, help="Only this change; may be repeated."
)
words_option = click.option("--words", metavar="TEXT", help="What the sender reads with the answer.")


@click.group(
    name="inbox",
    invoke_without_command=True,
    epilog="""\b
Examples:
  dealroom inbox add reply.eml           take a reply from a saved e-mail
  pbpaste | dealroom inbox add -         or from what was copied
  dealroom inbox                         go through all that waits, change by change
  dealroom inbox accept 7f3a09c1         take all changes of one reply
""",
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Read what buyers answered from their rooms, and take it into the plans.

    Replies are sealed until they are here. Without a command, goes through all that waits on a terminal, and lists it
    elsewhere.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(review if sys.stdin.isatty() and sys.stdout.isatty() else list_)


@command.command(
    epilog="""\b
Examples:
  dealroom inbox add reply.txt mail.eml    text or saved e-mails
  dealroom inbox add ~/Mail/Deals.mbox     a mailbox: what is no reply is left alone
  dealroom inbox add -                     paste the text, then Ctrl-D
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@format_option
@click.pass_obj
def add(context: Context, sources: tuple[str, ...], form: str) -> None:
    """Take replies from texts, .eml, .mbox, or folders of these; what is there already is not taken twice."""
    from dealroom.inbox.carriers import carried_in, carried_in_stream

    def carried() -> Iterable[Carried]:
        for source in sources:
            if source == "-":
                yield carried_in_stream(sys.stdin.buffer)
            else:
                yield from carried_in(Path(source))

    _take(context, carried(), form, "no reply was found")


@command.command(
    epilog="""\b
Examples:
  dealroom inbox pull                      from the endpoint in dealroom.yml
  dealroom inbox pull /srv/replies         from the folder where it keeps them
  dealroom inbox pull s3://deals/replies   or from its bucket
"""
)
@click.argument("source", required=False, metavar="[URL|FOLDER]")
@format_option
@click.pass_obj
def pull(context: Context, source: str | None, form: str) -> None:
    """Fetch replies from the endpoint that takes them, or from its folder or bucket."""
    from dealroom.inbox.pull import pulled
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    _take(context, pulled(workspace, key, source), form, None)


@command.command(
    name="list",
    epilog="""\b
Examples:
  dealroom inbox list                  what waits, and what is in quarantine
  dealroom inbox list --all            what was answered, too
""",
)
@click.option("--all", "every", is_flag=True, help="Show what was answered, too.")
@format_option
@click.pass_obj
def list_(context: Context, every: bool = False, form: str = "text") -> None:
    """List the replies that wait for an answer, and those in quarantine."""
    from dealroom.cli.inbox_text import told
    from dealroom.inbox.listing import reply_as_json

    replies = [one for one in _opened(context) if every or one.open_changes or one.quarantine]
    if form == "json":
        click.echo(_json([reply_as_json(one) for one in replies]))
        return
    for one in replies:
        click.echo(told(one))
    if not replies:
        click.echo("nothing waits in the inbox")


@command.command(
    epilog="""\b
Examples:
  dealroom inbox show 7f3a09c1    every change with its diff and what it does
"""
)
@click.argument("id")
@format_option
@click.pass_obj
def show(context: Context, id: str, form: str) -> None:
    """Show a reply: each change as a diff of the plan, with what it does to the dates."""
    from dealroom.cli.inbox_text import told, told_change
    from dealroom.inbox.listing import changes_as_json, reply_as_json
    from dealroom.inbox.received import find_reply
    from dealroom.inbox.review import review as reviewed_changes

    received = find_reply(_opened(context), id)
    reviewed = () if received.quarantine else reviewed_changes(context.workspace(), received, context.today)
    if form == "json":
        click.echo(_json(reply_as_json(received) | {"changes": changes_as_json(received, reviewed)}))
        return
    click.echo(told(received))
    for one in reviewed:
        click.echo()
        click.echo("\n".join(told_change(received, one)))


@command.command(
    epilog="""\b
Examples:
  dealroom inbox accept 7f3a09c1                            all that waits of it
  dealroom inbox accept 7f3a09c1 --change 2 --words Agreed  one change, with an answer
  dealroom inbox accept 7f3a09c1 --change 1 --as 2027-03-05 with another date
"""
)
@click.argument("id")
@change_option
@words_option
@click.option("--as", "value", metavar="VALUE", help="Take one change with this date, person or text instead.")
@click.option("--anyway", is_flag=True, help="Take conflicts, and what was sent by someone who lost access.")
@format_option
@click.pass_obj
def accept(
    context: Context, id: str, numbers: tuple[int, ...], words: str | None, value: str | None, anyway: bool, form: str
) -> None:
    """Take the changes of a reply into the plan, all that wait or some of them.

    The plan is checked before it is written. A change that meets a conflict stays open, unless --anyway is given.
    """
    from dataclasses import replace

    from dealroom.inbox.decide import accept as accept_changes
    from dealroom.inbox.edited import edited

    received, chosen = _chosen(context, id, numbers)
    wish = replace(_wish(context, words), anyway=anyway)
    if value is not None:
        if len(numbers) != 1 or received.payload is None or not 1 <= numbers[0] <= len(received.payload.changes):
            raise UsageProblem("--as gives one change another value", "name the change: --change N")
        number = numbers[0]
        change = edited(received.payload.changes[number - 1], value)
        wish = replace(wish, instead={number: change}, now={number: value.strip()})
    _tell(context, received, accept_changes(context.workspace(), received, chosen, wish), form)


@command.command(
    epilog="""\b
Examples:
  dealroom inbox decline 7f3a09c1 --words "The go-live date is fixed by the contract"
  dealroom inbox decline 7f3a09c1 --change 2 --words "Tom stays on it"
"""
)
@click.argument("id")
@change_option
@words_option
@format_option
@click.pass_obj
def decline(context: Context, id: str, numbers: tuple[int, ...], words: str | None, form: str) -> None:
    """Say no to the changes of a reply. The sender reads the words in the next version of the room."""
    from dealroom.inbox.decide import decline as decline_changes

    if not words:
        raise UsageProblem("whoever asked wants to know why", "say it: --words TEXT")
    received, chosen = _chosen(context, id, numbers)
    _tell(context, received, decline_changes(context.workspace(), received, chosen, _wish(context, words)), form)


@command.command(
    epilog="""\b
Examples:
  dealroom inbox discard 0b54f1aa    out of the list; the file stays in .dealroom/inbox/aside
"""
)
@click.argument("id")
@click.pass_obj
def discard(context: Context, id: str) -> None:
    """Put a reply that is in quarantine aside. Its file is kept."""
    from dealroom.inbox.received import find_reply
    from dealroom.inbox.store import Inbox

    workspace = context.workspace()
    received = find_reply(_opened(context), id)
    if not received.quarantine:
        hint = f"answer it with `dealroom inbox decline {received.short_id} --words TEXT`"
        raise Problem(f"the reply {received.short_id} is not in quarantine", hint)
    file = Inbox(workspace).set_aside(received.stored.name)
    click.echo(f"kept in {file.relative_to(workspace.root).as_posix()}")


@command.command(
    epilog="""\b
Examples:
  dealroom inbox review           all that waits
  dealroom inbox review 7f3a09c1  one reply
"""
)
@click.argument("id", required=False)
@click.pass_obj
def review(context: Context, id: str | None = None) -> None:
    """Go through what waits, change by change: accept, edit, decline or skip."""
    from dealroom.cli.inbox_review import go_through
    from dealroom.inbox.received import find_reply, waiting

    every = _opened(context)
    replies = (find_reply(every, id),) if id else tuple(waiting(every))
    go_through(context.workspace(), replies, _wish(context, None))


def _opened(context: Context) -> tuple[Received, ...]:
    from dealroom.inbox.received import open_inbox
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    return open_inbox(workspace, workspace_key(workspace, os.environ), context.today)


def _wish(context: Context, words: str | None) -> Wish:
    from dealroom.inbox.decide import Wish
    from dealroom.publish.record import git_author

    return Wish(context.today, git_author(context.workspace().root), words)


def _chosen(context: Context, id: str, numbers: tuple[int, ...]) -> tuple[Received, tuple[int, ...]]:
    """A reply, and the changes that were named, else all that wait."""
    from dealroom.inbox.received import find_reply

    received = find_reply(_opened(context), id)
    if not numbers and not received.open_changes and not received.quarantine:
        raise Problem(
            f"everything in {received.short_id} was answered", f"see `dealroom inbox show {received.short_id}`"
        )
    return received, tuple(dict.fromkeys(numbers)) or received.open_changes


def _take(context: Context, carried: Iterable[Carried], form: str, nothing: str | None) -> None:
    """Store what was found, and say what became of it."""
    from dealroom.inbox.store import Inbox

    workspace = context.workspace()
    inbox = Inbox(workspace)
    new: set[str] = set()
    known = 0
    faults: list[tuple[str, str]] = []
    for found in carried:
        for reply in found.replies:
            name = inbox.add(reply, context.today, found.source)
            known += name is None
            new |= {name} if name else set()
        faults += [(found.source, fault) for fault in found.faults]
    if new or known or faults or not nothing:
        _tell_taken(context, new, known, faults, form)
    if faults or (nothing and not new and not known):
        raise Problem(
            f"{len(faults)} could not be taken" if faults else str(nothing),
            "a reply is the text between `-----BEGIN DEALROOM REPLY-----` and its END line",
        )


def _tell_taken(context: Context, new: set[str], known: int, faults: list[tuple[str, str]], form: str) -> None:
    from dealroom.cli.inbox_text import told
    from dealroom.inbox.listing import reply_as_json

    opened = _opened(context) if new else ()
    arrived = [one for one in opened if one.stored.name in new]
    # The same reply, sealed anew or sent by two ways, is shown once and by the file that came first.
    known += len(new) - len(arrived)
    if form == "json":
        refused = [{"from": source, "reason": fault} for source, fault in faults]
        click.echo(_json({"new": [reply_as_json(one) for one in arrived], "known": known, "refused": refused}))
        return
    for one in arrived:
        click.echo(told(one))
    if known:
        click.echo(f"{known} {'was' if known == 1 else 'were'} here already")
    for source, fault in faults:
        click.echo(f"{source}: {fault}", err=True)
    if not arrived and not known and not faults:
        click.echo("nothing new")


def _tell(context: Context, received: Received, outcome: Outcome, form: str) -> None:
    from dealroom.cli.inbox_text import told_outcome

    file = None
    if outcome.changed and outcome.changed.is_changed:
        file = outcome.changed.file.relative_to(context.workspace().root).as_posix()
    if form == "json":
        answers = [{"change": one.change, "answer": one.answer, "now": one.now} for one in outcome.answered]
        left = [{"change": number, "reason": reason} for number, reason in outcome.left.items()]
        click.echo(_json({"id": received.id, "answered": answers, "left": left, "changed": file}))
    else:
        for line in told_outcome(outcome, file):
            click.echo(line)
    if outcome.left:
        raise Problem(
            f"{len(outcome.left)} of the changes still wait",
            "take conflicts with --anyway, another value with --as, or decline with --words",
        )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
