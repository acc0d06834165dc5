"""A package, so that its fixtures may last until its last test: see `playwright` in conftest.py."""
