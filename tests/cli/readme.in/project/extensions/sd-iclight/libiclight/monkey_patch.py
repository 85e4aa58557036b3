import sys

from ..modules import devices

print(devices.NAMES, file=sys.stderr)
