"""Imports modules one by one, each in a fresh process, and tells what each import raised.

Reads a list of trees from standard input and writes a list of answers to standard output, both as
JSON. A tree has `roots` (what stands first on `sys.path`), `sites` (folders of installed packages)
and `modules` (pairs of name and file). An answer is null if the import works, "hidden" if the name
leads to another file or to none, or the exception with the last place in the tree on its traceback.
"""

import importlib
import importlib.util
import json
import os
import signal
import site
import sys

SECONDS_PER_IMPORT = 20
OWN_PATH = list(sys.path)


def main():
    trees = json.load(sys.stdin)
    answers = []
    for tree in trees:
        compile_bytecode(tree["folder"])
        answers.append([in_child(tree, name, file) for name, file in tree["modules"]])
    json.dump(answers, sys.stdout)


def compile_bytecode(folder):
    """Turns the `.pyc` files of the tree, which hold source, into what their name says."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if not name.endswith(".pyc") or os.path.islink(path):
                continue
            with open(path, "rb") as file:
                content = file.read()
            if content.startswith(importlib.util.MAGIC_NUMBER):
                continue
            code = compile(content, path, "exec")
            with open(path, "wb") as file:
                file.write(importlib._bootstrap_external._code_to_timestamp_pyc(code))


def in_child(tree, name, file):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(SECONDS_PER_IMPORT)
        answer = json.dumps(import_one(tree, name, file)).encode()
        os.write(writing, answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer) if answer else {"exception": "Died", "message": "", "file": None}


def import_one(tree, name, file):
    silence()
    os.chdir(tree["folder"])
    sys.dont_write_bytecode = True
    sys.path[:] = tree["roots"] + OWN_PATH
    for folder in tree["sites"]:
        site.addsitedir(folder)
    sys.path_importer_cache.clear()
    try:
        spec = importlib.util.find_spec(name)
        if spec is None or not same_file(spec.origin, file):
            return "hidden"
    except BaseException as error:
        answer = raised(error, tree["folder"])
        return "hidden" if answer["file"] is None else answer
    try:
        importlib.import_module(name)
    except BaseException as error:
        return raised(error, tree["folder"])
    return None


def silence():
    """Keeps what modules print away from the answers."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def same_file(origin, file):
    return origin is not None and os.path.realpath(origin) == os.path.realpath(file)


def raised(error, folder):
    place, line = last_place(error.__traceback__, folder)
    name = type(error).__name__
    return {"exception": name, "message": str(error), "file": place, "line": line}


def last_place(traceback, folder):
    place, line = None, 0
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.startswith(folder + os.sep):
            place, line = name, traceback.tb_lineno
        traceback = traceback.tb_next
    return place, line


main()
