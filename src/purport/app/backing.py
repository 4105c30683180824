"""Backups as people ask for them: of the ledger and all that it refers to; and all of it made again from one."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from purport.app.proving import Check, Vault, hold
from purport.core.backups import Backup, Filed
from purport.core.custody import Deed, Verified
from purport.core.errors import EvidenceError, PurportError, UsageError
from purport.core.ids import digest
from purport.core.ports import Blobs, Clock, Told
from purport.preserve import backup as backups

Copy: TypeAlias = Callable[[Path, Path, Told], None]  # a database as it stands at one moment, into a file
Bring: TypeAlias = Callable[[Path, Told], None]  # a served ledger into a file, new or of an earlier moment
Write: TypeAlias = Callable[[Path, bytes], None]  # a file that is there whole or not at all
LEDGER, BLOBS = "ledger", "blobs"  # the latter is the list of what is kept under digests
ROOM = ".copying"  # in a folder with backups, for databases while they are copied
STAGE, READY = ".restoring", "ready"  # where files are made again before they get their names; all of them are there
_MEND = "Mend its permissions or free some space, and run the same command again: what was copied is not copied again."


@dataclass(frozen=True, slots=True)
class Places:
    """Where a ledger is and what lies beside it, by the names of these things in a backup."""

    databases: Mapping[str, Path]  # the ledger, and what can only be copied as a database
    files: Mapping[str, Path]
    folders: Mapping[str, Path]

    def all(self) -> Mapping[str, Path]:
        """In the order in which they are made again: the ledger last, for without it nothing else counts."""
        return {**self.files, **self.folders, **dict(sorted(self.databases.items(), key=lambda one: one[0] == LEDGER))}


@dataclass(frozen=True, slots=True)
class Cellar:
    """A folder with backups: what is in it by digest, and the means to write into it."""

    folder: Path
    store: Blobs
    write: Write
    alone: Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Stock:
    """What is backed up. `wiring.open_stock` builds one."""

    vault: Vault
    places: Places
    copy: Copy
    clock: Clock
    who: str
    tool: str
    served: tuple[Bring, ...] = ()  # for a ledger in a database server: it alone; then `places` has no ledger


@dataclass(frozen=True, slots=True)
class Backed:
    """A backup that was made, and what it brought."""

    backup: Backup
    digest: str  # of its list; the custody log tells it
    files: int  # in it: the ledger, archives, prints and the rest
    kept: int  # bytes under their digests that the ledger refers to, so many pieces of evidence
    size: int  # bytes in all
    fresh: int  # kept bytes and pieces of files that were not in the folder yet
    added: int  # bytes of them
    since: tuple[datetime, ...]  # when the one before was made, none or one


def backup(stock: Stock, cellar: Cellar, told: Told, thorough: bool = False) -> Backed:
    """Copy what is new since the last backup; the ledger as it stands at one moment, whatever is being written.

    What can't be copied is told in the backup and does not stop it. `thorough`: what the folder holds already is read
    again, and mended where it has gone bad. Raises UsageError, EvidenceError, LedgerError.
    """
    with cellar.alone():
        try:
            made = _made(stock, cellar, told, thorough)
        except OSError as error:
            raise EvidenceError(f"Nothing can be kept in {cellar.folder} ({error.strerror}). {_MEND}") from error
        except PurportError as error:
            stock.vault.writer.add(entries=[Deed("backup", (cellar.folder.name,), "failed", str(error))])
            raise
        found = f"backup {made.backup.number}", made.digest
        missed = f"{len(made.backup.missed)} could not be copied: {made.backup.missed[0]}" if made.backup.missed else ""
        outcome = "failed" if missed else "done"
        stock.vault.writer.add(entries=[Deed("backup", (cellar.folder.name, *found), outcome, missed)])
        return made


def _made(stock: Stock, cellar: Cellar, told: Told, thorough: bool) -> Backed:
    before = next(backups.sound(cellar.folder), None)
    known = {one.name: one for one in before.files} if before else {}
    sums, files, missed = backups.Sums(), list[Filed](), list[str]()
    with stock.vault.custody.at_this_moment() as log:
        _, head = log.head()

    def add(name: str, path: Path, share: Told, piece: int = backups.PIECE) -> None:
        same = [known[name]] if name in known and not thorough else []
        try:
            files.append(backups.filed(name, path, cellar.store, same, sums, share, piece))
        except OSError as error:
            missed.append(f"{path} ({error.strerror})")

    # the ledger first: what it refers to is on the disk before it is booked, so all of that is there to be copied
    room = cellar.folder / ROOM
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir()
    for bring in stock.served:
        _brought(bring, room / LEDGER, known.get(LEDGER), cellar.store, lambda share: told(0.2 * share))
        add(LEDGER, room / LEDGER, lambda share: told(0.2 + 0.1 * share), backups.PAGES)
    for name, path in stock.places.databases.items():
        if path.is_file():
            copied = room / name
            stock.copy(path, copied, lambda share: told(0.2 * share))
            copied.chmod(path.stat().st_mode & 0o777)
            add(name, copied, lambda share: told(0.2 + 0.1 * share), backups.PAGES)
    others = list(_files(stock.places))
    for number, (name, path) in enumerate(others):
        add(name, path, _part(lambda share: told(0.3 + 0.3 * share), number, len(others)))
    kept = list(_kept(stock.vault))
    for number, one in enumerate(kept):
        _keep(one, stock.vault.blobs, cellar.store, sums, thorough, missed)
        told(0.6 + 0.4 * (number + 1) / len(kept))
    (room / BLOBS).write_text("".join(f"{one}\n" for one in kept), encoding="ascii")
    add(BLOBS, room / BLOBS, lambda share: None, backups.PAGES)
    shutil.rmtree(room)
    number = max((int(path.name.partition("-")[0]) for path in backups.listed(cellar.folder)), default=0) + 1
    made = Backup(
        number=number,
        at=stock.clock.now(),
        who=stock.who,
        tool=stock.tool,
        head=head,
        files=tuple(files),
        missed=tuple(missed),
        served=bool(stock.served),
    )
    name, data = backups.written(made)
    cellar.write(cellar.folder / backups.LISTS / name, data)
    since = (before.at,) if before else ()
    return Backed(made, digest(data), sums.files - 1, len(kept), sums.size, sums.fresh, sums.added, since)


def _brought(bring: Bring, to: Path, last: Filed | None, store: Blobs, told: Told) -> None:
    """A served ledger as a file. What is new goes into the last backup's: so most of its pages stay as they are."""
    if last:
        try:
            backups.put_back(last, store, to, lambda share: None)
            bring(to, told)
            return
        except PurportError:  # of another ledger, of an older form, gone bad: this one is made whole
            for path in to.parent.glob(f"{to.name}*"):
                path.unlink()
    bring(to, told)


def _files(places: Places) -> Iterator[tuple[str, Path]]:
    for name, path in places.files.items():
        if path.is_file():
            yield name, path
    for name, folder in places.folders.items():
        for path in sorted(folder.glob("*")):
            if path.is_file() and not path.name.startswith("."):  # what is still being written has a dot
                yield f"{name}/{path.name}", path


def _kept(vault: Vault) -> Iterator[str]:
    """The digests of all kept bytes, each once."""
    seen = set[str]()
    with vault.custody.at_this_moment() as log:
        for one, _ in log.kept():
            if one not in seen:
                seen.add(one)
                yield one


def _keep(one: str, blobs: Blobs, store: Blobs, sums: backups.Sums, thorough: bool, missed: list[str]) -> None:
    fresh = not backups.holds(store, one)
    sums.fresh += fresh
    if not fresh and not thorough:
        sums.size += store.file(one).stat().st_size
        return
    try:
        path = blobs.file(one)
        size = path.stat().st_size
        if store.put_file(path) != one:
            raise EvidenceError("its bytes have another digest: they were altered")
    except (EvidenceError, OSError) as error:
        if fresh:  # otherwise the backup still has what is gone
            missed.append(f"{one} ({error})")
        return
    sums.size, sums.added = sums.size + size, sums.added + fresh * size


@dataclass(frozen=True, slots=True)
class Restored:
    """What was made again from a backup."""

    backup: Backup
    files: int
    kept: int
    size: int  # bytes
    verified: tuple[Verified, ...] = ()  # none or one: was all of it gone through afterwards?


@dataclass(frozen=True, slots=True)
class Target:
    """Where a ledger is to be made again. `wiring.open_target` builds one."""

    places: Places
    blobs: Blobs
    opened: Callable[[], Vault]  # what it is proved with, once it is there


def made(cellar: Cellar) -> Iterator[Backup]:
    """The backups in a folder, the first one first. Raises EvidenceError for one whose list was altered."""
    return map(backups.opened, backups.listed(cellar.folder))


def restore(cellar: Cellar, number: int, target: Target, told: Told, verify: bool) -> Restored:
    """Make a ledger and what lies beside it again from a backup (0: the last one), each byte checked by its digest.

    Nothing is overwritten. It may be killed at any moment: the same call then goes on. `verify`: go through all of it
    afterwards, as `hold` does. Raises UsageError, NotFoundError, EvidenceError, CustodyError.
    """
    found, places = backups.chosen(cellar.folder, number), target.places
    stage = places.databases[LEDGER].with_suffix(STAGE)
    try:
        going_on = (stage / READY).is_file() and (stage / READY).read_text() == found.head + str(found.number)
        if not going_on:
            for path in places.all().values():
                _refuse(path)
            _staged(found, cellar.store, stage, lambda share: told(0.4 * share))
            (stage / READY).write_text(found.head + str(found.number))
        kept, size = _blobs(found, cellar.store, target.blobs, lambda share: told(0.4 + 0.3 * share))
        for name, path in places.all().items():
            if (stage / name).exists():
                _refuse(path)
                path.parent.mkdir(parents=True, exist_ok=True)
                (stage / name).replace(path)
        (stage / BLOBS).unlink(missing_ok=True)
        (stage / READY).unlink()
        stage.rmdir()
    except OSError as error:
        where = places.databases[LEDGER].parent
        raise EvidenceError(f"Nothing can be put into {where} ({error.strerror}). {_MEND}") from error
    vault = target.opened()
    vault.writer.add(entries=[Deed("restore", (cellar.folder.name, f"backup {found.number}"))])
    verified = (hold(vault, Check(heads=(found.head,)), lambda share: told(0.7 + 0.3 * share)),) if verify else ()
    return Restored(found, len(found.files) - 1, kept, size + sum(one.size for one in found.files), verified)


def _refuse(path: Path) -> None:
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise UsageError(f"{path} is there already, and nothing is overwritten. Give another --to, or move it away.")


def _staged(found: Backup, store: Blobs, stage: Path, told: Told) -> None:
    shutil.rmtree(stage, ignore_errors=True)
    for number, one in enumerate(found.files):
        backups.put_back(one, store, stage / one.name, _part(told, number, len(found.files)))


def _blobs(found: Backup, store: Blobs, blobs: Blobs, told: Told) -> tuple[int, int]:
    """The kept bytes into their store: how many, and how many bytes. What was missed by the backup is not there."""
    digests = [line for one in found.files if one.name == BLOBS for line in backups.text_of(one, store).split()]
    absent, size = {one.partition(" ")[0] for one in found.missed}, 0
    for number, one in enumerate(digests, 1):
        if one in absent:
            continue
        path = store.file(one)
        if blobs.put_file(path) != one:
            raise EvidenceError(
                f"The bytes of {one} have gone bad in the backup: {path}. If the ledger is still there, mend them with "
                "purport backup --thorough."
            )
        size += path.stat().st_size
        told(number / len(digests))
    return len(digests) - len(absent), size


def _part(told: Told, number: int, parts: int) -> Told:
    return lambda share: told((number + share) / parts)
