import json.nope
