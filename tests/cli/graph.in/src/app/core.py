import json
import typing

import requests

from app import helper

if typing.TYPE_CHECKING:
    from app.views import page


def load():
    from app.second import B

    return json, requests, helper, B, page
