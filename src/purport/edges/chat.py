"""Asks a language model at an address that speaks the chat part of OpenAI's HTTP interface, within bounds.

The interface: https://platform.openai.com/docs/api-reference/chat/create. vLLM, llama.cpp, Ollama, LM Studio and
others have it; not all know every parameter, so what one refuses is asked for without.
"""

import ipaddress
import time
from http import HTTPStatus
from typing import Any

import httpx2
import msgspec
import stamina

from purport.collect.inflate import BodyError, inflate
from purport.core.errors import FetchError, UsageError
from purport.edges.addresses import is_public
from purport.edges.retries import tell_retries
from purport.read.verbatim import AnswerError

LARGEST = 1_000_000  # bytes of an answer, unpacked
CONNECT = 10.0  # seconds until there must be a connection
_TRIES = 3
_BUSY = (408, 429, 500, 502, 503, 504)  # answers worth a second try
_REFUSED = (400, 422)  # what endpoints say to a parameter they don't know
_TRANSIENT = (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.ConnectTimeout)


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class _BusyError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Chat:
    """One model behind one address. `url` is the interface's base, as in http://127.0.0.1:8000/v1.

    It may lead to one's own machine or network, since it was given by hand; redirects are not followed, so that
    neither text nor key goes elsewhere. `key` is in no message. `shape` is a JSON schema that answers should have.
    `seconds` are for one answer with its second tries. `transport` answers instead of the network, for tests.
    Raises UsageError when url, model or key can't be used.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: str,
        shape: dict[str, Any],
        seconds: float,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._url, self._key, self._model = _address(url, key), _checked(key), model.strip()
        if not self._model or not self._model.isprintable():
            raise UsageError("An endpoint needs the name of its model: --reader-model or PURPORT_READER_MODEL.")
        self._seconds = seconds
        shaped = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": shape}}
        self._wishes: tuple[dict[str, Any], ...] = (  # in the order they are tried
            {"temperature": 0, "response_format": shaped},
            {"temperature": 0, "response_format": {"type": "json_object"}},
            {"temperature": 0},
            {},
        )
        self._refused = 0  # how many of these the endpoint is known not to take
        self._transport = transport
        tell_retries()

    @property
    def name(self) -> str:
        """Host and model, as in `127.0.0.1:8000/llama-3`."""
        return f"{self._url.netloc.decode('ascii')}/{self._model}"

    def client(self) -> httpx2.Client:
        """A set of connections, to be closed after use; several threads may ask through one."""
        headers = {"Accept-Encoding": "gzip, deflate", "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        timeout = httpx2.Timeout(self._seconds, connect=min(CONNECT, self._seconds))
        return httpx2.Client(transport=self._transport, headers=headers, timeout=timeout, trust_env=False)

    def answer(self, client: httpx2.Client, system: str, text: str) -> str:
        """The model's words about a text, asked for through a `client()`.

        Raises FetchError when there was no answer, with the cause fetch, timeout or http-status, and AnswerError
        when there was one that is too large, cut off or no completion.
        """
        deadline = time.monotonic() + self._seconds
        try:
            for attempt in stamina.retry_context(
                on=(*_TRANSIENT, _BusyError), attempts=_TRIES, timeout=self._seconds, wait_initial=0.5, wait_max=5.0
            ):
                with attempt:
                    return _words(self._post(client, system, text, deadline))
        except _BusyError as error:
            raise FetchError(f"{self._url} answered {_named(error.status)}; try again later.", "http-status") from None
        except httpx2.TimeoutException:
            message = f"{self._url} did not answer in full within {self._seconds:g} seconds; try again later."
            raise FetchError(message, "timeout") from None
        except httpx2.HTTPError as error:
            why = self._without_key(str(error)) or type(error).__name__
            raise FetchError(f"{self._url} can't be reached ({why}); is it running, is the address right?") from None
        raise AssertionError("retrying ends with an answer or an error")

    def _post(self, client: httpx2.Client, system: str, text: str, deadline: float) -> bytes:
        """The body of an answer, whole and within bounds."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": text}]
        for wishes in range(self._refused, len(self._wishes)):
            asked = {"model": self._model, "messages": messages, "stream": False} | self._wishes[wishes]
            with client.stream("POST", self._url, content=msgspec.json.encode(asked)) as response:
                body = _body(response, deadline)
                status = response.status_code
            if response.is_success:
                self._refused = wishes
                return body
            if status in _BUSY:
                raise _BusyError(status)
            if status not in _REFUSED:
                break
        raise FetchError(f"{self._url} answered {_named(status)}{self._said(body)}; {_mend(status)}.", "http-status")

    def _said(self, body: bytes) -> str:
        """What the endpoint itself says of its refusal, in brackets."""
        said = self._without_key(body[:2_000].decode(errors="replace"))
        return f" ({said})" if said else ""

    def _without_key(self, said: str) -> str:
        said = said.replace(self._key, "[key]") if self._key else said
        return " ".join(said.split())[:200]


def _address(url: str, key: str) -> httpx2.URL:
    """Where completions are asked for. Raises UsageError."""
    try:
        base = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        base = httpx2.URL("")
    if base.scheme not in ("http", "https") or not base.host or base.query or base.fragment:
        raise UsageError("An endpoint is written endpoint:http://HOST:PORT/v1, the base of its interface, without “?”.")
    if base.userinfo:
        raise UsageError("Leave name and password out of the endpoint's address: a key comes from PURPORT_READER_KEY.")
    if key and base.scheme == "http" and not _near(base.host):
        raise UsageError(f"With a key, {base.host} is asked over https only: over http others can read the key.")
    path = base.path.rstrip("/").removesuffix("/chat/completions")
    return base.copy_with(path=f"{path}/chat/completions")


def _near(host: str) -> bool:
    """Is this one's own machine or network, as far as the name alone says?"""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host
    return not is_public(host)


def _checked(key: str) -> str:
    if not (key.isascii() and key.strip().isprintable()):
        raise UsageError("The key in PURPORT_READER_KEY holds characters that no header takes; see how it is set.")
    return key.strip()


def _body(response: httpx2.Response, deadline: float) -> bytes:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > LARGEST:
            raise AnswerError("too-large", f"the answer is larger than {LARGEST:,} bytes")
        if time.monotonic() > deadline:
            raise httpx2.ReadTimeout("the time for the whole answer is over")
    try:
        return inflate(bytes(body), response.headers.get("content-encoding", ""), LARGEST)
    except BodyError as error:
        raise AnswerError(error.cause, "the answer's compression is broken or hides too much") from error


def _words(body: bytes) -> str:
    """The model's words in a completion. Raises AnswerError."""
    try:
        choices = msgspec.json.decode(body, type=_Completion).choices
    except msgspec.ValidationError as error:
        raise AnswerError("wrong-shape", f"the answer is no chat completion ({error})") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AnswerError("not-json", f"the answer is no JSON ({error})") from None
    if not choices or not choices[0].message.content:
        raise AnswerError("wrong-shape", "the answer holds no words of the model")
    if choices[0].finish_reason == "length":
        raise AnswerError("truncated", "the model stopped in the middle of its answer; let it write more tokens")
    return choices[0].message.content


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _mend(status: int) -> str:
    if 300 <= status < 400:
        return "redirects are not followed: give the final address"
    return {
        401: "check PURPORT_READER_KEY",
        403: "check PURPORT_READER_KEY",
        404: "check the address and the model's name",
    }.get(status, "see what the endpoint asks for")
