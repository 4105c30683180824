"""The page: every word in its place, every link leads somewhere, nothing runs and nothing is fetched."""

import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from brief_samples import CLOCK, Hand, a_report, release, story
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from purport.brief import FORMS, build
from purport.brief.highlight import Mark, highlight
from purport.core.records import gap

render = FORMS["html"]
HOSTILE = '</title></style><script>alert(1)</script><img src=x onerror="alert(1)"> & {{ 7*7 }}'


class Page(HTMLParser):
    """The elements of a page, as (name, attributes); fails on what doesn't nest."""

    VOID = ("meta", "path", "rect", "circle", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]


def content(markup: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", markup))


def hostile_page() -> str:
    text = f"{HOSTILE} said \x1b[31m[red]so[/red].\r\nقال الوزير إن الجسر مفتوح\n" + "x" * 5000
    report, capture = a_report(
        text, title=HOSTILE, outlet=HOSTILE, byline=HOSTILE, url="javascript:alert(1)", place=HOSTILE
    )
    hand = Hand(report)
    hand.says(HOSTILE, "said", "\x1b[31m[red]so[/red]", target=HOSTILE, kind=HOSTILE)
    return render(build([(report, hand.reading())], [capture], [gap(HOSTILE, HOSTILE, HOSTILE, HOSTILE, CLOCK)], CLOCK))


marks = st.builds(
    Mark,
    st.integers(-3, 60),
    st.integers(-3, 60),
    st.sampled_from(["source", "cue", "content"]),
    st.integers(1, 5),
    st.sampled_from(["", "distanced", "distanced denial"]),
)
note = Markup('<a class="ref" href="#c1" data-n="1" aria-label="Claim 1"></a>')


@given(
    st.text(max_size=60) | st.text("ab \n\r&<>\"'", max_size=60),
    st.lists(marks, max_size=9),
    st.lists(st.integers(-2, 70)),
)
def test_any_text_with_any_marks_keeps_its_every_character(text: str, found: list[Mark], at: list[int]) -> None:
    shown = highlight(text, found, {i: [note] for i in at})
    assert content(shown) == text
    assert shown.count('class="ref"') == len(set(at))
    Page(shown)


@given(st.text("ab \n", min_size=1, max_size=40), st.lists(marks, max_size=6))
def test_every_marked_character_says_what_it_is_to_whom(text: str, found: list[Mark]) -> None:
    at = 0
    classes = claims = ""
    for tag, words in re.findall(r"(<[^>]*>)|([^<]+)", highlight(text, found, {})):
        if tag:
            opened = re.fullmatch(r'<span class="([^"]*)" data-c="([^"]*)">', tag)
            classes, claims = opened.groups() if opened else ("", "")
        for _ in words:
            here = [m for m in found if m.start <= at < m.end]
            assert {m.role for m in here} == {"source", "cue", "content"} & set(classes.split())
            assert {str(m.claim) for m in here} == set(claims.split())
            at += 1
    assert at == len(text)


def test_overlapping_marks_nest_without_crossing() -> None:
    shown = highlight("He said she lied", [Mark(0, 11, "source", 1), Mark(8, 16, "content", 2)], {})
    assert shown == (
        '<p dir="auto"><span class="source" data-c="1">He said </span>'
        '<span class="source content" data-c="1 2">she</span><span class="content" data-c="2"> lied</span></p>'
    )


def test_the_stored_texts_are_on_the_page_unchanged() -> None:
    brief = story()
    page = render(brief)
    shown = re.findall(r'<div class="text" lang="en">(.*?)</div>', page, re.S)
    assert [content(part) for part in shown] == [entry.report.text for entry in brief.entries]


def test_every_link_stays_on_the_page_and_leads_somewhere_once() -> None:
    for page in (Page(render(story())), Page(hostile_page())):
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        assert page.values("href")
        assert {href.removeprefix("#") for href in page.values("href")} <= set(ids)


def test_a_claim_and_its_words_lead_to_each_other() -> None:
    page = Page(render(story()))
    refs = {(a["id"], a["href"]) for tag, a in page.elements if a.get("class") == "ref"}
    numbers = {
        (a["href"], "#" + str(a["href"])[1:].replace("w", "c")) for _, a in page.elements if a.get("class") == "no"
    }
    assert len(refs) == len(numbers) == 29
    assert {("#" + str(id), href) for id, href in refs} == numbers


def test_only_its_own_style_and_script_may_run_and_nothing_is_fetched() -> None:
    for text in (render(story()), hostile_page()):
        page = Page(text)
        (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
        assert policy and policy.startswith("default-src 'none'; ")
        for kind in ("style", "script"):
            (inline,) = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.S)
            allowed = "sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
            assert f"{kind}-src '{allowed}'" in policy
            assert "url(" not in inline and "@import" not in inline
        names = {name for _, attrs in page.elements for name in attrs}
        assert not {n for n in names if n.startswith("on")} | names & {"style", "src", "srcset", "data", "action"} - {
            None
        }
        assert {tag for tag, _ in page.elements}.isdisjoint(
            {"img", "iframe", "object", "embed", "link", "base", "form"}
        )


def test_words_of_a_report_stay_words() -> None:
    page = hostile_page()
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "49" not in re.findall(r"<h1.*?</h1>", page)[0]
    assert html.escape(HOSTILE, quote=False).split("&lt;img")[0] in page


@pytest.mark.parametrize("mark", ["≈", "≠", "="])
def test_marks_are_said_in_words_too(mark: str) -> None:
    report, capture = a_report("It claims a. It denied b. It showed c.")
    hand = Hand(report)
    hand.says("It", "claims", "a", stance="distanced")
    hand.says("It", "denied", "b", "deny")
    hand.says("It", "showed", "c", stance="endorsed")
    page = render(build([(report, hand.reading())], [capture], [], CLOCK))
    word = {"≈": "distanced", "≠": "denial", "=": "endorsed"}[mark]
    assert f'<span class="sign" aria-hidden="true">{mark}</span> {word}</span>' in page


def test_chains_that_begin_alike_are_drawn_once() -> None:
    hand, capture = release()
    page = render(build([(hand.report, hand.reading())], [capture], [], CLOCK))
    (drawing,) = re.findall(r"<svg.*?</svg>", page, re.S)
    labels = [content(t).strip("\u2068\u2069") for t in re.findall(r'<text class="who".*?</text>', drawing)]
    assert labels[0] == "Harbour Wire"
    assert labels.count("the narrator") == 1
    assert labels.index("Coast Monitor") < labels.index("the video") < labels.index("the narrator")
    assert drawing.count('class="edge far"') == 3  # the three that are only ever put at a distance


def test_gaps_are_listed_with_the_report_they_concern() -> None:
    page = render(story())
    assert "Gaps in this report" in page
    assert page.count("none was chosen") == 2  # beside its report and in the list of all
    assert page.count("This file is an image") == 1
