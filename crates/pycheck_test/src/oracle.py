"""Imports modules one by one, each in a fresh process, and tells what each import raised.

Reads a list of trees from standard input and writes a list of answers to standard output, both as
JSON. A tree has `roots` (what stands first on `sys.path`), `sites` (folders of installed packages)
and `modules` (pairs of name and file). An answer is null if the import works, "hidden" if the name
leads to another file or to none, or the exception with the last place in the tree on its traceback.
A tree may also have `ways` of starting a program (pairs of "script" or "-m" and what is started);
their answers follow those of the modules. Then the folder of the script, or that of the tree, stands
before the roots.
"""

import importlib
import importlib.util
import json
import os
import runpy
import signal
import site
import sys
import types

SECONDS_PER_IMPORT = 20
OWN_PATH = [entry for entry in sys.path if entry]


def main():
    trees = json.load(sys.stdin)
    answers = []
    for tree in trees:
        compile_bytecode(tree["folder"])
        imports = [in_child(import_one, tree, name, file) for name, file in tree["modules"]]
        starts = [in_child(start, tree, way, what) for way, what in tree["ways"]]
        answers.append(imports + starts)
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


def in_child(act, *arguments):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(SECONDS_PER_IMPORT)
        answer = json.dumps(act(*arguments)).encode()
        os.write(writing, answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer) if answer else {"exception": "Died", "message": "", "file": None}


def import_one(tree, name, file):
    prepare(tree, [])
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


def start(tree, way, what):
    """Does what `python FILE` or `python -m MODULE` does in the folder of the tree."""
    path = os.path.join(tree["folder"], what)
    prepare(tree, [os.path.dirname(path) if way == "script" else tree["folder"]])
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv[:] = [path]
    try:
        if way == "script":
            run_script(path, main)
        else:
            runpy._run_module_as_main(what)
    except SystemExit as error:
        is_refused = way == "-m" and "No module named" in str(error)
        return raised(error, tree["folder"]) if is_refused else None
    except BaseException as error:
        return raised(error, tree["folder"])
    return None


def run_script(path, main):
    main.__file__ = path
    with open(path, "rb") as file:
        exec(compile(file.read(), path, "exec"), main.__dict__)


def prepare(tree, first):
    silence()
    os.chdir(tree["folder"])
    sys.dont_write_bytecode = True
    sys.path[:] = first + tree["roots"] + OWN_PATH
    for folder in tree["sites"]:
        site.addsitedir(folder)
    sys.path_importer_cache.clear()


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
