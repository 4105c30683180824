"""Work that was handed over, on the screen: what was handed, what workers did, how it stands."""

from datetime import datetime
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from purport.brief.outages import clock, lasting
from purport.brief.words import inert, number
from purport.core.times import utc
from purport.core.work import Done, Hand, Work

INLINE = (
    "The engine is inline: each command does its own work, so nothing waits.\n"
    "To have work done by any number of hosts, put the ledger into PostgreSQL, then\n"
    "  export PURPORT_LEDGER=postgresql+psycopg://USER@HOST/DATABASE PURPORT_ENGINE=jobs:\n"
    "  purport read reports/     hands over\n"
    "  purport work              does it, on as many hosts as wanted\n"
    "  purport status            tells how far it is (docs/work.md)"
)
_GONE = "a host that is gone"
_NEXT = "purport work does them, purport status tells how far that is."


def said(things: int, orders: int, kind: str = "report") -> str:
    """What became of a command that hands over."""
    kept = f"Kept {number(things, kind)}. " if things else ""
    if not orders:
        return f"{kept}Nothing to hand over: all of it is done or waits already."
    return f"{kept}Handed over {number(orders, 'order')}: {_NEXT}"


def looks(at: datetime, new: int, count: int) -> str:
    """What became of a look at what is due."""
    if not count:
        return "Nothing is due. purport sources tells when each source is looked at next."
    waiting = f", {count - new:,} waited already" if new < count else ""
    return f"{utc(at):%H:%M:%S}  {number(new, 'order')} handed over{waiting}"


def away(at: datetime, said: str) -> Text:
    """That the database is gone, and why; or, without a word why, that it is back."""
    shown = Text(f"{utc(at):%H:%M:%S}  ", style="dim", overflow="fold")
    if said:
        return shown.append(f"{inert(said)} This goes on by itself when it is back.", style="yellow")
    return shown.append("The database is back.", style="green")


def line(done: Done) -> Text:
    """`09:00:02  read     16 reports, 120 claims  0.8 s`."""
    shown = Text(f"{utc(done.at):%H:%M:%S}  ", style="dim", overflow="fold")
    shown.append(f"{done.order.what:8}", style="yellow" if done.fault else "green")
    what = done.order.about[0] if done.order.what in ("look", "take") and done.order.about else ""
    shown.append(inert(f"{what}  " if what else ""))
    shown.append(inert(done.fault or done.said), style="yellow" if done.fault else "")
    shown.append(f"  {done.seconds:.1f} s", style="dim")
    return shown


def standing(work: Work, console: Console) -> None:
    """The queues, the workers, the latest faults."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("queue", "waiting", "doing", "failed", "oldest waits", "last 1", "5", "15 min", "a minute"):
        table.add_column(name, justify="left" if name == "queue" else "right")
    for one in work.queues:
        later = f" ({one.later:,} later)" if one.later else ""
        things = f" = {one.things:,} reports" if one.queue == "read" and one.things else ""
        oldest = "".join(lasting((work.at - at).total_seconds()) for at in one.oldest)
        row = (f"{one.waiting:,}{things}{later}", f"{one.doing:,}", f"{one.failed:,}", oldest or "-")
        table.add_row(one.queue, *row, *(f"{count:,}" for count in one.done), f"{one.rates[1]:,.1f}")
    console.print(table)
    if not work.hands:
        console.print("No worker is there. Start one on any host: purport work", style="yellow")
    for host, some in groupby(work.hands, lambda hand: hand.host):
        for hand in some:
            console.print(_hand(host, hand, work.at), soft_wrap=True, highlight=False)
    for fault in work.faults:
        told = Text(f"{clock(fault.at)}  {fault.what} failed on {inert(fault.host or _GONE)}: ", style="yellow")
        told.append(inert(fault.said))
        console.print(told, soft_wrap=True, highlight=False)


def _hand(host: str, hand: Hand, now: datetime) -> Text:
    told = Text(f"{inert(host)} {hand.process}", style="bold")
    doing = number(hand.doing, "order") if hand.doing else "nothing"
    told.append(f"  {', '.join(hand.queues)}; since {clock(hand.began)}; doing {doing}; ", style="not bold")
    seen = f"heard of {lasting((now - hand.seen).total_seconds())} ago"
    told.append(f"silent, {seen}: others do its work" if hand.silent else seen, style="yellow" if hand.silent else "")
    return told
