"""Does Purport's own record of a feed say what feedparser's authors expect of it? Prints Markdown.

    scripts/bench feeds [--data DIR] [--names]

The material is feedparser's own: 2,106 small feeds in `$PURPORT_DATA/feeds`, each with an expectation in a comment, a
Python expression over feedparser's result such as `not bozo and entries[0]['title'] == 'Example'`. Each is read by
`purport.collect.feeds.read_feed`; the expression is then put to what came out of it, `Feed` and `Listed`, by a small
evaluator that knows comparisons and names and calls nothing.

Covered is an expectation that asks only for what those records hold: whether the feed is well-formed, its version and
title and page, the ids, titles, addresses, dates and enclosures of its entries, and how many there are. All others are
counted by what they ask for. Titles are plain words in Purport: where an expected title is markup, its words are
compared, taken out of it by Python's own HTML parser and not by the one that Purport uses; they are counted apart.
"""

import argparse
import ast
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from feedparser.api import SUPPORTED_VERSIONS

from purport.collect.feeds import Feed, read_feed
from purport.collect.markup import decoded
from purport.core.watching import Listed
from purport.read.published import moment_of

SEEN = datetime(2031, 3, 13, tzinfo=UTC)
SERVER = "http://127.0.0.1:8097/"  # where feedparser's tests serve those files that need a server
DATES = ("published", "issued", "updated", "modified", "created", "date")
TITLE = ("title", "title_detail.value")
ENTRY = ("", "id", "guid", "link", "has_key", *TITLE, *DATES, *(f"{name}_parsed" for name in DATES))
ENTRY += ("enclosures.#.href", "enclosures.#.url", "media_content.#.url")
COVERED = frozenset(
    ("bozo", "version", "len", "entries", "feed.link", *(f"feed.{name}" for name in TITLE),
     *(f"entries.#.{name}".rstrip(".") for name in ENTRY))
)  # fmt: skip
CLASSES = (  # what an expectation asks for that the records don't hold; the first that fits
    (
        "texts of entries and of the feed (sanitized HTML)",
        r"description|summary|content|tagline|info|copyright|rights|subtitle|abstract|docs",
    ),
    ("the name of the encoding, headers of HTTP", r"encoding|headers|etag|modified(?:_parsed)?$|locals"),
    ("language and base address of a text", r"language|\.base$"),
    ("whether a title was text or HTML", r"title_detail"),
    ("people", r"author|contributor|publisher|credit"),
    ("categories and what iTunes adds", r"tags|category|itunes_|media_(?:category|keywords)"),
    ("places, chapters, threads", r"where|geo|psc_|thr_|gml"),
    ("links beside an entry's page and enclosures, their types, titles, lengths", r"links|enclosures|comments"),
    ("where an entry was taken from (atom:source)", r"source"),
    ("the feed's own id and dates", r"^feed\.(?:id|guid|updated|modified|created|published|date|issued)"),
    ("images, generators, text inputs, clouds", r"image|generator|textinput|cloud|logo|icon|thumbnail|player"),
)


@dataclass(slots=True)
class Score:
    """What came of all files."""

    files: int = 0
    crashes: list[str] = field(default_factory=list)
    covered: int = 0
    passed: int = 0
    by_words: int = 0  # passed where the expected title is markup
    wordless: int = 0  # … that has no words, as an image: such a case shows little
    failures: list[tuple[str, str]] = field(default_factory=list)  # file, expectation
    excluded: Counter[str] = field(default_factory=Counter)


class UnknownError(Exception):
    """An expression of a kind that the evaluator does not know."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PURPORT_DATA", ".")) / "feeds")
    parser.add_argument("--names", action="store_true", help="name what failed and what crashed")
    arguments = parser.parse_args()
    score = measure(arguments.data)
    if not score.files:
        raise SystemExit(f"There are no feeds in {arguments.data}; name their folder with --data or PURPORT_DATA.")
    print(table(score))
    if arguments.names:
        for name, words in [*score.failures, *((name, "crash") for name in score.crashes)]:
            print(f"- {name}: {words}")


def measure(folder: Path) -> Score:
    """Reads every file there is, and puts its expectation to what came out."""
    score = Score()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".xml", ".json")):
        score.files += 1
        name = str(file.relative_to(folder))
        data = file.read_bytes()
        comment = decoded(data)[0]
        try:
            feed = read_feed(data, header(comment, "Content-type"), address(comment, file.name), SEEN, "Feeds")
        except Exception:  # that there is none is what is measured
            score.crashes.append(name)
            continue
        weigh(score, name, comment, feed)
    return score


def weigh(score: Score, name: str, comment: str, feed: Feed) -> None:
    expected = expectation(comment)
    if expected is None:
        score.excluded["no expectation that is one expression"] += 1
        return
    asked = set(paths(expected.body))
    if other := sorted(asked - COVERED):
        score.excluded[named(other)] += 1
        return
    score.covered += 1
    judge = Judge(view(feed))
    try:
        held = bool(judge.value(expected.body))
    except (UnknownError, KeyError, IndexError, TypeError):
        held = False
    if held:
        score.passed += 1
        score.by_words += judge.by_words
        score.wordless += judge.wordless
    else:
        score.failures.append((name, ast.unparse(expected)))


def table(score: Score) -> str:
    share = 100 * score.passed / max(1, score.covered)
    lines = [
        "| feedparser's own test feeds | |", "|---|--:|",
        f"| files read | {score.files:,} |",
        f"| crashes | {len(score.crashes)} |",
        f"| expectations that Purport's records cover | {score.covered:,} |",
        f"| of those, met | {score.passed:,} ({share:.1f} %) |",
        f"| … of which by the words of a title that is markup | {score.by_words:,} |",
        f"| … of which that markup has no words, as an image: they show little | {score.wordless:,} |",
        *(f"| not covered: {what} | {count:,} |" for what, count in score.excluded.most_common()),
    ]  # fmt: skip
    return "\n".join(lines)


def expectation(comment: str) -> ast.Expression | None:
    found = re.search(r"Expect:\s*(.+?)\s*(?:\n|-->)", comment, re.DOTALL)
    try:
        return ast.parse(json_words(found[1]), mode="eval") if found else None
    except SyntaxError:
        return None


def json_words(expected: str) -> str:
    """In the one JSON file the comment is a string that goes on behind the expectation."""
    return expected.removesuffix('",').strip()


def header(comment: str, name: str) -> str:
    found = re.search(rf"Header:\s*{name}:\s*(.*?)\s*\n", comment, re.IGNORECASE)
    return found[1] if found else "application/xml"


def address(comment: str, name: str) -> str:
    found = re.search(r"Header:\s*Content-Location:\s*(\S+)", comment, re.IGNORECASE)
    if found:
        place = urljoin(SERVER, found[1])
        return place if place.startswith("http") else SERVER
    return SERVER + name if "Header:" in comment or SERVER in comment else ""


def paths(node: ast.AST) -> Iterator[str]:
    """What an expression asks for, as in `entries.#.title`."""
    if isinstance(node, ast.Call):
        yield path(node.func)
        for argument in node.args:
            if not (isinstance(node.func, ast.Attribute) and isinstance(argument, ast.Constant)):
                yield from paths(argument)
    elif isinstance(node, ast.Subscript | ast.Attribute | ast.Name):
        yield path(node)
    else:
        for child in ast.iter_child_nodes(node):
            yield from paths(child)


def path(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{path(node.value)}.{node.attr}"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        key = node.slice.value
        return f"{path(node.value)}.{'#' if isinstance(key, int) else key}"
    return "?"


def named(asked: list[str]) -> str:
    for what, pattern in CLASSES:
        if any(re.search(pattern, one) for one in asked):
            return what
    return "other single fields (licence, expiry, whether an id is an address …)"


def view(feed: Feed) -> dict[str, Any]:
    """Purport's record under feedparser's names."""
    versions = {words: name for name, words in SUPPORTED_VERSIONS.items()}
    return {
        "bozo": bool(feed.gaps),
        "version": versions.get(feed.kind, ""),
        "feed": present(title=feed.title, link=feed.home, title_detail={"value": feed.title}),
        "entries": [entry(one) for one in feed.listed],
    }


def entry(one: Listed) -> dict[str, Any]:
    moments = moment_of(one.published, SEEN)
    parsed = tuple(moments[0].start.utctimetuple()) if moments else ()
    files = [{"href": file, "url": file} for file in one.media]
    return present(
        id=one.key, guid=one.key, title=one.title, title_detail={"value": one.title}, link=one.url, enclosures=files,
        media_content=files, **dict.fromkeys(DATES, one.published),
        **{f"{name}_parsed": parsed for name in DATES},
    )  # fmt: skip


def present(**fields: Any) -> dict[str, Any]:
    """An empty field of ours is an absent one of feedparser's, but for a title, which it has as empty, too."""
    return {name: value for name, value in fields.items() if value or name == "title"}


class Judge:
    """Evaluates an expectation over a view. It knows constants, names, items, `==`, `and`, `or`, `not`, `len`."""

    def __init__(self, held: dict[str, Any]) -> None:
        self._held = held
        self.by_words = False
        self.wordless = False

    def value(self, node: ast.AST) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self.value(part) for part in parts)
            case ast.Name(id=name):
                return self._held[name]
            case ast.Subscript(value=whole, slice=key):
                return self.value(whole)[self.value(key)]
            case ast.Attribute(value=whole, attr=name):
                return self.value(whole)[name]
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand)
            case ast.BoolOp(op=ast.And(), values=values):
                return all(self.value(value) for value in values)
            case ast.BoolOp(op=ast.Or(), values=values):
                return any(self.value(value) for value in values)
            case ast.Call(func=ast.Name(id="len"), args=[argument]):
                return len(self.value(argument))
            case ast.Call(func=ast.Attribute(value=whole, attr="has_key"), args=[key]):
                return self.value(key) in self.value(whole)
            case ast.Compare(left=left, ops=ops, comparators=others) if all(isinstance(op, ast.Eq) for op in ops):
                return all(self._equal(part, others[-1]) for part in (left, *others[:-1]))
        raise UnknownError(ast.unparse(node))

    def _equal(self, left: ast.AST, right: ast.AST) -> bool:
        ours, expected = self.value(left), self.value(right)
        if not path(left).endswith(TITLE) or not isinstance(expected, str):
            return bool(ours == expected)
        if ours == " ".join(expected.split()):
            return True
        words = words_of(expected)
        self.by_words = ours == words and bool(re.search("[<&]", expected))
        self.wordless = self.by_words and not words
        return self.by_words


def words_of(markup: str) -> str:
    """The words of some HTML, by the standard library."""
    pieces: list[str] = []
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = pieces.append  # type: ignore[method-assign]
    parser.feed(markup)
    parser.close()
    return " ".join("".join(pieces).split())


if __name__ == "__main__":
    main()
