from app.core import LIMIT
TABLE = [LIMIT]
def go():
    return TABLE
