import sys

if sys.platform == "win32":
    import on_windows
else:
    import elsewhere

import json.nothing
