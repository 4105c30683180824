"""Three hosts share one ledger; one is killed and one is cut off in the middle. The transcript stands in docs/work.md.

    sudo .venv/bin/python scripts/three_hosts.py      (Linux; needs ip of iproute2 and Debian's postgresql)

The hosts are network namespaces of this machine, each with a name and a wire of its own to a bridge. Behind the bridge
are PostgreSQL and six outlets, invented, which take a moment for each answer. The folder of archives is shared, as it
would be over NFS. The commands are those that anybody types, and what they print is what they print.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from purport.core.work import Work
from purport.edges.ledgers import open_ledger
from purport.ledger import View
from purport.wiring import Config
from purport.wiring.working import open_engine, open_tools

NAMES = ("arn", "birk", "calder")
OUTLETS, PATIENCE = 6, 5
PORT, DATABASE = 8731, 5432
PURPORT = (sys.executable, "-c", "from purport.cli import main; main()")
ARTICLE = """<html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The harbour office at {place} said on Tuesday that berth {number} would stay shut until the ice is gone.</p>
<p>“We have counted {number} boats, and none of them is ours,” Ilva Marrant, a dock worker, said.</p>
<p>The ferry company told reporters that {number} passengers had reached the pier at {place}.</p>
<p>A video purportedly shows how the pier was closed. It was released by the dockers’ union of {place}.</p>
</article></body></html>"""
PLACES = ("Vestra", "Port Ansel", "Karrow", "Omal", "Dunhaven", "Sarrat")


class UnableError(Exception):
    """This machine can't make such hosts; says why."""


@dataclass
class Room:
    """The bridge, what is behind it, and the hosts."""

    folder: Path
    net: str  # the first three numbers of the addresses
    tag: str  # of the names of namespaces and wires
    articles: int  # of each outlet
    pause: float  # seconds that an outlet takes for an answer
    asked: Counter[str] = field(default_factory=Counter)  # addresses, by how often they were asked for
    hosts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def ledger(self) -> str:
        return f"postgresql+psycopg://desk@{self.net}.1:{DATABASE}/desk"

    def environment(self, who: str) -> dict[str, str]:
        told = {
            "PURPORT_LEDGER": self.ledger,
            "PURPORT_ENGINE": "jobs:",
            "PURPORT_WHO": f"desk@{who}",
            "COLUMNS": "110",
        }
        return {**os.environ, **told, "OMP_NUM_THREADS": "1"}

    def run(self, *words: str) -> str:
        """What a command prints on this side of the bridge."""
        done = subprocess.run((*PURPORT, *words), cwd=self.folder, env=self.environment("newsroom"), timeout=120,
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout + done.stderr

    def work(self, name: str) -> None:
        """Start a worker on a host."""
        inside = ("ip", "netns", "exec", f"{self.tag}{name}", "unshare", "--uts", "sh", "-c")
        command = shlex.join((*PURPORT, "work", "--concurrency", "2", "--patience", str(PATIENCE), "--allow-private"))
        with (self.folder / f"{name}.log").open("ab") as log:
            self.hosts[name] = subprocess.Popen(
                (*inside, f"hostname {name} && exec {command}"),
                cwd=self.folder,
                env=self.environment(name),
                stdout=log,
                stderr=log,
            )

    def wire(self, name: str, state: str) -> None:
        _ip("link", "set", f"{self.tag}{name}", state)

    def standing(self) -> Work:
        config = Config(ledger=self.ledger, engine="jobs:", patience=PATIENCE)
        with open_tools(config) as tools:
            return open_engine(config, tools).standing()

    def left(self) -> int:
        return sum(one.waiting + one.doing for one in self.standing().queues)

    def holding(self, *names: str) -> bool:
        return {hand.host for hand in self.standing().hands if hand.doing} >= set(names)

    def silent(self, name: str) -> bool:
        return all(hand.silent for hand in self.standing().hands if hand.host == name)


def _ip(*words: str) -> None:
    done = subprocess.run(("ip", *words), capture_output=True, text=True)
    if done.returncode:
        raise UnableError(f"ip {' '.join(words)}: {done.stderr.strip()}")


def until(holds: Callable[[], bool], seconds: float = 600.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)


@contextmanager
def room(articles: int = 12, pause: float = 0.4) -> Iterator[Room]:
    """Raises UnableError."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if os.name != "posix" or os.geteuid() or not shutil.which("ip") or not shutil.which("unshare"):
        raise UnableError("namespaces take Linux, its administrator, and the programs ip and unshare")
    if programs is None:
        raise UnableError("PostgreSQL is not installed here")
    folder = Path(tempfile.mkdtemp(prefix="hosts-", dir="/tmp"))
    tag = f"p{os.getpid() % 10_000}"
    made = Room(folder, f"10.77.{os.getpid() % 250}", tag, articles, pause)
    servers: list[ThreadingHTTPServer] = []
    try:
        _bridge(made)
        _database(made, programs)
        servers += [_outlet(made, number) for number in range(OUTLETS)]
        (folder / "sources.toml").write_text("\n".join(map(made_source, [made] * OUTLETS, range(OUTLETS))))
        yield made
    finally:
        for host in made.hosts.values():
            host.kill()
            host.wait()
        for server in servers:
            server.shutdown()
            server.server_close()
        stop = (programs / "pg_ctl", "--pgdata", folder / "data", "--silent", "--mode=immediate", "stop")
        subprocess.run(stop, user="postgres", cwd="/", capture_output=True)
        for name in NAMES:
            subprocess.run(("ip", "netns", "delete", f"{tag}{name}"), capture_output=True)
        subprocess.run(("ip", "link", "delete", f"{tag}br"), capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _bridge(made: Room) -> None:
    bridge = f"{made.tag}br"
    _ip("link", "add", bridge, "type", "bridge")
    for number in (1, *range(21, 21 + OUTLETS)):
        _ip("address", "add", f"{made.net}.{number}/24", "dev", bridge)
    _ip("link", "set", bridge, "up")
    for number, name in enumerate(NAMES, 2):
        space = f"{made.tag}{name}"
        _ip("netns", "add", space)
        _ip("link", "add", space, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("link", "set", space, "master", bridge, "up")
        _ip("-n", space, "address", "add", f"{made.net}.{number}/24", "dev", "eth0")
        _ip("-n", space, "link", "set", "eth0", "up")
        _ip("-n", space, "link", "set", "lo", "up")


def _database(made: Room, programs: Path) -> None:
    shutil.chown(made.folder, "postgres")
    made.folder.chmod(0o755)
    data = made.folder / "data"

    def run(*command: str | Path) -> None:
        subprocess.run(command, user="postgres", cwd=made.folder, check=True, capture_output=True, timeout=120)

    run(programs / "initdb", "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {made.net}.0/24 trust\n")
    settings = f"-c listen_addresses={made.net}.1 -c port={DATABASE} -c unix_socket_directories={made.folder}"
    control = (programs / "pg_ctl", "--pgdata", data, "--silent", "--wait", "--log", made.folder / "pg.log")
    subprocess.run((*control, "--options", settings, "start"), user="postgres", cwd=made.folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)  # fmt: skip
    run(programs / "createdb", "-h", f"{made.net}.1", "-p", str(DATABASE), "-U", "desk", "desk")


def made_source(made: Room, number: int) -> str:
    return (
        f'[[sources]]\nname = "{PLACES[number]} Courier"\nfeed = "http://{made.net}.{21 + number}:{PORT}/feed.xml"\n'
        f'allow_private = true\ndelay = "{made.pause}s"\n'
    )


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Who asked is gone: that is what this is about."""


def _outlet(made: Room, number: int) -> ThreadingHTTPServer:
    address, place = f"{made.net}.{21 + number}", PLACES[number]

    class Outlet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked[f"http://{address}:{PORT}{self.path}"] += 1
            time.sleep(made.pause)
            body, kind = b"", "text/html"
            if self.path == "/feed.xml":
                items = "".join(
                    f"<item><title>Berth {n} at {place}</title><link>http://{address}:{PORT}/{n}</link></item>"
                    for n in range(made.articles)
                )
                body = f'<rss version="2.0"><channel><title>{place}</title>{items}</channel></rss>'.encode()
                kind = "application/rss+xml"
            elif self.path[1:].isdigit():
                title = f"Berth {self.path[1:]} at {place} stays shut"
                body = ARTICLE.format(title=title, place=place, number=self.path[1:]).encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = Quiet((address, PORT), Outlet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@dataclass
class Outcome:
    """What there is at the end."""

    reports: int
    read: dict[str, int]  # reports by how many readings they have
    twice: list[str]  # pages that were asked for more than once
    verified: str
    who: Counter[str]  # entries of the custody log that brought something, by the host that made them


def play(made: Room, say: Callable[[str], None] = lambda line: None) -> Outcome:
    """The whole story; `say` gets the transcript."""

    def command(*words: str, note: str = "") -> None:
        if note:
            say(f"# {note}")
        say(f"newsroom$ purport {shlex.join(words)}")
        say(made.run(*words).strip("\n") + "\n")

    patience = ("--patience", str(PATIENCE))
    command("status", note="A ledger, and nobody who works.")
    command("watch", note=f"{OUTLETS} outlets with {made.articles} articles each: what is due is handed over.")
    say("# A worker on each of three hosts.")
    for name in NAMES:
        say(f"{name}$ purport work --concurrency 2 {' '.join(patience)} --allow-private &")
        made.work(name)
    say("")
    pages = OUTLETS * made.articles
    until(lambda: sum(made.asked.values()) > pages // 4 and made.holding("birk", "calder"))
    command("status", *patience, note="A moment later.")
    say("# birk is killed in the middle of its work, calder's wire is pulled.")
    say("birk$ kill -9 %1")
    made.hosts["birk"].send_signal(signal.SIGKILL)
    say("newsroom$ ip link set calder down\n")
    made.wire("calder", "down")
    until(lambda: made.silent("birk") and made.silent("calder"))
    command("status", *patience, note="Nobody has heard of them for a while: what they held is done by arn.")
    until(lambda: made.left() == 0)
    say("# All is done. The wire is put in again; calder finds that others did its work, and goes on with the rest.")
    say("newsroom$ ip link set calder up\n")
    made.wire("calder", "up")
    until(lambda: not made.silent("calder"))
    command("watch", note="What failed on calder's side meanwhile is due again, if anything did.")
    until(lambda: made.left() == 0)
    command("status", *patience)
    for name in ("arn", "calder"):
        made.hosts[name].terminate()
        made.hosts[name].wait(120)
    for name in NAMES:
        say(f"# What {name} told:")
        say((made.folder / f"{name}.log").read_text().strip("\n") + "\n")
    outcome = judged(made)
    say("# Is all of it there, once, and as it was written?")
    say(f"newsroom$ purport verify\n{outcome.verified}")
    return outcome


def judged(made: Room) -> Outcome:
    engine = open_ledger(made.ledger)
    try:
        view = View(engine)
        read = {report.url: len(list(view.readings(report.id))) for report in view.reports()}
    finally:
        engine.dispose()
    entries = [json.loads(line) for line in made.run("custody", "--json").splitlines()]
    who = Counter(entry["who"] for entry in entries if entry.get("rows"))
    twice = [url for url, times in made.asked.items() if times > 1 and url.rpartition("/")[2].isdigit()]
    return Outcome(len(read), read, twice, made.run("verify"), who)


def main() -> None:
    short = "--short" in sys.argv[1:]
    articles = 4 if short else 12
    try:
        with room(articles) as made:
            outcome = play(made, lambda line: print(line.replace(made.tag, "").rstrip(), flush=True))
    except UnableError as error:
        print(f"three_hosts: {error}", file=sys.stderr)
        sys.exit(77)  # as others say that a test can't be made here
    once = set(outcome.read.values()) == {1}
    by = ", ".join(f"{who} {count}" for who, count in sorted(outcome.who.items()))
    print(
        f"# {outcome.reports} of {OUTLETS * articles} reports, {'each read once' if once else outcome.read}; pages "
        f"asked for twice, since their host went meanwhile: {len(outcome.twice)}; entries in the log: {by}"
    )
    sys.exit(0 if once and outcome.reports == OUTLETS * articles else 1)


if __name__ == "__main__":
    main()
