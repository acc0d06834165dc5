"""Countries and subdivisions whose holidays are on record: the codes that `calendar:` may name.

The `holidays` package (https://holidays.readthedocs.io) is imported only when a calendar names a country, and of it
only that country's module: the package's own way to a country imports all 250 of them, which takes longer than
building a room.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

from dealroom.diagnostics.wording import nearest, quoted

if TYPE_CHECKING:
    from holidays import HolidayBase

CODE_HINT = "write a country, with a subdivision if wanted, like DE, DE-BY or US-CA"


@lru_cache
def country(code: str) -> type[HolidayBase] | None:
    """The package's class for a country by its ISO 3166 code of two or three letters; `None` when it has none."""
    import holidays

    module_name, class_name = _countries().get(code, (None, None))
    if module_name is None or class_name is None:
        return None
    spec = PathFinder.find_spec(module_name, [f"{folder}/countries" for folder in holidays.__path__])
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[HolidayBase] = getattr(module, class_name)
    return found


def subdivisions(of: type[HolidayBase]) -> tuple[str, ...]:
    """The subdivisions of a country: its codes, then the names that stand for them."""
    return (*of.subdivisions, *of.subdivisions_aliases)


@lru_cache
def fault_of(code: str) -> tuple[str, str] | None:
    """What is wrong with a calendar's code, and a hint; `None` when its holidays are on record."""
    name, _, subdivision = code.partition("-")
    nation = country(name)
    if nation is None:
        return f"no holidays are on record for {quoted(code)}", _country_hint(name, subdivision)
    if "-" not in code or subdivision in subdivisions(nation):
        return None
    known = subdivisions(nation)
    if not known:
        return f"{name} has no subdivisions on record", f"write {quoted(name)}"
    near = nearest(subdivision, known)
    near_code = None if near is None else f"{name}-{nation.subdivisions_aliases.get(near, near)}"
    hint = f"did you mean {quoted(near_code)}?" if near_code else f"{name} has {', '.join(nation.subdivisions)}"
    return f"{quoted(subdivision)} is not a subdivision of {name} on record", hint


def _country_hint(name: str, subdivision: str) -> str:
    code = _nearest_country(name)
    nation = country(code) if code else None
    if code is None or nation is None:
        return CODE_HINT
    near = nearest(subdivision, subdivisions(nation)) if subdivision else None
    return f"did you mean {quoted(f'{code}-{near}' if near else code)}?"


def _nearest_country(name: str) -> str | None:
    """The code of the country that was probably meant, by one of its codes or its English name."""
    by_name = {alias.casefold(): code for code, alias in _aliases()}
    near = nearest("".join(name.casefold().split()), by_name)
    return by_name[near] if near else None


@lru_cache
def _countries() -> dict[str, tuple[str, str]]:
    """Code of two or three letters → module and class."""
    from holidays.registry import COUNTRIES

    return {code: (module, names[0]) for module, names in COUNTRIES.items() for code in names[1:]}


def _aliases() -> list[tuple[str, str]]:
    """Each country's code with every name it is known by."""
    from holidays.registry import COUNTRIES

    return [(names[1], name) for names in COUNTRIES.values() for name in names]
