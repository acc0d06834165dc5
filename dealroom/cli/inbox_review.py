"""Going through replies on a terminal, one change after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from dealroom.cli.inbox_text import told, told_change, told_outcome
from dealroom.errors import Problem
from dealroom.inbox.decide import Outcome, Wish, accept, decline
from dealroom.inbox.edited import EDITABLE, edited
from dealroom.inbox.received import Received
from dealroom.inbox.review import Reviewed, review_one
from dealroom.workspace import Workspace


class _Stop(Exception):
    """The seller has had enough for now."""


def go_through(workspace: Workspace, replies: Sequence[Received], wish: Wish) -> None:
    """Ask what to do with each change that waits. Every answer is written at once, so that stopping loses nothing."""
    if not replies:
        click.echo("nothing waits in the inbox")
        return
    done = 0
    try:
        for received in replies:
            click.echo(told(received))
            for number in received.open_changes:
                done += _ask(workspace, received, number, wish)
    except _Stop:
        pass
    click.echo(f"\n{done} answered" + ("; `dealroom publish` brings the answers to the rooms" if done else ""))


def _ask(workspace: Workspace, received: Received, number: int, wish: Wish) -> bool:
    """Whether the change was answered."""
    one = review_one(workspace, received, number, wish.today)
    click.echo()
    for line in told_change(received, one):
        click.echo(line)
    choices = _choices(one)
    shown = ", ".join(f"[{name[0]}]{name[1:]}" for name in choices)
    while True:
        letters = [name[0] for name in choices]
        letter = click.prompt(
            f"   {shown}", type=click.Choice(letters), default="s", show_choices=False, show_default=False
        )
        if letter == "q":
            raise _Stop
        if letter == "s":
            return False
        try:
            outcome = _answer(workspace, received, one, letter, wish)
        except Problem as fault:
            click.echo(f"   {click.style('error:', fg='red', bold=True)} {fault.message}")
            if fault.hint:
                click.echo(f"   {click.style('hint:', fg='cyan')} {fault.hint}")
            continue
        for line in told_outcome(outcome, None):
            click.echo(f"   {line}")
        return bool(outcome.answered)


def _choices(one: Reviewed) -> list[str]:
    choices = [] if one.proposal.obstacle else ["accept"]
    choices += ["edit"] if one.proposal.kind in EDITABLE else []
    return [*choices, "decline", "skip", "quit"]


def _answer(workspace: Workspace, received: Received, one: Reviewed, letter: str, wish: Wish) -> Outcome:
    number = one.proposal.number
    warning = received.proof.warning if received.proof else None
    if letter == "d":
        words = click.prompt("   why, in words that they will read", type=str)
        return decline(workspace, received, [number], replace(wish, words=words))
    wish = replace(wish, words=click.prompt("   words for them (none)", default="", show_default=False) or None)
    if letter == "e" and received.payload is not None:
        value = click.prompt(f"   instead ({EDITABLE[one.proposal.kind][1]})", type=str)
        change = edited(received.payload.changes[number - 1], value)
        return accept(workspace, received, [number], replace(wish, instead={number: change}, now={number: value}))
    against = one.proposal.conflict or warning
    if against and not click.confirm(f"   {against}. Take it all the same?", default=False):
        return Outcome((), {number: against})
    return accept(workspace, received, [number], replace(wish, anyway=bool(against)))
