"""`dealroom explain`: what a code means, why it matters, and what to do."""

from __future__ import annotations

import click

from dealroom.errors import UsageProblem

FORMATS = ("text", "markdown")


@click.command()
@click.argument("code", required=False)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="Markdown is the page of all rules."
)
def command(code: str | None, format_: str) -> None:
    """Explain the rule CODE; without it, list the rules.

    \b
    Examples:
      dealroom explain
      dealroom explain seller-only-plan
    """
    from dealroom.health.handbook import explain, page, summary
    from dealroom.health.report import suggestion
    from dealroom.health.rules import BY_CODE, RULES

    if code is not None and code not in BY_CODE:
        raise UsageProblem(f"there is no rule `{code}`", suggestion(code))
    rules = RULES if code is None else (BY_CODE[code],)
    if format_ == "markdown":
        click.echo(page(rules), nl=False)
    else:
        click.echo(summary(rules) if code is None else explain(rules[0]))
