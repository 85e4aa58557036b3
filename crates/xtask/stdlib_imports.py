"""Writes what each module of the standard library imports, crates/pycheck_imports/src/stdlib/imports.txt.

Usage: python3 crates/xtask/stdlib_imports.py PYTHON... > crates/pycheck_imports/src/stdlib/imports.txt

Each PYTHON is an interpreter built from CPython's own sources with default options; one for every
version from 3.8 to 3.13 is needed. Later versions are taken to import what 3.13 does.

The imports are those that an interpreter performs when it executes the module, in that order, except
for those whose failure is caught, and those of modules that no file can hide (compiled into the
interpreter, or loaded before any code of a user runs). Beside the imported module stand the names that are needed of it:
at once (from-imports, attributes used by the module's own statements), or in functions only (`?`).
"""

import json
import os
import subprocess
import sys
import tempfile

OLDEST, NEWEST = 8, 15
LAST_RUN = 13

INSPECT = r"""
import sys
fixed = set(sys.modules) | set(sys.builtin_module_names)
import builtins

original = builtins.__import__
performed = {}

def record(name, globals=None, locals=None, fromlist=(), level=0):
    module = original(name, globals, locals, fromlist, level)
    frame = sys._getframe(1)
    spec = frame.f_globals.get("__spec__")
    importer = spec.name if spec else ""
    # What a function imports counts if the module's own statements call it.
    around = frame
    while around and not (around.f_globals is frame.f_globals and around.f_code.co_name == "<module>"):
        around = around.f_back
    if around is None:
        return module
    if level:
        package = frame.f_globals.get("__package__") or ""
        base = package.rsplit(".", level - 1)[0] if level > 1 else package
        name = base + "." + name if name else base
    place = (frame.f_code.co_filename, frame.f_lineno, name)
    performed.setdefault(importer, []).append((place, tuple(fromlist or ())))
    return module

builtins.__import__ = record
import ast, importlib.machinery, json, os, sysconfig, warnings

warnings.simplefilter("ignore")
suffixes = sorted(importlib.machinery.EXTENSION_SUFFIXES, key=len, reverse=True) + [".py"]
library = sysconfig.get_path("stdlib")
skipped_folders = ("test", "tests", "idle_test", "idlelib", "turtledemo", "site-packages", "ensurepip", "lib2to3")

def names_in(folder, prefix):
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        if os.path.isdir(path):
            if entry not in skipped_folders and os.path.isfile(os.path.join(path, "__init__.py")):
                yield prefix + entry
                yield from names_in(path, prefix + entry + ".")
        else:
            for suffix in suffixes:
                stem = entry[:-len(suffix)]
                if entry.endswith(suffix) and stem.isidentifier() and not stem.startswith("__"):
                    yield prefix + stem

modules = [name for name in names_in(library, "") if name not in ("antigravity", "this", "dummy_threading")]
sys.stdout, out = open(os.devnull, "w"), sys.stdout
for name in modules:
    try:
        importlib.import_module(name)
    except BaseException:
        pass
builtins.__import__ = original

CATCHING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException", "AttributeError", "NameError"}

def caught(handler):
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(t is None or isinstance(t, ast.Name) and t.id in CATCHING for t in types)

class Uses(ast.NodeVisitor):
    # What a module needs of the modules that it imports under a name of one part.
    def __init__(self):
        self.guarded, self.aliases = set(), {}
        self.now, self.later = {}, {}
        self.depth = self.doubt = 0

    def visit_Try(self, node):
        guards = any(caught(handler) for handler in node.handlers)
        if guards:
            for inner in node.body:
                for part in ast.walk(inner):
                    if isinstance(part, (ast.Import, ast.ImportFrom)):
                        self.guarded.update(range(part.lineno, (part.end_lineno or part.lineno) + 1))
        self.doubt += 1
        self.generic_visit(node)
        self.doubt -= 1

    def visit_If(self, node):
        self.visit(node.test)
        self.doubt += 1
        for part in node.body + node.orelse:
            self.visit(part)
        self.doubt -= 1

    def visit_FunctionDef(self, node):
        arguments = node.args
        for part in node.decorator_list + arguments.defaults + [d for d in arguments.kw_defaults if d]:
            self.visit(part)
        self.depth += 1
        for part in node.body:
            self.visit(part)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.depth += 1
        self.visit(node.body)
        self.depth -= 1

    def visit_AnnAssign(self, node):
        if node.value:
            self.visit(node.value)

    def visit_Import(self, node):
        for alias in node.names:
            if not self.depth and "." not in alias.name:
                self.aliases[alias.asname or alias.name] = alias.name

    def visit_BoolOp(self, node):
        self.visit(node.values[0])
        self.doubt += 1
        for part in node.values[1:]:
            self.visit(part)
        self.doubt -= 1

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            where = self.later if self.depth else None if self.doubt else self.now
            if where is not None:
                where.setdefault(node.value.id, {})[node.attr] = None

result = {}
for importer, imports in performed.items():
    file = imports[0][0][0]
    if importer == "__main__" or not os.path.isfile(file):
        continue
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except SyntaxError:
        continue
    uses = Uses()
    uses.visit(tree)
    edges = result.setdefault(importer, {})
    for (path, line, name), fromlist in imports:
        if path == file and line in uses.guarded or name == importer:
            continue
        now, later = edges.setdefault(name, ({}, {}))
        for item in fromlist:
            if name + "." + item in sys.modules and name + "." + item in modules:
                edges.setdefault(name + "." + item, ({}, {}))
            elif item != "*":
                now[item] = None
        if not fromlist:
            for alias, target in uses.aliases.items():
                if target == name:
                    now.update(uses.now.get(alias, {}))
                    later.update(uses.later.get(alias, {}))
    # What is needed at once is not needed again.
    for now, later in edges.values():
        for item in now:
            later.pop(item, None)
known = set(modules) | set(sys.builtin_module_names)
out.write(json.dumps(dict(minor=sys.version_info[1], imports={
    importer: [[name, sorted(now), sorted(later)] for name, (now, later) in edges.items()
               if name in known - fixed]
    for importer, edges in result.items() if importer in known - fixed})))
out.flush()
os._exit(0)
"""


def inspect(python):
    """What the modules of one interpreter import, asked in an environment without packages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
        script = os.path.join(folder, "inspect_library.py")
        with open(script, "w") as file:
            file.write(INSPECT)
        command = [os.path.join(folder, "bin", "python"), script]
        answer = subprocess.run(command, env=environment, cwd=folder, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(answer.stdout.decode().splitlines()[-1])


def bits(minor):
    last = NEWEST if minor == LAST_RUN else minor
    return sum(1 << (version - OLDEST) for version in range(minor, last + 1))


def merged(all_facts):
    """For each importer, the imports with the set of versions that have them, newest order first."""
    table = {}
    for facts in sorted(all_facts, key=lambda facts: -facts["minor"]):
        for importer, edges in facts["imports"].items():
            rows = table.setdefault(importer, {})
            for name, now, later in edges:
                key = (name, tuple(now), tuple(later))
                rows[key] = rows.get(key, 0) | bits(facts["minor"])
    return table


def main():
    print("# Generated by `crates/xtask/stdlib_imports.py`; do not edit.")
    print("# A module, and below it what it imports: versions (bit 0 is 3.8), module, names needed.")
    for importer, rows in sorted(merged([inspect(python) for python in sys.argv[1:]]).items()):
        if rows:
            print(importer)
        for (name, now, later), versions in rows.items():
            words = [format(versions, "02x"), name, *now, *("?" + item for item in later)]
            print(" " + " ".join(words))


main()
