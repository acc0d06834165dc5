"""`dealroom schema`: the JSON Schema of plan.yml, access.yml or dealroom.yml."""

from __future__ import annotations

import json

import click


@click.command(
    epilog="""\b
Examples:
  dealroom schema > plan.schema.json
  dealroom schema settings > settings.schema.json
"""
)
@click.argument("file", type=click.Choice(["plan", "access", "settings"]), default="plan")
def command(file: str) -> None:
    """Print the JSON Schema (draft 2020-12) of plan.yml, or with `access` of access.yml, `settings` of dealroom.yml.

    An editor that knows it completes keys, explains them and marks mistakes while you type. With the YAML extension of
    Visual Studio Code: `dealroom schema > plan.schema.json`, and `# yaml-language-server:
    $schema=../../plan.schema.json` as the first line of a plan.
    """
    from dealroom.plan.schema import access_schema, plan_schema, settings_schema

    schema = {"plan": plan_schema, "access": access_schema, "settings": settings_schema}[file]()
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
