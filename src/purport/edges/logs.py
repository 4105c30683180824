"""The journal as lines on standard error, for people or as JSON. What libraries log goes the same way."""

import logging
import sys
from typing import TextIO

import structlog

from purport.core.journal import Facts, Step

FORMS = ("off", "text", "json")


class Logs:
    """`core.journal.Listener` that writes a line for each event and each step that ended."""

    def __init__(self, form: str, stream: TextIO | None = None) -> None:
        self._log = _logger(form, stream or sys.stderr)

    def heard(self, event: str, facts: Facts) -> None:
        self._log.info(event, **facts)

    def begun(self, step: str, facts: Facts) -> Step:
        def ended(found: Facts) -> None:
            (self._log.error if "error" in found else self._log.info)(step, **found)

        return ended


def _logger(form: str, stream: TextIO) -> structlog.stdlib.BoundLogger:
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
    ]
    shown: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # of libraries; what is ours is told at the level of information
    ours = logging.getLogger("purport")
    ours.setLevel(logging.INFO)
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger("purport.journal"),
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger
