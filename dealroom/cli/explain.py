"""`dealroom explain`: what a code means, why it matters, and what to do."""

from __future__ import annotations

import click

from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import UsageProblem

FORMATS = ("text", "markdown")


@click.command()
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Markdown is for rules of health.")
def command(code: str | None, form: str) -> None:
    """Explain CODE, the name in brackets of what `check` finds; without it, list all codes.

    \b
    Examples:
      dealroom explain
      dealroom explain seller-only-plan
    """
    from dealroom.diagnostics.codes import FILE_FAULTS
    from dealroom.health.handbook import explain, explain_file_fault, page, section, summary
    from dealroom.health.rules import BY_CODE

    markdown = form == "markdown"
    if code is None:
        click.echo(page() if markdown else summary() + "\n", nl=False)
    elif code in BY_CODE:
        click.echo(section(BY_CODE[code]) if markdown else explain(BY_CODE[code]) + "\n", nl=False)
    elif code in FILE_FAULTS:
        click.echo(explain_file_fault(code))
    else:
        hint = did_you_mean(code, BY_CODE) or did_you_mean(code, FILE_FAULTS, "`dealroom explain` lists all codes")
        raise UsageProblem(f"{quoted(code)} is not a code of `check`", hint)
