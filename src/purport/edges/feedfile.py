"""Writes feed files, whole or not at all, readable by whoever serves them."""

import os
import tempfile
from pathlib import Path

from purport.core.errors import UsageError


class FeedFiles:
    """Implements `core.ports.Feeds`: paths are those of the folder one stands in, unless they say more."""

    def write(self, path: str, text: str) -> None:
        """Put a text in place of a file's. Raises UsageError."""
        target = Path(path)
        try:
            handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fchmod(handle, 0o644)
                    os.fsync(handle)
                Path(name).replace(target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", "") or str(error)
            message = f"The feed {path} can't be written ({why}); name a file in a folder that is there."
            raise UsageError(message) from error
