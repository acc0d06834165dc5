"""`dealroom explain`: what a code means, why it matters, and what to do."""

from __future__ import annotations

import click

from dealroom.errors import UsageProblem

FORMATS = ("text", "markdown")


@click.command()
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Plain text or Markdown.")
def command(code: str | None, form: str) -> None:
    """Explain the rule CODE; without it, list the rules.

    \b
    Examples:
      dealroom explain
      dealroom explain seller-only-plan
    """
    from dealroom.health.handbook import explain, page, section, summary
    from dealroom.health.report import suggestion
    from dealroom.health.rules import BY_CODE, RULES

    if code is None:
        click.echo(page() if form == "markdown" else summary(RULES) + "\n", nl=False)
        return
    if code not in BY_CODE:
        raise UsageProblem(f"there is no rule `{code}`", suggestion(code))
    click.echo(section(BY_CODE[code]) if form == "markdown" else explain(BY_CODE[code]) + "\n", nl=False)
