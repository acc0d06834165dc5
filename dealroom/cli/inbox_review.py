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

_MEANINGS = {
    "accept": "take it into the plan as it was asked for",
    "answer": "answer the question in words",
    "edit": "take another date, person or text instead",
    "decline": "say no, and why",
    "skip": "leave it for later, like Enter",
    "quit": "stop here; what was answered stays",
}


class _Stop(Exception):
    """The seller has had enough for now."""


class _Back(Exception):
    """The seller wants to choose again."""


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
    while True:
        letter = _choose(choices)
        if letter == "q":
            raise _Stop
        if letter == "s":
            return False
        try:
            outcome = _answer(workspace, received, one, letter, wish)
        except _Back:
            continue
        except Problem as fault:
            click.echo(f"   {click.style('error:', fg='red', bold=True)} {fault.message}")
            if fault.hint:
                click.echo(f"   {click.style('hint:', fg='cyan')} {fault.hint}")
            continue
        # How the answers get to the rooms is said once, at the end.
        for line in told_outcome(outcome, None, next_step=False):
            click.echo(f"   {line}")
        return bool(outcome.answered)


def _choices(one: Reviewed) -> list[str]:
    first = "answer" if one.proposal.kind == "question" else "accept"
    choices = [] if one.proposal.obstacle else [first]
    choices += ["edit"] if one.proposal.kind in EDITABLE else []
    return [*choices, "decline", "skip", "quit"]


def _choose(choices: Sequence[str]) -> str:
    """The letter of a choice; nothing but Enter skips."""
    shown = ", ".join(f"[{name[0]}]{name[1:]}" for name in choices)
    letters = [name[0] for name in choices]
    while True:
        typed: str = click.prompt(f"   {shown}", default="s", show_default=False)
        letter = typed.strip().lower()[:1]
        if letter in letters and typed.strip().lower() in {letter, *choices}:
            return letter
        for name in choices:
            click.echo(f"     {name[0]}  {_MEANINGS[name]}")


def _answer(workspace: Workspace, received: Received, one: Reviewed, letter: str, wish: Wish) -> Outcome:
    number, kind = one.proposal.number, one.proposal.kind
    warning = received.proof.warning if received.proof else None
    if letter == "d":
        return decline(workspace, received, [number], replace(wish, words=_asked("why, in words that they will read")))
    if letter == "e" and received.payload is not None:
        value = _asked(f"instead, {EDITABLE[kind][1]}")
        change = edited(received.payload.changes[number - 1], value)
        wish = replace(wish, words=_words(), instead={number: change}, now={number: value})
        return accept(workspace, received, [number], wish)
    wish = replace(wish, words=_asked("your answer") if kind == "question" else _words())
    against = one.proposal.conflict or warning
    if against and not click.confirm(f"   {against}. Take it all the same?", default=False):
        return Outcome((), {number: against})
    return accept(workspace, received, [number], replace(wish, anyway=bool(against)))


def _words() -> str | None:
    return click.prompt("   words with it, if you like", default="", show_default=False).strip() or None


def _asked(what: str) -> str:
    """What is typed. Raises _Back when that is nothing."""
    typed: str = click.prompt(f"   {what} (Enter goes back)", default="", show_default=False)
    if not typed.strip():
        raise _Back
    return typed.strip()
