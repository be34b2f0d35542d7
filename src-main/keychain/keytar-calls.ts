import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { SyncError } from '../core/errors.ts';

/** One call of keytar. It may never settle while the system asks the user for the keyring's password. */
export interface KeytarCall {
  readonly method: 'getPassword' | 'setPassword' | 'deletePassword';
  readonly service: string;
  readonly account: string;
  /** What to keep. */
  readonly password?: string;
}
export type CallKeytar = (call: KeytarCall, signal: AbortSignal) => Promise<unknown>;

/** Electron cannot start itself as Node (its fuse is off), so there the library runs in this process: a call that never settles takes one of its threads and keeps it from ending. */
export function keytarHere(): CallKeytar {
  return process.versions['electron'] === undefined ? callInChild(() => createRequire(import.meta.url).resolve('keytar')) : inThisProcess;
}

const inThisProcess: CallKeytar = async ({ method, service, account, password }) => {
  // On use only: the library may be missing or not loadable here, and that is no reason not to start (C74).
  const { default: keytar } = (await import('keytar')) as unknown as { readonly default: typeof import('keytar') };
  return method === 'setPassword' ? keytar.setPassword(service, account, password ?? '') : keytar[method](service, account);
};

/** Reads the call from its input, writes the answer as JSON; `because` when the library says no. */
const CHILD = `
let text = '';
process.stdin.on('data', (piece) => { text += piece; }).on('end', async () => {
  let answer;
  try {
    const { method, service, account, password } = JSON.parse(text);
    answer = { value: await require(process.argv[1])[method](service, account, password) ?? null };
  } catch (error) { answer = { because: String(error && error.message || error) }; }
  process.stdout.write(JSON.stringify(answer));
});`;

/** A process of its own for every call, ended when the signal fires: one that waits for the user could not be ended otherwise, not even by leaving the program. The secret passes through pipes only. */
export const callInChild =
  (library: () => string): CallKeytar =>
  async (call, signal) => {
    const child = spawn(process.execPath, ['-e', CHILD, library()], { stdio: ['pipe', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL', windowsHide: true });
    return new Promise((resolve, reject) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      child.on('error', reject);
      child.stdin.on('error', reject);
      child.on('close', () => settle(text, resolve, reject));
      child.stdin.end(JSON.stringify(call));
    });
  };

function settle(text: string, resolve: (value: unknown) => void, reject: (error: Error) => void): void {
  if (text === '') return reject(new SyncError('refused', 'the process that asks the keychain ended without an answer'));
  let answer: { readonly value: unknown } | { readonly because: string };
  try {
    answer = JSON.parse(text);
  } catch {
    // The reason is not passed on: it quotes the text, which may hold the secret (I9).
    return reject(new SyncError('refused', 'the process that asks the keychain answered what cannot be read'));
  }
  if ('because' in answer) reject(new Error(answer.because));
  else resolve(answer.value);
}
