"""A report made ready to be compared: its words, and which of them are quoted or belong to the page."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from purport.core.copies import BOILERPLATE
from purport.core.records import Report
from purport.core.spans import Span
from purport.trace.shingles import Words


@dataclass(frozen=True, slots=True)
class Material:
    report: Report
    words: Words
    aside: bytes  # for each word 1 if it is quoted or stands in marked boilerplate or a credit line, else 0
    stock: bytes  # for each word 1 if it stands in marked boilerplate or a credit line
    own: int  # words that are not set aside


def material(report: Report, words: Words, quoted: bytes) -> Material:
    """`quoted` holds for each character of the text 1 if it stands inside a quotation, else 0."""
    aside = np.frombuffer(quoted, np.uint8).copy()
    stock = np.zeros(len(report.text), np.uint8)
    for start, end in set_apart(report.text):
        aside[start:end] = 1
    for note in (*report.credits, *(one for one in report.repeats if one.kind == BOILERPLATE)):
        stock[slice(*note.span)] = 1
    flags = (aside | stock)[words.starts].tobytes()
    return Material(report, words, flags, stock[words.starts].tobytes(), flags.count(0))


def set_apart(text: str) -> Iterator[Span]:
    """Paragraphs after a colon at the end of a line: quotations without marks."""
    at, opened = 0, False
    for line in text.splitlines(keepends=True) if ":" in text else ():
        if line.strip():
            if opened:
                yield at, at + len(line)
            opened = line.rstrip().endswith(":")
        at += len(line)
