"""Imports modules one by one, each in a fresh copy of this process, and tells what was raised.

Reads a name per line from standard input and writes a line of JSON for each to standard output:
the module, and null or what was raised: its type, its message, the last place below `FOLDER` on the
traceback, and whether the statement there is a `raise` or an `assert` of the package's own.
"""

import ast
import importlib
import json
import os
import signal
import sys
import tempfile

SECONDS_PER_IMPORT = 30
FOLDER = sys.argv[1] + os.sep


def main():
    for line in sys.stdin:
        name = line.strip()
        print(json.dumps({"module": name, "raised": in_child(name)}), flush=True)


def in_child(name):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setsid()
        signal.alarm(SECONDS_PER_IMPORT)
        os.write(writing, json.dumps(import_one(name)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer) if answer else {"exception": "Died", "message": "", "file": None}


def import_one(name):
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            importlib.import_module(name)
        except BaseException as error:
            return described(error)
    return None


def described(error):
    file, line = last_place(error.__traceback__)
    return {
        "exception": type(error).__name__,
        "message": str(error),
        "file": file,
        "line": line,
        "is_own": file is not None and is_own(file, line),
    }


def last_place(traceback):
    file, line = None, 0
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.startswith(FOLDER):
            file, line = name, traceback.tb_lineno
        traceback = traceback.tb_next
    return file, line


def is_own(file, line):
    """Whether the innermost statement at a line raises by itself."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError):
        return False
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno:
            if found is None or node.lineno >= found.lineno:
                found = node
    return isinstance(found, (ast.Raise, ast.Assert))


main()
