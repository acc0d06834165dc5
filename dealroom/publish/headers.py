"""What a host should say with the files of a site, beyond what the pages say by themselves.

The pages carry their own policy against scripts and other sites. A few protections work only as headers of the host;
most hosts need to be told how long which file may be kept. Here they are once, and in the forms that hosts read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dealroom.publish.client import WORKER
from dealroom.publish.output import ASSETS, OutputFile, file_of_bytes
from dealroom.seal.release import RELEASE
from dealroom.seal.unseal import OBJECTS

HEADERS_FILE = "_headers"

# By this the build knows the file again as its own (`compare.MARKS`).
_MARK = "# Written by dealroom"

# Features of browsers that no room uses. A name that a browser does not know is a warning on its console, so these are
# the ones that all of today's know.
_UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb", "xr-spatial-tracking")

PROTECTION: Mapping[str, str] = {
    # What is not a script is never run as one.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # No other page shows a room inside itself, to steal clicks; a page cannot say this in its own policy.
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    # Pages of other sites share no process and no window with a room, and load nothing of it.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
}

# One year: as long as caches keep anything. Names of such files follow from what is in them.
KEPT = "public, max-age=31536000, immutable"
# May be kept, but is asked for each time: a room that changed is seen at once.
ASKED = "no-cache"

# Browsers remember this for the whole host name, http included, so it is for whoever runs the host to switch on.
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
_HTTPS_ADVICE = "once everything on this host name is served by https, and stays so:"

# Of a path below the site: what may be kept for ever.
_KEPT_PATHS = rf"/(?:{ASSETS}/[^/]+|{OBJECTS}/[0-9a-f]{{32}})$"
# Folders above a room's page that the hosts with a headers file are told of: `path: emea/acme/rollout` has three.
_DEEPEST = 3


def netlify() -> str:
    """The `_headers` file of Netlify, Cloudflare Pages and others. Rules that meet must not say the same header."""
    name, value = _HTTPS_ONLY
    rules = ["/*", *_lines(PROTECTION, "  {}: {}"), f"  # {_HTTPS_ADVICE}", f"  # {name}: {value}"]
    for path in ("/", f"/{WORKER}", f"/{RELEASE}"):
        rules += [path, f"  Cache-Control: {ASKED}"]
    rules += [f"/{ASSETS}/*", f"  Cache-Control: {KEPT}"]
    for depth in range(1, _DEEPEST + 1):
        room = "".join(f"/:folder{number}" for number in range(1, depth + 1))
        rules += [f"{room}/", f"  Cache-Control: {ASKED}"]
        rules += [f"{room}/{RELEASE}", f"  Cache-Control: {ASKED}"]
        rules += [f"{room}/{OBJECTS}/*", f"  Cache-Control: {KEPT}"]
    return "\n".join([f"{_MARK}, for hosts that read it. Yours stays if you put one here first.", *rules, ""])


def nginx() -> str:
    """What belongs into the `server` block of nginx. Headers are repeated: a location with its own inherits none."""
    protection = list(_lines(PROTECTION, '    add_header {} "{}" always;'))
    name, value = _HTTPS_ONLY
    lines = [
        f"{_MARK} headers --for nginx: include this in the server block of the rooms' host.",
        f"# {_HTTPS_ADVICE}",
        f'#     add_header {name} "{value}" always;   (in both locations)',
        "location / {",
        *protection,
        f'    add_header Cache-Control "{ASKED}" always;',
        "}",
        f'location ~ "{_KEPT_PATHS}" {{',
        *protection,
        "    # Not for errors: a file that is missing today may be there tomorrow.",
        f'    add_header Cache-Control "{KEPT}";',
        "}",
    ]
    return "\n".join([*lines, ""])


def caddy() -> str:
    """What belongs into the site's block of a Caddyfile."""
    name, value = _HTTPS_ONLY
    lines = [
        f"{_MARK} headers --for caddy: put this into the block of the rooms' host.",
        "header {",
        *_lines(PROTECTION, '    {} "{}"'),
        f"    # {_HTTPS_ADVICE}",
        f'    # {name} "{value}"',
        "}",
        f"@kept path_regexp {_KEPT_PATHS}",
        f'header @kept Cache-Control "{KEPT}"',
        f"@asked not path_regexp {_KEPT_PATHS}",
        f'header @asked Cache-Control "{ASKED}"',
        "handle_errors {",
        f'    header Cache-Control "{ASKED}"',
        "    respond {err.status_code}",
        "}",
    ]
    return "\n".join([*lines, ""])


FORMS: Mapping[str, Callable[[], str]] = {"netlify": netlify, "nginx": nginx, "caddy": caddy}


def headers_for(path: str) -> dict[str, str]:
    """What to say with the file at `path` below the site, for hosts that are asked file by file."""
    return {**PROTECTION, "Cache-Control": cache_control(path)}


def cache_control(path: str) -> str:
    """How long the file at `path` below the site may be kept."""
    return KEPT if re.search(_KEPT_PATHS, f"/{path}") else ASKED


def headers_file() -> OutputFile:
    """The headers of hosts that read them from the site itself."""
    return replace(file_of_bytes(HEADERS_FILE, netlify().encode()), yields=True)


def _lines(headers: Mapping[str, str], form: str) -> Iterator[str]:
    return (form.format(name, value) for name, value in headers.items())
