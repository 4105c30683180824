"""Alerts in words: a line in a terminal, an entry of an Atom feed (RFC 4287), the JSON of a webhook. Never media."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from purport.brief import words as say
from purport.brief.terminal import short
from purport.core.alerts import Alert, Event, Rule
from purport.core.ids import make_id
from purport.core.records import Claim, Report
from purport.core.spans import words
from purport.core.times import iso

ATOM = "http://www.w3.org/2005/Atom"
TAG = "tag:purport.invalid,2026:"  # RFC 4151; ".invalid" (RFC 2606) is nobody's, and the rest is unique
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets
_QUIET, _RULE = Style(dim=True), Style(color="magenta", bold=True)


def claim(claim: Claim, report: Report) -> str:
    """A claim in one line: `The ministry denied that its forces had fired`."""
    content = words(report.text, claim.content)
    told = " ".join(" ".join([say.source(claim, report), say.cue(claim, report), content]).split())
    marks = " ".join(word for _, word in say.marks(claim) if word == "distanced")
    return f"{told} ({marks})" if marks else told


def show(alert: Alert, console: Console) -> None:
    """Print an alert: when and by which rule, what happened, where it can be opened."""
    event = alert.event
    head = Text(f"{event.at:%Y-%m-%d %H:%M} ", style=_QUIET, overflow="fold")
    head.append(say.inert(f"{alert.rule}: "), style=_RULE)
    head.append(say.inert(event.said))
    console.print(head)
    about = [event.on, *filter(None, (event.outlet, event.url)), *map(short, event.evidence[:1])]
    line = Text(say.inert(" · ".join(about)), style=_QUIET, overflow="fold")
    console.print(Padding(line, (0, 0, 0, 4)))


def sums(rules: Sequence[Rule], counts: dict[str, int], looked: int, console: Console) -> None:
    """Print how much each rule would have said."""
    for rule in rules:
        console.print(Text(say.inert(f"{counts.get(rule.name, 0):6,}  {rule.name} → {', '.join(map(host, rule.to))}")))
    total = say.number(sum(counts.values()), "alert")
    console.print(Text(f"{total} from {say.number(looked, 'entry', 'entries')}; nothing was sent.", style=_QUIET))


def host(to: str) -> str:
    """A place as it may be shown: of a webhook no more than its host, for the rest is often a password."""
    if not to.startswith(("http://", "https://")):
        return to
    try:
        parts = urlsplit(to)
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}/…"
    except ValueError:
        return "http…"


def as_json(alert: Alert) -> dict[str, Any]:
    """What a webhook gets. `text` is what chat services show of a POST."""
    event = alert.event
    return {
        "alert": alert.id,
        "rule": alert.rule,
        "text": f"{alert.rule}: {event.said}" + (f" {event.url}" if event.url else ""),
        "on": event.on,
        "said": event.said,
        "at": iso(event.at),
        "source": event.source,
        "outlet": event.outlet,
        "title": event.title,
        "url": event.url,
        "language": event.language,
        "acts": event.acts,
        "stances": event.stances,
        "actors": event.actors,
        "evidence": event.evidence,
    }


def feed(alerts: Sequence[Alert], name: str) -> str:
    """An Atom feed of alerts, the newest first. The same alerts give the same feed, byte for byte."""
    ElementTree.register_namespace("", ATOM)
    root = Element(_atom("feed"))
    _add(root, "title", "Purport alerts")
    _add(root, "id", f"{TAG}{make_id('feed', name)}")
    _add(root, "updated", iso(max((alert.event.at for alert in alerts), default=NEVER)))
    _add(SubElement(root, _atom("author")), "name", "Purport")
    _add(root, "generator", "Purport")
    for alert in alerts:
        _entry(SubElement(root, _atom("entry")), alert)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _entry(entry: Element, alert: Alert) -> None:
    event = alert.event
    _add(entry, "id", f"{TAG}{alert.id}")
    _add(entry, "title", f"{alert.rule}: {event.said}")
    _add(entry, "updated", iso(event.at))
    if event.url.startswith(("http://", "https://")):
        SubElement(entry, _atom("link"), {"rel": "alternate", "href": _fit(event.url)})
    for term in (event.on, *event.acts, *event.stances):
        SubElement(entry, _atom("category"), {"term": _fit(term)})
    _add(entry, "content", _content(event)).set("type", "text")


def _content(event: Event) -> str:
    about = [("outlet", event.outlet), ("title", event.title), ("source", event.source), ("address", event.url)]
    lines = [event.said, *(f"{name}: {value}" for name, value in about if value)]
    return "\n".join([*lines, *(f"purport show {id}" for id in event.evidence if id.startswith(("claim-", "report-")))])


def _add(to: Element, name: str, text: str) -> Element:
    made = SubElement(to, _atom(name))
    made.text = _fit(text)
    return made


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _fit(text: str) -> str:
    """XML has no place for most control characters."""
    return _UNFIT.sub("\ufffd", text)
