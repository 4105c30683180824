"""The command line: thin, a page for each group of commands. `main.py` has the first ones and gathers the others."""

from purport.cli.main import main

__all__ = ["main"]
