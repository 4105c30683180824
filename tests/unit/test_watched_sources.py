"""sources.toml: what can be written in it, and what is said of what can't."""

from pathlib import Path

import pytest

from purport.collect.sources import EXAMPLE, read_sources, sources_in
from purport.core.errors import UsageError
from purport.core.watching import Source

FEED = 'feed = "https://gazette.example/rss.xml"\n'


def one(lines: str) -> Source:
    (source,) = sources_in(f'[[sources]]\nname = "Harbour Gazette"\n{lines}')
    return source


def refused(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        sources_in(text)
    return str(caught.value)


def test_the_example_is_valid_and_shows_every_kind() -> None:
    sources = sources_in(EXAMPLE)
    assert {source.kind for source in sources} == {"feed", "page", "sitemap", "folder"}
    assert [source.every for source in sources] == [600.0, 1800.0, 3600.0, 600.0, 600.0]
    assert [source.allow_private for source in sources] == [False, False, False, True, False]


def test_a_source_has_what_core_says_unless_it_says_otherwise() -> None:
    place = "https://gazette.example/rss.xml"
    assert one(FEED) == Source(name="Harbour Gazette", kind="feed", place=place)
    assert one(FEED + 'every="90s"\nmedia=false\nallow_private=true\ndelay="0s"\nagain="never"') == Source(
        name="Harbour Gazette",
        kind="feed",
        place=place,
        every=90.0,
        media=False,
        allow_private=True,
        delay=0.0,
        again=0.0,
    )


@pytest.mark.parametrize(("said", "seconds"), [("30s", 30), ("10m", 600), ("1.5h", 5400), ("2 d", 172800), ("1s", 1)])
def test_times(said: str, seconds: float) -> None:
    assert one(FEED + f'every = "{said}"').every == seconds


@pytest.mark.parametrize("said", ['"10"', "10", '"10 minutes"', '"0s"', '"-1m"', '"1w"', '""', "true", '"999999d"'])
def test_times_that_are_none(said: str) -> None:
    assert 'write a time such as "30s", "10m", "2h" or "1d"' in refused(f'[[sources]]\nname="A"\n{FEED}every = {said}')


def test_defaults_stand_at_the_top() -> None:
    text = f'every = "1h"\nmedia = false\n[[sources]]\nname = "A"\n{FEED}[[sources]]\nname = "B"\npage = "https://b.example"'
    first, second = sources_in(text + '\nevery = "2h"')
    assert (first.every, second.every, first.media, second.media) == (3600.0, 7200.0, False, False)


def test_a_folder_is_sought_from_where_the_file_is(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(
        '\ufeff[[sources]]\nname = "in"\nfolder = "inbox"\n[[sources]]\nname="abs"\nfolder="/srv/in"', "utf-8"
    )
    assert [source.place for source in read_sources(file)] == [str(tmp_path / "inbox"), "/srv/in"]


def test_a_password_is_kept_to_ask_with_and_never_shown() -> None:
    assert one('feed = "https://me:secret@a.example/rss"').place == "https://me:secret@a.example/rss"
    for wrong in ('feed = "ftp://me:secret@a.example/rss"', 'folder = "https://me:secret@a.example/rss"'):
        message = refused(f'[[sources]]\nname="A"\n{wrong}')
        assert "a.example" in message
        assert "secret" not in message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f'name = "Harbour Gazette"\n{FEED}page = "https://b.example"',
         "source 1 (“Harbour Gazette”, line 1) has both feed and page: keep one"),
        (f'name = "G"\n{FEED}page = "https://b.example"\nfolder = "x"', "has feed and page and folder: keep one"),
        ('name = "G"', "says not where it publishes: write one of feed, page, sitemap, folder"),
        (FEED, 'source 1 (line 1) has no name: write name = "…"'),
        (f'name = " "\n{FEED}', "has no name"),
        (f'name = 3\n{FEED}', "has no name"),
        (f'name = "G"\n{FEED}evry = "1m"', "has 'evry', which means nothing: did you mean every?"),
        (f'name = "G"\n{FEED}zebra = 1', "has 'zebra', which means nothing: there are name, feed,"),
        (f'name = "G"\n{FEED}media = "no"', "has media = 'no': write true or false, without quotation marks"),
        ('name = "G"\nfeed = "gazette.example/rss"', 'write feed = "https://gazette.example/rss"'),
        ('name = "G"\nfeed = "file:///etc/passwd"', "is no web address ('file:///etc/passwd')"),
        ('name = "G"\nfeed = ["https://a.example"]', 'has a feed that is no text: write feed = "…"'),
    ],
)  # fmt: skip
def test_faults_name_the_source_and_the_mend(lines: str, message: str) -> None:
    assert message in refused(f"[[sources]]\n{lines}")


def test_all_faults_are_told_at_once_each_with_its_line() -> None:
    text = f'evry = "1m"\n[[sources]]\nname = "A"\n\n[[ sources ]]\nname = "A"\n{FEED}\n[[sources]]\nname = "A"\n{FEED}'
    assert refused(text).splitlines() == [
        "sources.toml: has 'evry' outside the tables of sources, which means nothing: did you mean every?",
        "sources.toml: source 1 (“A”, line 2) says not where it publishes: write one of feed, page, sitemap, folder",
        "sources.toml: source 3 (“A”, line 9) has the same name as source 2: what was seen is kept by name, "
        "so give each its own",
    ]


def test_the_same_address_twice() -> None:
    text = f'[[sources]]\nname = "A"\n{FEED}[[sources]]\nname = "B"\n{FEED}'
    assert "watches the same as source 1 (“A”): keep one" in refused(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no source yet. purport watch --example"),
        ("sources = []", "names no source yet"),
        ("[sources]\nname = 'A'", "each begun by a line [[sources]] with two brackets"),
        ("sources = [3]", "each begun by a line [[sources]]"),
        ("[[sources]\nname = 'A'", "is not TOML"),
        ("name = \n[[sources]]", "(at line 1, column"),
        ("a = " + "[" * 5000, "is not TOML"),
    ],
)
def test_files_that_are_none(text: str, message: str) -> None:
    assert message in refused(text)


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="purport watch --example >"):
        read_sources(tmp_path / "sources.toml")
    (tmp_path / "latin").write_bytes(b'name = "\xe9"')
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_sources(tmp_path / "latin")
    with pytest.raises(UsageError, match="can't be read"):
        read_sources(tmp_path)
