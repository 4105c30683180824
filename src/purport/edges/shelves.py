"""Where outputs go: a folder of this machine, or a bucket (`core.ports.Shelf`)."""

from contextlib import suppress
from pathlib import Path

from purport.core.errors import EvidenceError
from purport.edges.files import clear, make_folder, pieces, settle, written

_MEND = "Mend its permissions or free some space, and run the same command again: it goes on with what is not done."


class FolderShelf:
    """Files in a folder, written beside their names first; a part that was left by a kill goes with the next put."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def get(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._lost(name, error) from error

    def put(self, name: str, file: Path) -> None:
        path = self._folder / name
        try:
            make_folder(path.parent)
            clear(path.parent)
            with written(path.parent, pieces(file)) as beside:
                settle(beside, path)
        except OSError as error:
            raise self._lost(name, error) from error

    def remove(self, name: str) -> None:
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise self._lost(name, error) from error

    def _lost(self, name: str, error: OSError) -> EvidenceError:
        return EvidenceError(f"{name} can't be kept in {self._folder} ({error.strerror}). {_MEND}")


class BucketShelf:
    """Objects in a bucket below a prefix: storage of this kind shows an object whole or not at all."""

    def __init__(self, url: str) -> None:
        from purport.edges.store import Store

        self._store = Store(url)

    def get(self, name: str) -> bytes:
        import obstore

        def got() -> bytes:
            try:
                return bytes(obstore.get(self._store.at, name).bytes())
            except FileNotFoundError:
                return b""

        return self._store.call(f"{name} can't be opened in {self._store.url}", _UP, got)

    def put(self, name: str, file: Path) -> None:
        import obstore

        def kept() -> None:
            obstore.put(self._store.at, name, file)

        self._store.call(f"{name} can't be kept in {self._store.url}", _UP, kept)

    def remove(self, name: str) -> None:
        import obstore

        def gone() -> None:
            with suppress(FileNotFoundError):
                obstore.delete(self._store.at, name)

        self._store.call(f"{name} can't be removed from {self._store.url}", _UP, gone)


_UP = "Look whether the storage is up, and run the same command again: it goes on with what is not done."
