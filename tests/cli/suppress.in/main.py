import json  # pycheck: ignore[unresolved-import] installed with the rest
import nope
from . import sibling  # type: ignore
import os, sys  # pycheck: ignore[bare-except, unresolved-import]  # noqa: E401
def f(items=[]): items.append(1); return items  # pycheck: ignore[mutable-default-argument, none-comparison]
# pycheck: ignore-file[bear-except]
