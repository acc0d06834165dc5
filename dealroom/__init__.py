"""Mutual action plans in YAML and Markdown, compiled into sealed, branded deal rooms."""
