"""What the buyer sees: compose, pages, timeline, theme, render, locale."""
