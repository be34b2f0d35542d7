import { type ChildProcess, spawn } from 'node:child_process';

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** What it has said so far, on both streams. */
  out(): string;
}

/** A program of Node's on its own: nothing of the environment but the path. */
export function started(args: readonly string[], { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): Started {
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      out += chunk;
    });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return { child, ended, out: () => out };
}
