"""What the preview asks of a request that changes something on this computer.

Any web page can make a browser send requests to a server on loopback ("cross-site request forgery"). Browsers say where
a request comes from, and a page elsewhere cannot read the token that the preview's own page carries.
"""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

# Carries the token. A header of its own name makes a browser ask first, and the preview never answers that.
OWN_PAGE_HEADER = "X-Dealroom-Token"


def is_from_this_computer(request: Request) -> bool:
    """Whether the other end of the connection is on loopback."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site's page sends this. What is no browser says nothing."""
    # A page cannot set either header (https://fetch.spec.whatwg.org/#forbidden-request-header).
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return True
    origin = request.headers.get("origin")
    # With a policy of no referrer, some browsers send the origin of a page's own requests as `null`.
    if origin is None or (origin == "null" and site == "same-origin"):
        return False
    parts = urlsplit(origin)
    return parts.scheme != request.url.scheme or parts.netloc != request.headers.get("host", "")


def has_token(request: Request, token: str) -> bool:
    """Whether the request carries the token of the preview's own page."""
    return hmac.compare_digest(request.headers.get(OWN_PAGE_HEADER, "").encode(), token.encode())
