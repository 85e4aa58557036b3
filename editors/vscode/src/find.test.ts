import * as assert from "assert";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { test } from "node:test";

import { find, Where } from "./find";

const name = process.platform === "win32" ? "pycheck.exe" : "pycheck";
const scripts = process.platform === "win32" ? "Scripts" : "bin";
const top = fs.mkdtempSync(path.join(os.tmpdir(), "pycheck-"));

/** Puts a program into a folder. */
function program(...folder: string[]): string {
  const file = path.join(top, ...folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "", { mode: 0o755 });
  return file;
}

const inProject = program("project", ".venv", scripts);
const onPath = program("usr", "bin");
const bundled = program("extension", "bundled");
const where: Where = {
  named: [],
  folders: [path.join(top, "project")],
  isTrusted: true,
  prefersBundled: false,
  extension: path.join(top, "extension"),
  variables: { PATH: [path.join(top, "project", ".venv", scripts), path.join(top, "usr", "bin")].join(path.delimiter) },
};

test("the environment of the project goes first", () => {
  assert.strictEqual(find(where), inProject);
  assert.strictEqual(find({ ...where, folders: [], variables: {} }), bundled);
});

test("the one of the extension goes first when that is wanted", () => {
  assert.strictEqual(find({ ...where, prefersBundled: true }), bundled);
});

test("nothing of an untrusted workspace is started", () => {
  const named = ["${workspaceFolder}/.venv/" + scripts + "/" + name];
  assert.strictEqual(find({ ...where, named, isTrusted: false }), onPath);
});

test("what the user names goes before all", () => {
  assert.strictEqual(find({ ...where, named: ["nowhere", onPath] }), onPath);
});

test("where there is none, there is none", () => {
  assert.strictEqual(find({ ...where, folders: [], extension: top, variables: {} }), undefined);
});
