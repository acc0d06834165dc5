"""How far a success criterion has come, where its values are numbers."""

from __future__ import annotations

import re

# `4.1 %`, `1,200 orders`, `€ 3.5m`: one number, with what stands around it as its unit.
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def reached(baseline: str | None, current: str | None, target: str | None) -> int | None:
    """How much of the way from baseline to target is done, in percent from 0 to 100.

    `None` when one of them is missing, is not one plain number, or has another unit than the others.
    """
    values = [_measured(text) for text in (baseline, current, target)]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or len({unit for _, unit in known}) != 1:
        return None
    (first, _), (now, _), (last, _) = known
    if first == last:
        return None
    return round(min(1.0, max(0.0, (now - first) / (last - first))) * 100)


def _measured(text: str | None) -> tuple[float, str] | None:
    numbers = list(_NUMBER.finditer(text or ""))
    if text is None or len(numbers) != 1:
        return None
    written = numbers[0][0].replace("−", "-")
    if _THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    elif written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    try:
        value = float(written)
    except ValueError:
        return None
    around = text[: numbers[0].start()] + text[numbers[0].end() :]
    return value, "".join(around.split()).lower()
