"""All pages of the desk, found by walking: every address that answers a GET with a page, each with an example or two.

A new page is walked as soon as a page that is walked leads to it. One to which nothing leads is told of.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from litestar.testing import TestClient

from purport.desk.app import application, build
from purport.desk.premises import Premises

EXAMPLES = 2  # of each page: two reports, two claims, two films on each rung, …
MACHINES = ("/api", "/static", "/metrics")  # answers for programs, files
BESIDE = (  # what no link leads to in just this way: a search that finds, one that doesn't, nothing at all
    *("/search?words=ministry", "/search?words=zebra", "/search?since=soon", "/nowhere"),
    *("/search?act=deny", "/gaps?cause=empty"),
)


def templates(here: Premises) -> dict[str, re.Pattern[str]]:
    """The desk's addresses that may be a page, as its router has them, each with what matches it."""
    found = {}
    for route in application(here).routes:
        path = route.path_format
        if "GET" in getattr(route, "methods", ()) and not path.startswith(MACHINES):
            found[path] = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path))
    return found


def walk(here: Premises, always: Sequence[str] = ()) -> tuple[list[str], set[str]]:
    """Addresses of pages to look at, some of them `always`, and templates of pages that no link led to."""
    known, examples = templates(here), Counter[str]()
    reached: set[str] = set()
    plain = [path for path in known if "{" not in path]
    named = {*BESIDE, *always}
    waiting, seen, pages = [*plain, *BESIDE, *always], set[str](), list[str]()
    with TestClient(build(here), base_url="http://127.0.0.1") as client:
        while waiting:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            path = address.partition("?")[0]
            template = next((one for one, match in known.items() if match.fullmatch(path)), "")
            kind = template + "".join(re.findall(r"step=\w+", address))
            if address not in named and (not template or examples[kind] >= EXAMPLES):
                continue
            answer = client.get(address, follow_redirects=False)
            reached.add(template)
            if answer.status_code < 500 and answer.headers.get("content-type", "").startswith("text/html"):
                examples[kind] += address not in named
                pages.append(address)
                waiting += links(answer.text)
    return pages, known.keys() - reached


def page_of(address: str, here: Premises) -> str:
    """The template that an address goes by; itself if there is none."""
    path = address.partition("?")[0]
    return next((one for one, match in templates(here).items() if match.fullmatch(path)), path)


def links(page: str) -> Iterator[str]:
    for kind in ("href", "src"):
        for found in re.findall(rf'{kind}="(/[^"#]*)', page):
            yield found.replace("&amp;", "&")
