"""Imports the modules of trees one by one, plainly and with imports that carry on after a failure.

Reads a tree per line from standard input and writes an answer per line to standard output, both as
JSON. A tree has a `folder`, which stands first on `sys.path`, and `modules` (names). An answer has,
for each module as the first that is imported,

- `plain`: null, or the exception that the import raised;
- `failures`: the exceptions when each statement outside of guards carries on after its failure;
- `done`: the modules that were whole in the end, when statements carry on;
- `blocked`: the places of statements that an exception of a module's own went through.

Carrying on, a statement that fails binds its names to something that can be used in any way, so that
one mistake is told once. What fails inside of a guard (a `try` or a `with`), modules that are
imported there included, fails as it does otherwise. If its exception is not caught by the guard, all
is done again with that statement carrying on too, as if that mistake had been mended.
"""

import ast
import builtins
import importlib
import json
import os
import signal
import sys
from importlib.machinery import SourceFileLoader

# Imported here so that no tree pays for them, and so that they are the same for all modules.
import contextlib
import typing

SECONDS_PER_TREE = 20
OWN_PATH = [folder for folder in sys.path if folder]
PLANNED = "planned"


def main():
    for line in sys.stdin:
        print(in_child(json.loads(line)), flush=True)


def in_child(tree):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(SECONDS_PER_TREE)
        answer = json.dumps(Truth(tree).answers()).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer.decode() if answer else '"died"'


class Truth:
    """All that is to be known of a tree."""

    def __init__(self, tree):
        self.folder = tree["folder"]
        self.modules = tree["modules"]
        self.recorder = Recorder(self.folder)
        builtins.__carry_on__ = self.recorder
        silence()
        os.chdir(self.folder)
        sys.dont_write_bytecode = True
        sys.path[:] = [self.folder] + OWN_PATH
        sys.path_importer_cache.clear()
        self.before = set(sys.modules)

    def answers(self):
        plain = [self.plain(module) for module in self.modules]
        self.carry_on()
        return [
            {"plain": raised, **self.carried_on(module)}
            for module, raised in zip(self.modules, plain)
        ]

    def plain(self, module):
        self.forget()
        try:
            importlib.import_module(module)
        except BaseException as error:
            return described(error, self.folder)
        return None

    def carried_on(self, module):
        failures, mended, blocked = [], set(), []
        while True:
            self.forget()
            self.recorder.begin(mended)
            try:
                importlib.import_module(module)
            except BaseException as error:
                self.recorder.note(error)
            # What came after a mistake in a guard counts only once that is mended.
            is_last = not self.recorder.escaped - mended
            found = self.recorder.left + (self.recorder.failures if is_last else [])
            failures += [new for new in found if new not in failures]
            blocked += self.recorder.blocked
            if is_last:
                return {"failures": failures, "done": self.whole(), "blocked": blocked}
            mended = mended | self.recorder.escaped

    def whole(self):
        new = [(name, sys.modules[name]) for name in set(sys.modules) - self.before]
        own = [name for name, module in new if (getattr(module, "__file__", None) or "").startswith(self.folder)]
        return sorted(own)

    def forget(self):
        for name in set(sys.modules) - self.before:
            del sys.modules[name]

    def carry_on(self):
        """From now on, sources of the tree are rewritten when they are read."""
        folder = self.folder
        compiled = {}
        original = SourceFileLoader.source_to_code

        def source_to_code(self, data, path, *arguments, **keywords):
            if not str(path).startswith(folder):
                return original(self, data, path, *arguments, **keywords)
            if path not in compiled:
                tree = ast.parse(data, path)
                tree.body = rewritten(tree.body)
                compiled[path] = compile(tree, path, "exec", dont_inherit=True)
            return compiled[path]

        SourceFileLoader.source_to_code = source_to_code


class Recorder:
    """Notes failures. Rewritten modules reach it as the builtin `__carry_on__`."""

    def __init__(self, folder):
        self.folder = folder
        self.begin(set())

    def begin(self, mended):
        self.failures = []
        # Those that left a guard.
        self.left = []
        # How many guards are around what runs.
        self.guards = 0
        # The occurrences that carry on inside of guards, and the first one that left one.
        self.mended = mended
        self.escaped = set()
        self.counts = {}
        self.blocked = []

    def note(self, error):
        failure = described(error, self.folder)
        told = self.left if hasattr(error, "guarded_at") else self.failures
        if failure not in told and not (self.escaped and told is self.left):
            told.append(failure)
        if not self.escaped:
            # One by one: what comes after a mistake may be its consequence.
            self.escaped.update(getattr(error, "guarded_at", ()))
        if PLANNED in str(error):
            self.blocked += places(error.__traceback__)

    def ends(self, namespace, names, opens):
        """Notes the current exception, and says whether it goes on its way."""
        error, traceback = sys.exc_info()[1:]
        files = {file for file, _ in places(traceback)}
        is_raised_here = len(files) == 1 and PLANNED in str(error)
        occurrence = self.occurrence(error, place_of(traceback))
        is_guarded = self.guards and occurrence not in self.mended
        if is_guarded and not hasattr(error, "guarded_at"):
            error.guarded_at = [occurrence]
        if isinstance(error, NameError):
            # Told even where it is caught, so that nobody takes it for something else.
            self.note(error)
        if is_guarded or isinstance(error, SystemExit) or is_raised_here:
            return True
        # What left a guard was noted when it did; what else happens there may be caught.
        if not self.guards:
            self.note(error)
        for name in names:
            namespace.setdefault(name, Anything)
        if opens:
            namespace.setdefault("__getattr__", anything_for)
        return False

    def occurrence(self, error, place):
        """A place, and how often something has failed there: it may be caught at one time and not at another."""
        if not hasattr(error, "counted_at"):
            error.counted_at = {}
        if place not in error.counted_at:
            self.counts[place] = self.counts.get(place, 0) + 1
            error.counted_at[place] = self.counts[place]
        return (*place, error.counted_at[place])

    def __enter__(self):
        self.guards += 1

    def __exit__(self, *_):
        self.guards -= 1


class AnyClass(type):
    """The class of something that can be called, inherited from, and has all attributes."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __call__(cls, *_, **__):
        return cls

    def __iter__(cls):
        return iter(())


class Anything(metaclass=AnyClass):
    """What a name is bound to that a failed statement would have bound."""


def anything_for(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything


SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete, ast.FunctionDef)
GUARDS = (ast.Try, ast.With)


def rewritten(body):
    return [new for statement in body for new in carrying_on(statement)] or body


def carrying_on(statement):
    """The statements that do the same and carry on."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        if getattr(statement, "module", None) == "__future__":
            return [statement]
        return [protected(one, [bound_by(one)]) for one in each_alias(statement)]
    if isinstance(statement, SIMPLE):
        return [protected(statement, bound_in(statement))]
    if isinstance(statement, GUARDS) and not is_transparent(statement):
        guard(statement)
        return [protected(statement, bound_in(statement))]
    for field in ("body", "orelse"):
        if getattr(statement, field, None):
            setattr(statement, field, rewritten(getattr(statement, field)))
    for case in getattr(statement, "cases", []):
        case.body = rewritten(case.body)
    return [protected(statement, bound_in(statement))]


def each_alias(statement):
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            one = ast.Import([alias])
        else:
            one = ast.ImportFrom(statement.module, [alias], statement.level)
        yield ast.copy_location(one, statement)


def bound_by(statement):
    (alias,) = statement.names
    return alias.asname or alias.name.split(".")[0]


def bound_in(statement):
    if isinstance(statement, ast.FunctionDef):
        return [statement.name]
    names = []
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.extend(map(bound_by, each_alias(node)))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
    return names


def is_transparent(statement):
    """Whether a `with` lets all exceptions pass."""
    return isinstance(statement, ast.With) and "suppress" not in ast.dump(statement.items[0])


def guard(statement):
    """Counts the guard while what is tried runs."""
    tried = rewritten(statement.body)
    counted = ast.With([ast.withitem(ast.Name("__carry_on__", ast.Load()))], tried)
    located(counted, statement)
    statement.body = [counted]
    for handler in getattr(statement, "handlers", []):
        handler.body = rewritten(handler.body)
    for field in ("orelse", "finalbody"):
        if getattr(statement, field, None):
            setattr(statement, field, rewritten(getattr(statement, field)))


def protected(statement, names):
    opens = "*" in names
    names = [name for name in names if name != "*"]
    test = "__carry_on__.ends(locals(), %r, %r)" % (names, opens)
    again = ast.If(ast.parse(test, mode="eval").body, [ast.Raise(None, None)], [])
    handler = ast.ExceptHandler(None, None, [again])
    return located(ast.Try([statement], [handler], [], []), statement)


def located(new, old):
    """Gives all nodes that have no place yet that of the old one."""
    ast.copy_location(new, old)
    for node in ast.walk(new):
        if not hasattr(node, "lineno"):
            ast.copy_location(node, old)
    # What was parsed from a text of ours has a place, the first line.
    for part in new.handlers if isinstance(new, ast.Try) else []:
        for node in ast.walk(part):
            ast.copy_location(node, old)
    return new


def silence():
    """Keeps what modules print away from the answers."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def described(error, folder):
    place, line = last_place(error.__traceback__, folder)
    name = type(error).__name__
    return {"exception": name, "message": str(error), "file": place, "line": line}


def last_place(traceback, folder):
    inside = [place for place in places(traceback) if place[0].startswith(folder + os.sep)]
    return inside[-1] if inside else (None, 0)


def places(traceback):
    found = []
    while traceback is not None:
        found.append(place_of(traceback))
        traceback = traceback.tb_next
    return found


def place_of(traceback):
    return traceback.tb_frame.f_code.co_filename, traceback.tb_lineno


main()
