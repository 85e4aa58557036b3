"""Writes the table of the standard library's modules, crates/pycheck_imports/src/stdlib/table.rs.

Usage: python3 crates/xtask/stdlib_table.py PYTHON... > crates/pycheck_imports/src/stdlib/table.rs

Each PYTHON is an interpreter built from CPython's own sources with default options; one for every
version from 3.8 to 3.13 is needed. What later versions add and remove is listed below, and a
module that is in doubt counts as present.
"""

import json
import os
import subprocess
import sys
import tempfile

OLDEST, NEWEST = 8, 15
LAST_RUN = 13

# Packages of tests: they are known as such, their content is not listed.
TEST_PACKAGES = ("test", "tests", "idle_test")

# Modules of other systems, which the table of a Linux build may not show.
OTHER_PLATFORMS = {
    "_android_support": (13, NEWEST),
    "_apple_support": (13, NEWEST),
    "_ios_support": (13, NEWEST),
    "_msi": (OLDEST, 12),
    "_overlapped": (OLDEST, NEWEST),
    "_scproxy": (OLDEST, NEWEST),
    "_winapi": (OLDEST, NEWEST),
    "_wmi": (12, NEWEST),
    "msilib": (OLDEST, 12),
    "msilib.schema": (OLDEST, 12),
    "msilib.sequence": (OLDEST, 12),
    "msilib.text": (OLDEST, 12),
    "msvcrt": (OLDEST, NEWEST),
    "nt": (OLDEST, NEWEST),
    "winreg": (OLDEST, NEWEST),
    "winsound": (OLDEST, NEWEST),
}

# Modules written in Python that are installed everywhere but for other systems only.
PURE_FOR_ALL = {"_android_support", "_apple_support", "_ios_support"}

# Extension modules that a build leaves out when a library is missing, and their last version.
OPTIONAL = {
    "_bz2": NEWEST, "_crypt": 12, "_ctypes": NEWEST, "_curses": NEWEST, "_curses_panel": NEWEST,
    "_dbm": NEWEST, "_gdbm": NEWEST, "_hashlib": NEWEST, "_lzma": NEWEST, "_sqlite3": NEWEST,
    "_ssl": NEWEST, "_tkinter": NEWEST, "_uuid": NEWEST, "nis": 12, "ossaudiodev": 12,
    "readline": NEWEST, "spwd": 12, "zlib": NEWEST,
}

# Name, first and last version, for what came after the newest version that can be run.
# A trailing dot means a package.
LATER = """
_ast_unparse 14 15
_hmac 14 15
_py_warnings 14 15
_remote_debugging 14 15
_types 14 15
_zstd 14 15
_pyrepl._module_completer 14 15
_pyrepl.base_eventqueue 14 15
_pyrepl.content 15 15
_pyrepl.fancycompleter 14 15
_pyrepl.layout 15 15
_pyrepl.render 15 15
_pyrepl.terminfo 14 15
_pyrepl.utils 14 15
_pyrepl.windows_eventqueue 14 15
annotationlib 14 15
asyncio.graph 14 15
asyncio.tools 14 15
compression. 14 15
compression._common. 14 15
compression._common._streams 14 15
compression.bz2 14 15
compression.gzip 14 15
compression.lzma 14 15
compression.zlib 14 15
compression.zstd. 14 15
compression.zstd._zstdfile 14 15
concurrent.futures.interpreter 14 15
concurrent.interpreters. 14 15
concurrent.interpreters._crossinterp 14 15
concurrent.interpreters._queues 14 15
encodings._win_cp_codecs 14 15
json.__main__ 14 15
math.integer 15 15
_math_integer 15 15
pathlib._os 14 15
pathlib.types 14 15
profiling. 15 15
profiling.sampling. 15 15
profiling.sampling.__main__ 15 15
profiling.tracing. 15 15
profiling.tracing.__main__ 15 15
profiling.tracing._utils 15 15
pydoc_data.module_docs 14 15
string. 14 15
string.templatelib 14 15
tkinter.fontchooser 15 15
tkinter.systray 15 15
xml.utils 15 15
"""

# Name and the last version that has it. Everything below goes with it.
REMOVED = {
    "_compression": 13,
    "pathlib._abc": 13,
    "pathlib._local": 13,
    "sre_compile": 14,
    "sre_constants": 14,
    "sre_parse": 14,
}

INSPECT = r"""
import sys
startup = sorted(sys.modules)
import importlib.machinery, json, os, sysconfig, _imp
files, packages, tests = set(), set(), []
suffixes = sorted(importlib.machinery.EXTENSION_SUFFIXES, key=len, reverse=True) + [".py"]

def module_name(entry):
    for suffix in suffixes:
        if entry.endswith(suffix):
            return entry[:-len(suffix)]

def walk(folder, prefix):
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        if os.path.isdir(path):
            if os.path.isfile(os.path.join(path, "__init__.py")):
                files.add(prefix + entry)
                packages.add(prefix + entry)
                if entry not in TEST_PACKAGES:
                    walk(path, prefix + entry + ".")
                elif prefix + entry == "test":
                    files.add("test.support")
                    packages.add("test.support")
                    walk(os.path.join(path, "support"), "test.support.")
            elif not prefix and entry == "lib-dynload":
                walk(path, "")
        else:
            name = module_name(entry)
            if name and name.isidentifier() and name != "__init__":
                files.add(prefix + name)

walk(sysconfig.get_path("stdlib"), "")
files.update(sys.builtin_module_names)
top = {name.partition(".")[0] for name in files} | set(getattr(sys, "stdlib_module_names", ()))
files.update(getattr(sys, "stdlib_module_names", ()))
candidates = sorted(files | {"os.path", "__hello__", "__hello_alias__", "__hello_only__", "__phello__",
    "__phello__.spam", "__phello__.ham", "__phello__.ham.eggs", "__phello_alias__", "__phello_alias__.spam",
    "_frozen_importlib", "_frozen_importlib_external"})
frozen = [name for name in candidates if _imp.is_frozen(name)]
frozen_packages = [name for name in frozen if _imp.is_frozen_package(name)]

# Some modules put names into sys.modules that no file has: importing them shows which.
skip = ("antigravity", "idlelib", "this", "turtledemo", "lib2to3.pgen2.conv", "test", "ensurepip", "_pyrepl")
sys.stdout, out = open(os.devnull, "w"), sys.stdout
import warnings; warnings.simplefilter("ignore")
for name in sorted(files):
    if not name.startswith(skip) and "__main__" not in name:
        try:
            __import__(name)
        except BaseException:
            pass
made = [name for name in sys.modules if "." in name and name.partition(".")[0] in top and name not in files
        and not name.startswith("test.")]
out.write(json.dumps(dict(minor=sys.version_info[1], files=sorted(files), packages=sorted(packages),
    builtin=sys.builtin_module_names, frozen=frozen, frozen_packages=frozen_packages, startup=startup,
    made=sorted(made))))
"""


def inspect(python):
    """What one interpreter says of its own library, asked in an environment without packages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
        code = INSPECT.replace("TEST_PACKAGES", repr(TEST_PACKAGES))
        script = os.path.join(folder, "inspect_library.py")
        with open(script, "w") as file:
            file.write(code)
        command = [os.path.join(folder, "bin", "python"), script]
        answer = subprocess.run(command, env=environment, cwd=folder, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(answer.stdout.decode().splitlines()[-1])


def bit(minor):
    return 1 << (minor - OLDEST)


class Table:
    """For each module, sets of versions as bits: where it is, and where it is of some kind."""

    def __init__(self):
        self.rows = {}

    def mark(self, name, kind, minor):
        row = self.rows.setdefault(name, dict(present=0, package=0, builtin=0, frozen=0, startup=0))
        row[kind] |= bit(minor)

    def add(self, facts):
        minor = facts["minor"]
        for name in facts["files"] + facts["frozen"] + facts["made"]:
            if not name.startswith(("_test", "_xxtest", "_ctypes_test", "xx")):
                self.mark(name, "present", minor)
        for kind, names in (("package", facts["packages"] + facts["frozen_packages"]),
                            ("builtin", facts["builtin"]), ("frozen", facts["frozen"]),
                            ("startup", facts["startup"])):
            for name in names:
                if name in self.rows:
                    self.mark(name, kind, minor)

    def add_ranges(self):
        for name, (first, last) in OTHER_PLATFORMS.items():
            for minor in range(first, last + 1):
                self.mark(name, "present", minor)
                if name == "msilib":
                    self.mark(name, "package", minor)
        for name, last in OPTIONAL.items():
            for minor in range(OLDEST, min(last, LAST_RUN) + 1):
                self.mark(name, "present", minor)

    def extend(self):
        """The versions that can't be run: as the last one that can, but for the changes."""
        for row in self.rows.values():
            for kind, bits in row.items():
                if bits & bit(LAST_RUN):
                    row[kind] |= sum(bit(minor) for minor in range(LAST_RUN + 1, NEWEST + 1))
        for line in LATER.split("\n"):
            if line:
                name, first, last = line.split()
                for minor in range(int(first), int(last) + 1):
                    self.mark(name.rstrip("."), "present", minor)
                    if name.endswith("."):
                        self.mark(name.rstrip("."), "package", minor)
        for name, last in REMOVED.items():
            kept = sum(bit(minor) for minor in range(OLDEST, last + 1))
            for other, row in self.rows.items():
                if other == name or other.startswith(name + "."):
                    for kind in row:
                        row[kind] &= kept

    def render(self):
        yield "//! The modules of the standard library, version by version."
        yield "//!"
        yield "//! Generated by `crates/xtask/stdlib_table.py`; do not edit."
        yield ""
        yield "use super::Row;"
        yield ""
        yield "/// Sorted by name. The numbers are sets of versions: bit 0 is 3.8, bit 7 is 3.15."
        yield "#[rustfmt::skip]"
        yield "pub(super) static ROWS: &[Row] = &["
        for name, row in sorted(self.rows.items()):
            last = name.rpartition(".")[2]
            flags = []
            if name in OTHER_PLATFORMS and name not in PURE_FOR_ALL:
                flags.append("Row::OTHER_PLATFORM")
            if last in TEST_PACKAGES and row["package"]:
                flags.append("Row::UNLISTED_CONTENT")
            if name == "profiling.sampling":
                flags.append("Row::UNLISTED_CONTENT")
            numbers = ", ".join("0" if not n else "0x%02x" % n for n in row.values())
            yield '    Row::new("%s", [%s], %s),' % (name, numbers, " | ".join(flags) or "0")
        yield "];"


def main():
    table = Table()
    for python in sys.argv[1:]:
        table.add(inspect(python))
    table.add_ranges()
    table.extend()
    print("\n".join(table.render()))


main()
