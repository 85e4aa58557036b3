import requests

RETRIES = 3
try:
    TIMEOUT = requests.TIMEOUT
except:  # noqa: E722
    TIMEOUT = None
