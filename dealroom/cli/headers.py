"""`dealroom headers`: what a host should say with the files of a site, in the form that the host reads."""

from __future__ import annotations

import click

# As in `dealroom.publish.headers`, which costs too much to import for `--help`.
HOSTS = ("netlify", "nginx", "caddy")


@click.command(
    epilog="""\b
Examples:
  dealroom headers --for nginx > /etc/nginx/snippets/rooms.conf
  dealroom headers --for caddy
"""
)
@click.option(
    "--for",
    "host",
    type=click.Choice(HOSTS),
    default="netlify",
    show_default=True,
    help="The host. Cloudflare Pages reads what Netlify reads.",
)
def command(host: str) -> None:
    """Print the headers that a host should send with the rooms.

    `dealroom build` writes those of Netlify and Cloudflare Pages into the site by itself, as _headers.
    """
    from dealroom.publish.headers import FORMS

    click.echo(FORMS[host](), nl=False)
