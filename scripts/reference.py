"""The pages of docs/ that say what the code already says: generated, so that they can't disagree with it.

python scripts/reference.py [--check]    (scripts/docs runs it in the right environment)
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from purport.cli import main as command_line
from purport.core import errors

DOCS = Path(__file__).parents[1] / "docs"
WIDTH = 100
NOTE = "<!-- Written by scripts/docs from {origin}. Don't edit here. -->\n\n"


def errors_page() -> str:
    lines = [
        "# Errors and exit codes",
        "",
        "The command line exits with the code of what went wrong; its message says what to do. 0 means that",
        "all was done. What befell one item among others is a *gap*, not an error: kept in the ledger and shown.",
        "",
        "| exit code | error | meaning |",
        "|---|---|---|",
    ]
    for error in sorted(tree(errors.PurportError), key=lambda e: e.code):
        meaning = " ".join((error.__doc__ or "").split())
        lines.append(f"| {error.code} | `{error.__name__}` | {meaning} |")
    return NOTE.format(origin="src/purport/core/errors.py") + "\n".join(lines) + "\n"


def tree(error: type[errors.PurportError]) -> Iterator[type[errors.PurportError]]:
    yield error
    for child in error.__subclasses__():
        yield from tree(child)


def cli_page() -> str:
    parts = ["# Command line\n\nWhat `--help` says, command by command. Exit codes: [errors.md](errors.md).\n"]
    settings = {**command_line.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    for context in walk(click.Context(command_line, info_name="purport", **settings)):
        parts.append(f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n")
    return NOTE.format(origin="src/purport/cli/") + "\n".join(parts)


def walk(context: click.Context) -> Iterator[click.Context]:
    """The command and those below it, each in its context; what is set for the first holds for all."""
    yield context
    if isinstance(context.command, click.Group):
        for name, child in sorted(context.command.commands.items()):
            if not child.hidden:
                yield from walk(click.Context(child, info_name=name, parent=context))


PAGES = {"errors.md": errors_page, "cli.md": cli_page}


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = []
    for name, write in PAGES.items():
        page = DOCS / name
        text = write()
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            page.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"docs/ is behind the code: {', '.join(stale)}. Run scripts/docs and commit.", file=sys.stderr)
        return 1
    print(f"docs: {', '.join(PAGES)} {'are as the code says' if not stale else 'written: ' + ', '.join(stale)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
