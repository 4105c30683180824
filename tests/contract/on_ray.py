"""A program that has files done by workers on Ray which die over some of them, and tells what came of it, as JSON.

`python on_ray.py FOLDER`; a file called `twice` kills its worker the first time, `poison` each time.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc

from purport.core.bulk import Input, Receipt
from purport.core.errors import EvidenceError
from purport.core.ports import Told
from purport.edges.rays import rays
from purport.wiring import SystemClock


def asked(address: str, token: str) -> str:
    """What Ray's head answers to whoever asks for its nodes with a token: a gRPC status."""
    with grpc.insecure_channel(address) as channel:
        ask = channel.unary_unary("/ray.rpc.NodeInfoGcsService/GetAllNodeInfo")
        try:
            ask(b"", metadata=(("authorization", f"Bearer {token}"),) if token else (), timeout=60)
        except grpc.RpcError as error:
            return str(error.code().name)
        return "OK"


class Dying:
    """A hand that is opened once a worker, and counts that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / f"opened-{os.getpid()}").touch()

    def do(self, input: Input, told: Told) -> Receipt:
        name, before = input.place, self._folder / f"tried-{input.place}"
        if name == "poison" or (name == "twice" and not before.exists()):
            before.touch()
            os._exit(9)
        if name == "full":
            raise EvidenceError("There is no room.")
        return Receipt(input=input, rows={"process": os.getpid()})


def open_hand(job: bytes) -> Dying:
    return Dying(Path(job.decode()))


def processes() -> Iterator[int]:
    """Those of this Ray: no other one has its token."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"RAY_AUTH_TOKEN={os.environ['RAY_AUTH_TOKEN']}".encode() in (folder / "environ").read_bytes():
                yield int(folder.name)
        except OSError:
            continue


def listening() -> dict[str, str]:
    """The addresses at which they listen, by the sockets' numbers."""
    mine = set()
    for process in processes():
        for link in Path(f"/proc/{process}/fd").glob("*"):
            try:
                mine.add(str(link.readlink()))
            except OSError:
                continue
    found = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in mine:
                raw = bytes.fromhex(fields[1].partition(":")[0])
                turned = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
                found[fields[9]] = socket.inet_ntop(socket.AF_INET6 if len(raw) == 16 else socket.AF_INET, turned)
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    names = ["a", "b", "twice", "c", "poison", "d"]
    with rays("on_ray:open_hand", str(folder).encode(), "", 2, SystemClock()) as crew:
        import ray

        receipts = list(crew.work([Input(place=one, address=f"/{one}", size=1) for one in names], lambda _: None))
        address = ray.get_runtime_context().gcs_address
        opened = len(list(folder.glob("opened-*")))
        where = sorted(set(listening().values()))
        answers = [asked(address, token) for token in ("", "f" * 64, os.environ["RAY_AUTH_TOKEN"])]
        raised = ""
        try:
            list(crew.work([Input(place="full", address="/full", size=1)], lambda _: None))
        except EvidenceError as error:
            raised = str(error)
    done = {one.input.place: [fault.cause for fault in one.faults] for one in receipts}
    told = {"done": done, "opened": opened, "listening": where, "answers": answers, "raised": raised}
    for _ in range(100):
        if not (left := len(list(processes()))):  # this one was begun without the token
            break
        time.sleep(0.1)
    told["left"] = left
    print(json.dumps(told))


if __name__ == "__main__":
    main()
