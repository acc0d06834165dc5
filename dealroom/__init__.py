"""Mutual action plans in YAML and Markdown, compiled into sealed, branded deal rooms."""

__version__ = "0.1.0"
