"""Whether a reader sees what they were led to."""

from __future__ import annotations

# Called in the page: whether an element begins just below what stays at the top of the window, less than three lines.
IN_SIGHT = """(selector => {
  const place = one => one.getBoundingClientRect();
  const target = document.querySelector(selector);
  const around = [...document.querySelectorAll(".bar, .gantt-head")].filter(one => !target.contains(one)).map(place);
  const free = Math.max(...around.filter(({height}) => height > 0).map(({bottom}) => bottom));
  const {top} = place(target);
  return top >= free && top < free + 40;
})"""
