"""What the terminal shows, at two widths; and that a report's words can't drive it."""

import io

import pytest
from brief_samples import CLOCK, Hand, a_report, denial, release, some_gaps
from rich.cells import cell_len
from rich.console import Console

from purport.brief import terminal
from purport.core.records import Gap, gap


def console(width: int = 80, terminal: bool = False) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    colour = "standard" if terminal else None
    return Console(file=out, width=width, force_terminal=terminal, color_system=colour, legacy_windows=False), out


def shown(width: int = 80, terminal_: bool = False) -> str:
    screen, out = console(width, terminal_)
    made = [release()[0], denial()[0]]
    terminal.table([(h.report, h.reading()) for h in made], screen, some_gaps(made[0].report))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_runs_over_the_edge(width: int) -> None:
    assert max(cell_len(line) for line in shown(width).splitlines()) <= width


@pytest.mark.parametrize("width", [80, 200])
def test_it_says_who_how_what_and_through_whom(width: int) -> None:
    lines = shown(width)
    for part in ("who says", "≈ purportedly shows", "distanced", "≠ denies", "(the narrator)", "└ the video"):
        assert part in lines
    assert "Harbour Wire › Coast Monitor › the video › the narrator" in lines
    assert "on Monday (4 March 2024)" in " ".join(lines.split()) or width == 200
    assert "2 reports · 26 claims · 5 distanced · 3 denials · 2 gaps" in lines


def test_a_wide_screen_has_columns_for_whom_and_when() -> None:
    assert "about whom" in shown(200)
    assert "about whom" not in shown(80)
    assert "about the ministry" in shown(80)


def test_no_colour_when_piped() -> None:
    assert "\x1b" not in shown()
    assert "\x1b[" in shown(terminal_=True)


def test_gaps_are_counted_after_the_last_reading() -> None:
    found: list[Gap] = []

    def read():  # type: ignore[no-untyped-def]
        hand, _ = release()
        yield hand.report, hand.reading()
        found.append(gap("read", "x", "empty", "Nothing in it.", CLOCK))

    screen, out = console()
    assert terminal.table(read(), screen, found).gaps == 1
    assert "1 gap" in out.getvalue()


def test_repeated_captions_are_told_but_not_counted() -> None:
    report, _ = a_report("It said so. It said so.")
    hand = Hand(report)
    hand.says("It", "said", "so")
    hand.says("It", "said", "so", at="It said so.", repeated=True)
    screen, out = console()
    assert terminal.table([(report, hand.reading())], screen).claims == 1
    assert "1 said before" in out.getvalue()


def test_the_words_of_a_report_cannot_drive_the_terminal() -> None:
    evil = "\x1b[31mred\x1b]0;title\x07 [red]x[/red] \x9b2J \u202ertl \x00\r over"
    report, _ = a_report(f"{evil} said so{evil}.", title=evil, outlet=evil, byline=evil, url=evil)
    hand = Hand(report)
    claim = hand.says(evil, "said", f"so{evil}", target=evil, kind=evil)
    screen, out = console(200)
    terminal.table([(report, hand.reading())], screen)
    terminal.one(claim, report, screen)
    terminal.whole(report, screen, [claim])
    terminal.gaps([gap(evil, evil, evil, evil, CLOCK)], screen)
    text = out.getvalue()
    assert not {c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0)}
    assert "\u202e" not in text
    assert "[red]x[/red]" in text
    assert "␛[31mred" in text


def test_one_claim_shows_its_sentence_and_the_words_that_decided() -> None:
    hand, _ = denial()
    screen, out = console(100)
    terminal.one(hand.claims[7], hand.report, screen)
    text = out.getvalue()
    assert (
        "“_the Reed Column's_ *claim* [that we switched off the lamps of our own citizens] is absurd”."
        in text.replace("\n", " ").replace("  ", " ")
    )
    assert "Earlier" not in text  # another paragraph
    for part in (
        "distanced (of the reporter)",
        "claim-",
        "sha256:",
        "Read so because of",
        "cue:distanced",
        "[1071–1076]",
    ):
        assert part in text


def test_with_colour_the_sentence_needs_no_signs() -> None:
    hand, _ = denial()
    screen, out = console(100, terminal=True)
    terminal.one(hand.claims[7], hand.report, screen)
    assert "_source_" not in out.getvalue()


def test_a_whole_report_shows_its_text() -> None:
    hand, _ = release()
    screen, out = console(4000)
    terminal.whole(hand.report, screen)
    assert all(line.rstrip() in out.getvalue() for line in hand.report.text.splitlines())


def test_a_report_without_claims_says_so() -> None:
    report, _ = a_report("Nothing.")
    screen, out = console()
    terminal.table([(report, Hand(report).reading())], screen)
    assert "No attributed claims were found." in out.getvalue()


def test_no_gaps_is_said_too() -> None:
    screen, out = console()
    terminal.gaps([], screen)
    assert "No gaps" in out.getvalue()
