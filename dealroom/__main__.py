"""`python -m dealroom` is the `dealroom` command."""

from dealroom.cli.main import main

if __name__ == "__main__":
    main()
