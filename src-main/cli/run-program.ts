import { spawn } from 'node:child_process';
import { SyncError } from '../core/errors.ts';

export interface ProgramResult {
  /** Null when it was ended by a signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs another program to its end, without a shell. `not-found` where there is none of that name; ended by force after `timeoutMs`. */
export type RunProgram = (program: string, args: readonly string[], options?: { readonly timeoutMs?: number }) => Promise<ProgramResult>;

export const runProgram: RunProgram = (program, args, { timeoutMs = 30_000 } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new SyncError(cause.code === 'ENOENT' ? 'not-found' : 'io', cause.code === 'ENOENT' ? `there is no program ${program} here` : `${program} cannot be run`, { cause })),
    );
    child.once('close', (code) => resolve({ code, out, err }));
  });
