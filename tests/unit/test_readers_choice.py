"""Which reader reads: the one in the wheel unless an endpoint is asked for, and then nothing but what was asked."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from model_samples import WordModel

from purport.cli import main
from purport.core.errors import UsageError
from purport.edges.endpoint import EndpointReader
from purport.read.reader import ClaimReader
from purport.wiring import Config, chosen_reader, open_house

TEXT = "The mayor said the boats sank. It was a grey day, and people went home early for once.\n"
URL = "http://127.0.0.1:8000/v1"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.Request]:
    """Every HTTP request that anything makes; all are answered with one attribution."""
    requests: list[httpx2.Request] = []

    def handle(transport: httpx2.HTTPTransport, request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        given = {"attributions": [{"source": "The mayor", "cue": "said", "content": ["the boats sank"]}]}
        body = json.dumps({"choices": [{"message": {"content": json.dumps(given)}}]}).encode()
        return httpx2.Response(200, stream=httpx2.ByteStream(body))

    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", handle)
    return requests


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PURPORT_READER", "PURPORT_READER_MODEL", "PURPORT_READER_KEY", "PURPORT_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("purport.wiring.open_reader", lambda threads=0: ClaimReader(WordModel()))
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def read(article: Path, *options: str, **env: str) -> Any:
    return CliRunner().invoke(main, ["read", "--json", str(article), *options], env=env, catch_exceptions=False)


def test_by_default_nothing_is_sent_anywhere(article: Path, sent: list[httpx2.Request]) -> None:
    result = read(article)
    assert json.loads(result.stdout)["text"]["content"] == "boats sank"
    assert sent == []


def test_a_model_and_a_key_alone_switch_nothing_on(article: Path, sent: list[httpx2.Request]) -> None:
    read(article, "--reader-model", "orla-8b", PURPORT_READER_KEY="sk-7719", PURPORT_READER_MODEL="orla-8b")
    assert sent == []
    assert isinstance(chosen_reader(Config(reader_model="orla-8b", reader_key="sk-7719")), ClaimReader)


@pytest.mark.parametrize("by_environment", [False, True])
def test_an_endpoint_is_asked_when_it_is_asked_for(
    article: Path, sent: list[httpx2.Request], by_environment: bool
) -> None:
    if by_environment:
        result = read(
            article, PURPORT_READER=f"endpoint:{URL}", PURPORT_READER_MODEL="orla", PURPORT_READER_KEY="sk-7719"
        )
    else:
        result = read(article, "--reader", f"endpoint:{URL}", "--reader-model", "orla", PURPORT_READER_KEY="sk-7719")
    assert json.loads(result.stdout)["text"]["content"] == "the boats sank"
    (request,) = sent
    assert str(request.url) == f"{URL}/chat/completions"
    assert request.headers["authorization"] == "Bearer sk-7719"
    read(article, "--reader", f"endpoint:{URL}", "--reader-model", "orla")  # known: looked up, not asked again
    assert len(sent) == 1


def test_the_key_stays_out_of_the_ledger_and_of_what_is_printed(article: Path, sent: list[httpx2.Request]) -> None:
    result = read(article, "--reader", f"endpoint:{URL}", "--reader-model", "orla", PURPORT_READER_KEY="sk-7719")
    assert sent
    assert "sk-7719" not in result.output
    for path in article.parent.rglob("*"):
        assert not path.is_file() or b"sk-7719" not in path.read_bytes()
    assert "sk-7719" not in repr(Config(reader_key="sk-7719"))


def test_commands_that_only_look_ask_nobody(article: Path, sent: list[httpx2.Request]) -> None:
    read(article)
    env = {"PURPORT_READER": f"endpoint:{URL}", "PURPORT_READER_MODEL": "orla"}
    for command in (["claims"], ["gaps"], ["search", "boats"]):
        assert CliRunner().invoke(main, command, env=env, catch_exceptions=False).exit_code == 0
    assert sent == []


@pytest.mark.parametrize(
    ("reader", "mend"),
    [("openai", "built-in"), ("http://me:secret@127.0.0.1", "endpoint:http"), ("endpoint:", "endpoint:http")],
)
def test_a_reader_that_is_none_is_refused_before_a_ledger_is_made(tmp_path: Path, reader: str, mend: str) -> None:
    with pytest.raises(UsageError, match=mend) as refused:
        open_house(Config(ledger=f"sqlite:///{tmp_path / 'purport.db'}", reader=reader, reader_model="orla"))
    assert "secret" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_an_endpoint_reader_is_what_the_config_says() -> None:
    reader = chosen_reader(Config(reader=f"endpoint:{URL}", reader_model="orla-8b"))
    assert isinstance(reader, EndpointReader)
    assert "127.0.0.1:8000/orla-8b" in reader.version
