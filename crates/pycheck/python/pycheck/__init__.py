"""pycheck is a command: `pycheck`, or `python -m pycheck`."""

from ._find import find_pycheck

__all__ = ["find_pycheck"]
