#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { version } from '../package.json';
import type { CliContext, Output } from './cli/context.ts';
import { EXIT } from './cli/exit-codes.ts';
import { runCli } from './cli/program.ts';
import { composePair } from './compose.ts';
import { SyncError } from './core/errors.ts';
import { nodePlatform } from './platform/node-platform.ts';

// The first signal asks for an end after the step in flight; the second does not wait.
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
}

const context: CliContext = {
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  ask: process.stdin.isTTY && process.stdout.isTTY ? askOnTerminal : null,
  env: process.env,
  cwd: process.cwd(),
  platform: nodePlatform(),
  compose: composePair,
  interrupt: interrupt.signal,
  version,
};
process.exitCode = await runCli(process.argv.slice(2), context);

function outputTo(stream: NodeJS.WriteStream): Output {
  // A reader that went away (`| head`) is no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY === true, columns: () => stream.columns ?? 80 };
}

async function askOnTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-D and Ctrl-C end the question without an answer.
  const ended = new Promise<never>((_, reject) => terminal.once('close', () => reject(new SyncError('aborted', 'no answer was given'))));
  ended.catch(() => undefined);
  try {
    return await Promise.race([terminal.question(question, { signal: interrupt.signal }), ended]);
  } finally {
    terminal.close();
  }
}
