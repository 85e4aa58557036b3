"""Runs the command that was installed with this package."""

import os
import sys

from . import find_pycheck


def main():
    try:
        command = [find_pycheck(), *sys.argv[1:]]
    except FileNotFoundError as error:
        sys.exit("error: {}".format(error))
    if os.name != "nt":
        os.execvp(command[0], command)
    # Windows has no way to become another program.
    import subprocess

    try:
        sys.exit(subprocess.run(command).returncode)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
