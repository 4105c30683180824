"""Releases in a terminal, a line each, and as JSON. What a file states of itself is put as its statement."""

from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from purport.brief import words as say
from purport.core.records import Capture, Release
from purport.core.times import iso

PROVENANCE = {
    "valid": "C2PA valid",
    "untrusted": "C2PA signer not on a trust list",
    "invalid": "C2PA INVALID",
    "none": "no C2PA",
    "unknown": "C2PA unknown",
}


def clock(seconds: float) -> str:
    """`0:41.2`, `1:02:03.4`."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    ahead = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{ahead}:{rest // 10:02}.{rest % 10}"


def size(count: float) -> str:
    """`812 B`, `3.4 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.1f} {unit}"


def facts(release: Release, capture: Capture) -> list[str]:
    """What there is to say of a release, as short phrases."""
    found = [release.kind]
    found += [clock(release.duration)] if release.duration else []
    found += [f"{release.width}×{release.height}"] if release.width else []
    found += [f"{release.rate:.3g}/s{' on average' * release.variable}"] if release.rate else []
    found.append(f"{release.container} ({', '.join(release.codecs)})" if release.codecs else release.container)
    found.append(size(capture.size))
    found += [f"states {moment.words}" for moment in release.created]
    found.append(PROVENANCE[release.provenance.verdict])
    found += [say.number(len(release.shots), "shot")] if release.kind == "video" else []
    return found


def row(release: Release, capture: Capture, console: Console, known: bool = False) -> None:
    """One release on a line (or more where the screen is narrow)."""
    line = Text(say.inert(capture.place), style="bold", overflow="fold")
    line.append(say.inert("  " + " · ".join(facts(release, capture))), style="not bold")
    line.append(f" · {short(release.id)}{' · known before' * known}", style="not bold dim")
    console.print(line, soft_wrap=not console.is_terminal)


def whole(release: Release, capture: Capture, console: Console) -> None:
    """All that is known of a release."""
    shown = Table.grid(padding=(0, 2))
    for name, value in fields(release, capture):
        shown.add_row(Text(name, style="dim"), Text(say.inert(value), overflow="fold"))
    console.print(shown)


def fields(release: Release, capture: Capture) -> list[tuple[str, str]]:
    found = [("release", release.id), ("place", capture.place), ("what", " · ".join(facts(release, capture)))]
    found += [("created, as stated", f"{moment.words} ({say.day(moment)})") for moment in release.created]
    found.append(("provenance", PROVENANCE[release.provenance.verdict]))
    found += [("", reason) for reason in release.provenance.reasons]
    if release.provenance.signer:
        found.append(("signed by", f"{release.provenance.signer} {release.provenance.signed}".strip()))
    found += [("digest", capture.digest), ("taken", iso(capture.taken)), ("examined by", release.version)]
    times = [f"{clock(shot.start)}–{clock(shot.end)}" for shot in release.shots] if release.kind == "video" else []
    return found + ([("shots", ", ".join(times))] if times else [])


def short(id: str) -> str:
    """The beginning of an id that commands take for the whole."""
    kind, _, digits = id.rpartition("-")
    return f"{kind}-{digits[:8]}"


def as_json(release: Release, capture: Capture) -> dict[str, Any]:
    """`release`, then where its bytes came from, then the rest of the record (docs/json.md)."""
    about = {"release": release.id, "place": capture.place, "digest": capture.digest, "size": capture.size}
    rest = msgspec.structs.asdict(release)
    del rest["id"]
    return about | rest


def sums(releases: int, known: int, hours: float, prints: int, index: int) -> str:
    """What there is, and what prints of video and their index cost: `3 releases, 1 known before · prints of …`."""
    said = say.number(releases, "release") + (f", {known:,} known before" if known else "")
    if hours:
        said += f" · prints of all video: {size(prints)} for {clock(hours * 3600)}, {size(prints / hours)} an hour"
    if hours and index:
        said += f" · index: {size(index)}, {size(index / hours)} an hour"
    return said
