"""robots.txt by RFC 9309: who may fetch what, how slowly, and what no answer means."""

import pytest

from purport.collect.robots import DELAY, SIZE, read_robots, robots_at

TEXT = b"""\
# the Harbour Gazette
User-agent: *
Disallow: /private/
Disallow: /*.pdf$
Allow: /private/statements/
Crawl-delay: 2.5

User-agent: purport
User-agent: otherbot
Disallow: /drafts
Crawl-delay: 7

Sitemap: https://gazette.example/sitemap.xml
Sitemap: /news.xml
Sitemap: file:///etc/passwd
"""
SITE = "https://gazette.example"


def test_our_own_group_counts_and_not_that_of_all() -> None:
    rules = read_robots(200, TEXT, f"{SITE}/robots.txt")
    assert not rules.allow(f"{SITE}/drafts/1")
    assert rules.allow(f"{SITE}/private/1")
    assert rules.delay == 7.0
    assert rules.sitemaps == (f"{SITE}/sitemap.xml", f"{SITE}/news.xml")


def test_the_longest_match_wins_and_wildcards_are_understood() -> None:
    rules = read_robots(200, TEXT, agent="somebody")
    assert not rules.allow(f"{SITE}/private/1")
    assert rules.allow(f"{SITE}/private/statements/1")
    assert not rules.allow(f"{SITE}/a/paper.pdf")
    assert rules.allow(f"{SITE}/a/paper.pdf?page=2")
    assert rules.delay == 2.5


def test_the_name_in_our_user_agent_is_the_name_that_rules_use() -> None:
    from purport.edges.fetch import USER_AGENT

    assert not read_robots(200, TEXT, agent=USER_AGENT).allow(f"{SITE}/drafts/1")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 301, 302])
def test_who_has_no_robots_txt_allows_everything(status: int) -> None:
    rules = read_robots(status, b"User-agent: *\nDisallow: /")
    assert rules.answered
    assert rules.allow(f"{SITE}/drafts/1")


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503, 599])
def test_who_can_not_answer_allows_nothing_for_now(status: int) -> None:
    rules = read_robots(status, b"")
    assert not rules.answered
    assert not rules.allow(f"{SITE}/")
    assert rules.allow(f"{SITE}/robots.txt")


@pytest.mark.parametrize(
    "data",
    [b"", b"\xef\xbb\xbf", b"<!doctype html><p>Not found</p>", b"\xff\xfe\x00", b"Disallow: /", b"User-agent: *"],
)
def test_a_text_that_asks_nothing_allows_everything(data: bytes) -> None:
    assert read_robots(200, data).allow(f"{SITE}/a")


def test_marks_zeros_and_line_ends_hide_no_rule() -> None:
    rules = read_robots(200, b"\xef\xbb\xbfUser-agent: *\rDisallow: /a\x00\r\nDisallow: /b")
    assert [rules.allow(f"{SITE}/{path}") for path in "abc"] == [False, False, True]


def test_what_stands_beyond_the_limit_is_not_read_and_no_half_line_is() -> None:
    head = b"User-agent: *\nDisallow: /first\n"
    rest = b"#" * (SIZE - len(head) - 12) + b"\nDisallow: /second\nDisallow: /third\n"
    rules = read_robots(200, head + rest)
    assert not rules.allow(f"{SITE}/first")
    assert rules.allow(f"{SITE}/sec")
    assert rules.allow(f"{SITE}/third")


@pytest.mark.parametrize(
    ("said", "kept"), [(b"nan", 0.0), (b"-3", 0.0), (b"soon", 0.0), (b"1e9", DELAY), (b"0.5", 0.5)]
)
def test_delays_are_sane(said: bytes, kept: float) -> None:
    assert read_robots(200, b"User-agent: *\nCrawl-delay: " + said).delay == kept


def test_groups_of_others_stay_apart() -> None:
    text = b"User-agent: a\nUser-Agent: b # and c\n\nUser-agent: *\nDisallow: /x\nUser-agent: d\nDisallow: /y\n"
    text += b"useragent PURPORT*\n"
    rules = read_robots(200, text + b"User agent : e\nDisallow: /z")
    assert [rules.allow(f"{SITE}/{path}") for path in "xyz"] == [True, True, False]
    rules = read_robots(200, text + b"Disallow: /z", agent="somebody")
    assert [rules.allow(f"{SITE}/{path}") for path in "xyz"] == [False, True, True]


def test_thousands_of_agents_and_rules_are_no_flood() -> None:
    """Each rule is written down for each agent of its group: 160 million, if those of others were kept."""
    agents = b"".join(b"User-agent: a%d\n" % n for n in range(20_000))
    rules = read_robots(200, agents + b"User-agent: purport\n" + b"Disallow: /%d\n" * 8_000)
    assert not rules.allow(f"{SITE}/%d")


def test_where_the_rules_stand() -> None:
    assert robots_at("https://me:pw@gazette.example:8443/a/b?c#d") == "https://gazette.example:8443/robots.txt"
