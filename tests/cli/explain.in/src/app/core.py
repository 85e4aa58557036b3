import os, sys
import yaml
import yaml.nodes
import fast
import missing
from ..shared import thing
from .helper import (
    VERSION,
    lost,
)
from . import helper

try:
    import optional
except ImportError:
    optional = None


def later():
    import random
