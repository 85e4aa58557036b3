from .. import core
from ..core import load

try:
    import yaml
except ImportError:
    yaml = None

PAGE = core, load, yaml
