"""The library of fingerprints as a folder: `release-3f0c….prints`, one file a release."""

from collections.abc import Iterator
from pathlib import Path

from purport.core.errors import EvidenceError, NotFoundError
from purport.edges.files import clear, make_folder, pieces, settle, written

SUFFIX = ".prints"


class FolderLibrary:
    """Prints in a local folder (`core.ports.Library`), which is made when the first are put."""

    def __init__(self, path: Path) -> None:
        self._folder = path.absolute()

    def put(self, release: str, file: Path) -> None:
        """Keep a copy of a file; it replaces the prints that are there already. Raises EvidenceError."""
        try:
            make_folder(self._folder)
            clear(self._folder)
            with written(self._folder, pieces(file)) as beside:
                settle(beside, self._path(release))
        except OSError as error:
            raise EvidenceError(
                f"The prints of {release} can't be kept in {self._folder} ({error.strerror}). Mend its permissions or "
                "free some space, and run the same command again."
            ) from error

    def ids(self) -> Iterator[str]:
        """The releases that have prints, in the order of their ids."""
        yield from sorted(path.stem for path in self._folder.glob(f"release-*{SUFFIX}"))

    def open(self, release: str) -> Path:
        """The file with a release's prints. Raises NotFoundError."""
        path = self._path(release)
        if not path.is_file():
            raise NotFoundError(f"There are no prints of {release} in {self._folder}. Add its file again.")
        return path

    def size(self, release: str = "") -> int:
        """Bytes of a release's prints (0 if it has none), or of all."""
        return sum(self._size(one) for one in ([release] if release else self.ids()))

    def _size(self, release: str) -> int:
        path = self._path(release)
        return path.stat().st_size if path.is_file() else 0

    def _path(self, release: str) -> Path:
        return self._folder / f"{release}{SUFFIX}"
