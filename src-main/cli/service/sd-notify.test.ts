import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { SyncError } from '../../core/errors.ts';
import { type RunProgram, runProgram } from '../run-program.ts';
import { supervisor } from './sd-notify.ts';

const home = (env: Readonly<Record<string, string>>) => ({ pid: 7, env });
/** A clock whose sleeps end when the test says so. */
function stepped() {
  const waiting: { readonly ms: number; readonly wake: () => void }[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ ms, wake: resolve });
      signal?.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted')));
    });
  return { waiting, sleep };
}

function recorded(): { readonly run: RunProgram; readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    run: async (program, args) => {
      said.push([program, ...args].join(' '));
      return { code: 0, out: '', err: '' };
    },
  };
}

it('says nothing where nobody listens', async () => {
  const { run, said } = recorded();
  const above = supervisor({ home: home({ WATCHDOG_USEC: '1000000' }), clock: stepped(), run });
  await above.ready('x');
  await above.stopping();
  expect(said).toEqual([]);
});

it('is ready, alive at half the time systemd waits, and stopping, after which it shows no sign of life', async () => {
  const { run, said } = recorded();
  const clock = stepped();
  const above = supervisor({ home: home({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '7' }), clock, run });
  await above.ready('watching');
  expect(clock.waiting.map(({ ms }) => ms)).toEqual([30_000]);
  clock.waiting[0]?.wake();
  await expect.poll(() => clock.waiting.length).toBe(2);
  await above.status('2 changes\nwaiting');
  await above.stopping();
  clock.waiting[1]?.wake();
  expect(said).toEqual(['systemd-notify READY=1 STATUS=watching', 'systemd-notify WATCHDOG=1', 'systemd-notify STATUS=2 changes waiting', 'systemd-notify STOPPING=1']);
});

it('shows no sign of life on behalf of another process', async () => {
  const { run, said } = recorded();
  const clock = stepped();
  await supervisor({ home: home({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '8' }), clock, run }).ready('x');
  expect({ said: said.length, waiting: clock.waiting.length }).toEqual({ said: 1, waiting: 0 });
});

it('goes on where there is no systemd-notify', async () => {
  const run: RunProgram = async () => Promise.reject(new SyncError('not-found', 'there is no program'));
  await expect(supervisor({ home: home({ NOTIFY_SOCKET: '/run/x' }), clock: stepped(), run }).ready('x')).resolves.toBeUndefined();
});

const LISTENER = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True:
    text = s.recv(4096).decode()
    if text and not text.startswith('BARRIER'): print(' '.join(text.split(chr(10))), flush=True)
`;
const canListen = spawnSync('systemd-notify', ['--version']).status === 0 && spawnSync('python3', ['--version']).status === 0;

it.skipIf(!canListen)('reaches a real notification socket through the real systemd-notify', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'file-sync-notify-'));
  const socket = join(folder, 'notify');
  const listener = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface({ input: listener.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('listening');
    const env = { NOTIFY_SOCKET: socket };
    const run: RunProgram = (program, args, options) => runProgram('env', [`NOTIFY_SOCKET=${socket}`, program, ...args], options);
    const above = supervisor({ home: home(env), clock: stepped(), run });
    await above.ready('watching');
    expect((await lines.next()).value).toBe('READY=1 STATUS=watching');
    await above.stopping();
    expect((await lines.next()).value).toBe('STOPPING=1');
  } finally {
    listener.kill();
    rmSync(folder, { recursive: true });
  }
});
