"""The small parts of a message: names quoted, lists joined, the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

# A name longer than this fills a terminal line and helps nobody; the place shows the rest.
LONGEST_NAME = 60

# Below this share of common characters a suggestion is more often wrong than right (difflib's own default).
ALIKE = 0.6


def quoted(name: object) -> str:
    """`name` between backticks, cut when it is very long."""
    text = str(name).replace("`", "'")
    return f"`{text}`" if len(text) <= LONGEST_NAME else f"`{text[: LONGEST_NAME - 1]}…`"


def listed(names: Iterable[object], conjunction: str = "and") -> str:
    """Names in a sentence: `a`, `b` and `c`."""
    words = [quoted(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}" if words else ""


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was probably meant, or nothing when none is like it.

    Case, spaces, hyphens and underscores do not count, and a name that starts with what was typed is near.
    """
    from difflib import get_close_matches

    # difflib takes quadratic time; nobody misspells a name of hundreds of characters.
    if len(name) > 2 * LONGEST_NAME:
        return None
    plain = {_plain(candidate): candidate for candidate in reversed(list(names))}
    typed = _plain(name)
    if typed in plain:
        return plain[typed]
    close = get_close_matches(typed, plain, n=1, cutoff=ALIKE)
    if close:
        return plain[close[0]]
    longer = [candidate for candidate in plain if typed and candidate.startswith(typed)]
    return plain[longer[0]] if len(longer) == 1 else None


def did_you_mean(name: str, names: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint with the nearest name, else the text given."""
    near = nearest(name, names)
    return f"did you mean {quoted(near)}?" if near is not None else otherwise


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character not in " -_.")
