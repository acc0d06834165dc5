"""How far a success criterion has come, where its values are numbers."""

from __future__ import annotations

import re

# `4.1 %`, `1,200 orders`, `€ 3.5m`: one number, with what stands around it as its unit.
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)*")
# `3 h 10 min`: time in parts, each a number and its unit.
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\.?")
# In seconds. How long a day is depends on who says it, so days are a unit like any other.
_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600),
}
_NOTHING = {"none", "zero", "no", "nil"}
_THOUSANDS = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def reached(baseline: str | None, current: str | None, target: str | None) -> int | None:
    """How much of the way from baseline to target is done, in percent from 0 to 100.

    `None` when one of them is missing, is not one plain number, or has another unit than the others.
    """
    values = [_measured(text) for text in (baseline, current, target)]
    known = [value for value in values if value is not None]
    # `none` is nothing of whatever the others count.
    if len(known) < len(values) or len({unit for value, unit in known if value or unit}) > 1:
        return None
    (first, _), (now, _), (last, _) = known
    if first == last:
        return None
    return round(min(1.0, max(0.0, (now - first) / (last - first))) * 100)


def _measured(text: str | None) -> tuple[float, str] | None:
    if text is not None and text.strip().lower() in _NOTHING:
        return 0.0, ""
    if (seconds := _seconds(text or "")) is not None:
        return seconds, "time"
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
    return value, "".join(around.split()).lower().removesuffix("s")


def _seconds(text: str) -> float | None:
    """Time in parts, as `3 h 10 min`; `None` for anything else."""
    written = text.strip().lower()
    parts = _TIME.findall(written)
    if not parts or _TIME.sub("", written).strip(" ,") or any(unit not in _SECONDS for _, unit in parts):
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
