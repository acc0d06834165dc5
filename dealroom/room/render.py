"""Pages as bytes: the opened room, the lock page in front of it, and the site's neutral front page. Pure."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from markupsafe import Markup

from dealroom.company import Company as WrittenCompany
from dealroom.room.content import FileRef, RoomContent
from dealroom.room.digest import Digest
from dealroom.room.inline import inline, plain
from dealroom.room.locale import Locale
from dealroom.room.theme import Theme
from dealroom.room.theme_settings import ThemeProblem

if TYPE_CHECKING:
    from jinja2 import TemplateSyntaxError


# No inline script or style, no other site, nothing that a form could be sent to. `wasm-unsafe-eval` is for Argon2id;
# frames of the page's own are documents, which are PDFs or are saved.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'{replies}; media-src 'self' blob:; "
    "frame-src 'self' blob:{embeds}; worker-src 'self'; form-action 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types dealroom"
)
FRONT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'"
)

_ORIGIN = re.compile(r"(?i)https?://[a-z0-9.-]+(?::\d+)?(?=[/?#]|$)")

# Of a room's id, enough to tell a reader's few rooms apart: 30 bits.
_ACCOUNT_LETTERS = 6

# Of a template's path, what its author recognises: themes/NAME/templates/FILE.
_SHOWN_PARTS = 4


@dataclass(frozen=True, slots=True)
class RenderedRoom:
    """A view's page, to be sealed, with the files that it shows."""

    html: bytes
    title: str
    files: tuple[FileRef, ...]


@dataclass(frozen=True, slots=True)
class ClientAssets:
    """The browser's code: its entry, the chunks it needs, and changed texts as JSON that is safe to embed.

    `lazy` are chunks that it may need later. They are named in the page all the same: only what the page names with a
    digest is checked against one when it is imported. `digests` gives the `integrity` of each file by name.
    """

    script: str
    modules: tuple[str, ...] = ()
    texts: str = "{}"
    lazy: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)

    def digest(self, name: str) -> str:
        """The `integrity` of a file; empty, which browsers take for none, where it is not known."""
        return self.digests.get(name, "")


@dataclass(frozen=True, slots=True)
class LockedRoom:
    """What the lock page tells of its room: the id, the descriptor as JSON that is safe to embed, and for how many days
    a reader may be asked whether their device keeps it open. What counts is what the sealed content says of that.

    `embeds` are the hosts of which the opened room may show something, the same for all rooms of a workspace: this page
    is public, and must not tell what a plan shows. `replies` is the address of the server that takes replies.
    """

    id: str
    descriptor: str
    remember: int = 0
    embeds: tuple[str, ...] = ()
    replies: str | None = None


@lru_cache(maxsize=64)
def integrity(content: bytes) -> str:
    """The digest of a script or stylesheet, as its element's `integrity` names it (Subresource Integrity)."""
    return f"sha384-{b64encode(hashlib.sha384(content).digest()).decode()}"


@dataclass(frozen=True, slots=True)
class _Seller:
    name: Markup
    plain_name: str


def render_room(content: RoomContent, theme: Theme, *, assets: str = "../assets/") -> RenderedRoom:
    """The opened room. `assets` is the way from the room's page to the folder of assets, with a slash at its end."""
    html = _rendered(
        theme,
        "room.html",
        room=content,
        seller=content.seller,
        texts=content.texts,
        assets=assets,
        with_buyer=theme.with_buyer(content.buyer.colour),
    )
    return RenderedRoom(html, f"{content.plain_title} · {content.buyer.plain_name}", content.files)


def render_lock(
    theme: Theme,
    seller: WrittenCompany,
    room: LockedRoom,
    client: ClientAssets,
    *,
    locale: Locale,
    assets: str = "../assets/",
) -> bytes:
    """The page that everyone may fetch: the seller's brand, the sealed room's descriptor, and the way in.

    The account's name, under which a password manager keeps the passphrase, tells the rooms of one seller apart.
    """
    return _rendered(
        theme,
        "lock.html",
        seller=_Seller(inline(seller.name), plain(seller.name)),
        descriptor=room.descriptor,
        account=f"{plain(seller.name)} ({room.id[:_ACCOUNT_LETTERS]})",
        remember=locale.plural("lock.remember", room.remember) if room.remember else "",
        client=client,
        locale=locale,
        texts=locale.texts,
        policy=POLICY.format(embeds="".join(f" https://{host}" for host in room.embeds), replies=_origin(room.replies)),
        assets=assets,
    )


def render_closed(theme: Theme, seller: WrittenCompany, *, locale: Locale, assets: str = "../assets/") -> bytes:
    """The page of a room past its date: the seller's brand, and that it has closed. It holds nothing of the plan."""
    return _rendered(
        theme,
        "closed.html",
        seller=_Seller(inline(seller.name), plain(seller.name)),
        locale=locale,
        texts=locale.texts,
        policy=FRONT_POLICY,
        assets=assets,
    )


def render_front(theme: Theme, *, locale: Locale, assets: str = "assets/") -> bytes:
    """The site's front page, which lists nothing."""
    return _rendered(theme, "front.html", locale=locale, texts=locale.texts, policy=FRONT_POLICY, assets=assets)


def render_digest(digest: Digest, theme: Theme, *, locale: Locale) -> str:
    """A digest as an HTML mail. Its styles are in its elements, since mail programs drop stylesheets."""
    html = _rendered(theme, "mail/digest.html", digest=digest, texts=locale.texts, locale=locale)
    return html.decode()


def _origin(address: str | None) -> str:
    """The origin of an address as a source of a policy, led by a space; nothing when a policy could not hold it."""
    found = _ORIGIN.match(address or "")
    return f" {found[0].lower()}" if found else ""


def check_templates(theme: Theme) -> None:
    """Compile the theme's templates, without anything to fill them with. Raises ThemeProblem."""
    from jinja2 import TemplateSyntaxError

    for name in theme.environment.list_templates(extensions=["html"]):
        try:
            theme.environment.get_template(name)
        except TemplateSyntaxError as fault:
            raise _syntax_problem(fault, name) from fault


def _rendered(theme: Theme, name: str, **values: object) -> bytes:
    from jinja2 import TemplateError, TemplateSyntaxError

    values["stylesheet_digest"] = integrity(dict(theme.files)[theme.stylesheet])
    try:
        return theme.environment.get_template(name).render(theme=theme, **values).encode()
    except TemplateSyntaxError as fault:
        raise _syntax_problem(fault, name) from fault
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
        # Templates are programs of a theme's author, who needs the line rather than a traceback.
        raise ThemeProblem(
            f"{_template_line(fault, name)}: {fault}", "docs/themes.md lists what a template may use"
        ) from fault


def _syntax_problem(fault: TemplateSyntaxError, name: str) -> ThemeProblem:
    place = f"{_short(fault.filename or fault.name or name)}:{fault.lineno}"
    return ThemeProblem(f"{place}: {fault.message}", "correct the template, or remove it to use the base's")


def _template_line(fault: BaseException, name: str) -> str:
    """Where in which template it went wrong: Jinja2 puts templates' own lines into tracebacks."""
    lines = [frame for frame in extract_tb(fault.__traceback__) if frame.filename.endswith(".html")]
    return f"{_short(lines[-1].filename)}:{lines[-1].lineno}" if lines else name


def _short(file: str) -> str:
    """`themes/harbour/templates/room.html` of a template's whole path."""
    return Path(*Path(file).parts[-_SHOWN_PARTS:]).as_posix()
