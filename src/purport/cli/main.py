"""All the commands gathered. Each page of this room has some of them: thin, one function a command."""

import os

import click

from purport import __version__
from purport.cli.alerts import alerts, edits
from purport.cli.asking import claims, explain, gaps, search, show
from purport.cli.backup import backup, migrate, restore
from purport.cli.briefs import briefs
from purport.cli.bulk import bulk
from purport.cli.custody import custody, stamp, verify
from purport.cli.desk import desk
from purport.cli.doctor import doctor
from purport.cli.export import export, mark, marks
from purport.cli.footage import footage
from purport.cli.imports import import_command
from purport.cli.judgements import judgements
from purport.cli.mcp import mcp_command
from purport.cli.options import Group
from purport.cli.people import people
from purport.cli.reading import brief_command, demo, read, reread
from purport.cli.stories import stories
from purport.cli.trace import ripple, trace
from purport.cli.watch import sources, watch
from purport.cli.working import status, work
from purport.core.errors import UsageError
from purport.wiring.operations import LOGS, open_journal

COMMANDS: tuple[click.Command, ...] = (
    *(read, reread, brief_command, demo, import_command),
    *(claims, search, show, explain, gaps),
    *(footage, watch, sources, edits, alerts),
    *(stories, trace, ripple, briefs, judgements),
    *(custody, stamp, verify, export, mark, marks),
    *(backup, restore, migrate, doctor, work, status),
    *(bulk, desk, people, mcp_command),
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option("--log-json", is_flag=True, help="Tell of the work on standard error, one JSON object a line; "
              "PURPORT_LOG=json or text says so for all commands (docs/operations.md).")  # fmt: skip
@click.pass_context
def main(ctx: click.Context, log_json: bool) -> None:
    """Purport reads news reports and writes down who claims what, on whose word, how firmly.

    \b
    Begin with:
      purport demo                  a small invented story, read and briefed
      purport read report.html      the claims of a report
      purport brief report.html     a page with the words behind each claim
      purport footage add clip.mp4  a video's facts, shots, fingerprints and provenance
      purport watch sources.toml    what sources publish, kept, read and compared with what stood there
      purport trace --all           stories: so many reports, so many independent origins
      purport desk                  all of it in a browser

    Everything read is kept in a ledger (purport.db in this folder) and never changed afterwards.
    """
    form = "json" if log_json else os.environ.get("PURPORT_LOG", "off")
    if form not in LOGS:
        raise UsageError(f"PURPORT_LOG is one of {', '.join(LOGS)}, not {form!r}.")
    ctx.with_resource(open_journal(form, os.environ.get("PURPORT_TRACES", ""), str(ctx.invoked_subcommand)))


for command in COMMANDS:
    main.add_command(command)
