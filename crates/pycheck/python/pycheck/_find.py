"""Where an installer has put the command that belongs to this package."""

import os
import sys
import sysconfig


def find_pycheck():
    """The path of the command. Raises FileNotFoundError if it is nowhere."""
    name = "pycheck" + (sysconfig.get_config_var("EXE") or "")
    candidates = [os.path.join(folder, name) for folder in _folders()]
    for candidate in candidates:
        if os.path.isfile(candidate):
            return candidate
    raise FileNotFoundError(
        "the command `{}` that belongs to the Python package `pycheck` is not there; "
        "looked for:\n{}".format(name, "\n".join("  " + path for path in candidates))
    )


def _folders():
    """The folders in which installers put commands, the likeliest first, each once."""
    package = os.path.dirname(os.path.abspath(__file__))
    beside = os.path.dirname(package)
    scripts = "Scripts" if os.name == "nt" else "bin"
    folders = [
        # An ordinary install, also in a virtual environment.
        sysconfig.get_path("scripts"),
        # `pip install --target FOLDER`.
        os.path.join(beside, scripts),
        # `pip install --prefix FOLDER`: FOLDER/lib/pythonX.Y/site-packages, or FOLDER/Lib/site-packages.
        os.path.join(_above(beside, 3), scripts),
        os.path.join(_above(beside, 2), scripts),
        # `pip install --user`.
        sysconfig.get_path("scripts", scheme=_user_scheme()),
        # The interpreter that a virtual environment was made with.
        sysconfig.get_path("scripts", vars={"base": sys.base_prefix}),
    ]
    # In the isolated folder that pip builds in, the command of a build dependency lies on the PATH.
    overlay = os.environ.get("PATH", "").split(os.pathsep)[0]
    if "pip-build-env-" in overlay:
        folders.append(overlay)
    return list(dict.fromkeys(folder for folder in folders if folder))


def _above(folder, levels):
    for _ in range(levels):
        folder = os.path.dirname(folder)
    return folder


def _user_scheme():
    if sys.version_info >= (3, 10):
        return sysconfig.get_preferred_scheme("user")
    if os.name == "nt":
        return "nt_user"
    if sys.platform == "darwin" and getattr(sys, "_framework", None):
        return "osx_framework_user"
    return "posix_user"
