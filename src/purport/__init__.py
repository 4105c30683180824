"""Purport: who claims what, on whose word, how firmly, every entry opening its exact words."""

from importlib.metadata import version

__version__ = version("purport")

__all__ = ["__version__"]
