// Which program is started, and why.

import * as fs from "fs";
import * as path from "path";

/** What decides where the program is looked for. */
export interface Where {
  /** What the user names, before anything else. */
  named: string[];
  /** The folders that are open. */
  folders: string[];
  /** Whether programs that lie in these folders may be started. */
  isTrusted: boolean;
  /** Whether the program of the extension goes before that of the environment. */
  prefersBundled: boolean;
  /** The folder of the extension. */
  extension: string;
  /** The variables of the process. */
  variables: NodeJS.ProcessEnv;
}

const isWindows = process.platform === "win32";
const program = isWindows ? "pycheck.exe" : "pycheck";
const scripts = isWindows ? "Scripts" : "bin";

/** The program to start, or undefined if there is none. */
export function find(where: Where): string | undefined {
  const bundled = [path.join(where.extension, "bundled", program)];
  const environments = where.isTrusted ? inEnvironments(where) : [];
  const onPath = pathFolders(where).map((folder) => path.join(folder, program));
  const others = where.prefersBundled
    ? [...bundled, ...onPath]
    : [...environments, ...onPath, ...bundled];
  return [...named(where), ...others].find(isProgram);
}

function named(where: Where): string[] {
  return where.isTrusted
    ? where.named.flatMap((text) => expanded(text, where.folders))
    : [];
}

/** What a setting stands for: one path for each folder that is open, if it speaks of that. */
function expanded(text: string, folders: string[]): string[] {
  const variable = "${workspaceFolder}";
  if (text.includes(variable)) {
    return folders.map((folder) => text.split(variable).join(folder));
  }
  return path.isAbsolute(text) ? [text] : folders.map((folder) => path.join(folder, text));
}

function inEnvironments(where: Where): string[] {
  const active = where.variables["VIRTUAL_ENV"];
  const own = where.folders.flatMap((folder) => [".venv", "venv"].map((name) => path.join(folder, name)));
  return [...own, ...(active ? [active] : [])].map((prefix) => path.join(prefix, scripts, program));
}

/** The folders of the PATH; of an untrusted workspace none, wherever the PATH leads. */
function pathFolders(where: Where): string[] {
  const value = where.variables["PATH"] ?? where.variables["Path"] ?? "";
  const isInside = (folder: string) =>
    where.folders.some((open) => folder === open || folder.startsWith(open + path.sep));
  return value
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .filter((folder) => where.isTrusted || !isInside(folder));
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
