"""Fetches what it is told to."""

import reqeusts
from app.settings import RETRIES


def main():
    for _ in range(RETRIES):
        try:
            return reqeusts.get("https://example.org")
        except:
            pass
