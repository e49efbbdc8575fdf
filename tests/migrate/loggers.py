"""Logging, safe from what a migration environment does to it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loggers_as_they_were() -> Iterator[None]:
    """Undo what Flask-Migrate's ``env.py`` does to every logger there is."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    loggers = {
        name: (logger.disabled, logger.level, logger.handlers[:], logger.propagate)
        for name, logger in logging.Logger.manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    yield
    root.handlers[:], root.level = handlers, level
    for name, state in loggers.items():
        logger = logging.getLogger(name)
        logger.disabled, logger.level, logger.handlers[:], logger.propagate = state
