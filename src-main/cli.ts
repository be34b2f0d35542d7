#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { version } from '../package.json';
import type { CliContext, Output } from './cli/context.ts';
import { EXIT } from './cli/exit-codes.ts';
import { runCli } from './cli/program.ts';
import { runProgram } from './cli/run-program.ts';
import { ownerOf, runningApp } from './compose/owner.ts';
import { storeTools } from './compose/store.ts';
import { composePair } from './compose.ts';
import { SyncError } from './core/errors.ts';
import { keytarKeychain } from './keychain/keytar-keychain.ts';
import { nodePlatform } from './platform/node-platform.ts';

// The SDK, where it is needed for credentials, warns of Node versions that its coming releases leave behind: nothing a user can act on (docs/decisions/0002).
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// The first signal asks for an end after the step in flight; the second does not wait.
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
}

const platform = nodePlatform();
const keychain = keytarKeychain({ clock: platform.clock });
const canAsk = process.stdin.isTTY && process.stdout.isTTY;
const context: CliContext = {
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  ask: canAsk ? askOnTerminal : null,
  askSecret: canAsk ? askUnseen : null,
  env: process.env,
  cwd: process.cwd(),
  platform,
  compose: composePair,
  owner: ownerOf,
  app: runningApp,
  stores: storeTools(platform, keychain),
  keychain,
  interrupt: interrupt.signal,
  version,
  self: [process.execPath, fileURLToPath(import.meta.url)],
  run: runProgram,
};
process.exitCode = await runCli(process.argv.slice(2), context);

function outputTo(stream: NodeJS.WriteStream): Output {
  // A reader that went away (`| head`) is no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY === true, columns: () => stream.columns ?? 80 };
}

function askOnTerminal(question: string): Promise<string> {
  return askThrough(process.stdout, question);
}

/** What is typed goes nowhere but into the answer. The question appears once the terminal has stopped to echo, so that nothing typed at once shows. */
async function askUnseen(question: string): Promise<string> {
  try {
    return await askThrough(new Writable({ write: (_chunk, _encoding, done) => done() }), '', () => void process.stdout.write(question));
  } finally {
    process.stdout.write('\n');
  }
}

async function askThrough(output: NodeJS.WritableStream, question: string, onReady: () => void = () => undefined): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  onReady();
  // Ctrl-D and Ctrl-C end the question without an answer.
  const ended = new Promise<never>((_, reject) => terminal.once('close', () => reject(new SyncError('aborted', 'no answer was given'))));
  ended.catch(() => undefined);
  try {
    return await Promise.race([terminal.question(question, { signal: interrupt.signal }), ended]);
  } finally {
    terminal.close();
  }
}
