import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { controlPerTest, known, PORTS } from '../testing/control-kit.ts';
import { openAppControl } from './app-control.ts';
import { connectApp } from './control-client.ts';
import type { ControlPlace } from './control-place.ts';

const bench = controlPerTest();

describe('a command and the desktop app', () => {
  it('change a setting of a folder, and wait for one another until the app is ready', async () => {
    let ready: (desk: { set(folder: string, name: string, value: string | null): Promise<void> }) => void = () => undefined;
    const server = await openAppControl(
      { ...PORTS, lockFile: bench.lockFile('app') },
      new Promise((resolve) => {
        ready = resolve;
      }),
    );
    bench.closes(server);
    const app = await connectApp(server.place as ControlPlace, { clock: nodeClock, isWindows: false });
    if (app === null) throw new Error('nobody is there');
    bench.closes(app);
    const early = app.set('aaaaaaaaaaaaaaaa', 'SYNC_SCHEDULE', '0 3 * * *');
    const asked: unknown[] = [];
    ready({
      set: async (...args) => {
        asked.push(args);
        if (args[2] === null) throw new SyncError('usage', 'not so');
      },
    });
    await early;
    await expect(app.set('aaaaaaaaaaaaaaaa', 'QUIET_HOURS', null)).rejects.toMatchObject({ code: 'usage', message: 'not so' });
    expect(asked).toEqual([
      ['aaaaaaaaaaaaaaaa', 'SYNC_SCHEDULE', '0 3 * * *'],
      ['aaaaaaaaaaaaaaaa', 'QUIET_HOURS', null],
    ]);
    expect(await known(server.place as ControlPlace, '{"id":1,"ask":"resume"}\n')).toContain('this was not understood');
    await server.close();
    expect(await connectApp(server.place as ControlPlace, { clock: nodeClock, isWindows: false })).toBeNull();
  });
});
