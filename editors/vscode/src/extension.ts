// Starts `pycheck server` and connects the editor with it.

import {
  commands,
  ExtensionContext,
  LogOutputChannel,
  window,
  workspace,
  WorkspaceConfiguration,
} from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

import { find } from "./find";

/** What is changed only by another process. */
const NEEDS_RESTART = ["pycheck.enable", "pycheck.path", "pycheck.importStrategy"];

let client: LanguageClient | undefined;
/** Starting and stopping follow each other. */
let queue: Promise<void> = Promise.resolve();

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("pycheck", { log: true });
  const restart = () => {
    queue = queue.then(() => stop()).then(() => start(context, log));
    return queue;
  };
  context.subscriptions.push(
    log,
    commands.registerCommand("pycheck.restart", restart),
    commands.registerCommand("pycheck.showLogs", () => log.show()),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration((event) => {
      if (NEEDS_RESTART.some((name) => event.affectsConfiguration(name))) {
        void restart();
      }
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await queue.then(() => stop());
}

async function start(context: ExtensionContext, log: LogOutputChannel): Promise<void> {
  const settings = workspace.getConfiguration("pycheck");
  if (!settings.get<boolean>("enable", true)) {
    log.info("pycheck.enable is off");
    return;
  }
  const program = findProgram(settings, context);
  if (program === undefined) {
    void complain(log, "pycheck is not installed: neither in the environment of the project nor on the PATH.");
    return;
  }
  log.info(`starting ${program}`);
  client = new LanguageClient("pycheck", "pycheck", server(program), options(settings, log));
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    void complain(log, `pycheck could not be started: ${String(error)}`);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

function findProgram(settings: WorkspaceConfiguration, context: ExtensionContext): string | undefined {
  const folders = workspace.workspaceFolders ?? [];
  return find({
    named: settings.get<string[]>("path", []),
    folders: folders.filter((folder) => folder.uri.scheme === "file").map((folder) => folder.uri.fsPath),
    isTrusted: workspace.isTrusted,
    prefersBundled: settings.get<string>("importStrategy") === "useBundled",
    extension: context.extensionPath,
    variables: process.env,
  });
}

function server(program: string): ServerOptions {
  const run = { command: program, args: ["server"] };
  return { run, debug: run };
}

function options(settings: WorkspaceConfiguration, log: LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "untitled", language: "python" },
    ],
    initializationOptions: JSON.parse(JSON.stringify(settings)) as unknown,
    outputChannel: log,
    traceOutputChannel: log,
    synchronize: { configurationSection: "pycheck" },
  };
}

async function complain(log: LogOutputChannel, message: string): Promise<void> {
  log.error(message);
  const show = "Show Logs";
  if ((await window.showErrorMessage(message, show)) === show) {
    log.show();
  }
}
