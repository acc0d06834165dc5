"""The mutual action plan as written: model, read (YAML to Plan and diagnostics), edit, history, starters."""
