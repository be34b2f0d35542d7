import { describe, expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { FILE, SETUP, startHost } from '../testing/engine-host-kit.ts';

describe('the engine thread', () => {
  it('lets held deletions go only if they are as many as the user was shown (I8)', async () => {
    const { call, engine } = startHost();
    await call('open', SETUP);
    engine.say({ held: [{ side: 'remote', why: 'too-many', files: 2, paths: [relPath('a'), relPath('b')] }] });
    await expect(call('release', { pair: SETUP.id, shown: 1 })).rejects.toMatchObject({ code: 'usage' });
    expect(engine.calls).not.toContain('sync and release');
    await call('release', { pair: SETUP.id, shown: 2 });
    expect(engine.calls).toContain('sync and release');
  });

  it('shows both texts of a conflict', async () => {
    const { call, disk, engine } = startHost();
    await call('open', SETUP);
    disk.edit.write('/home/a/Documents/n/report.txt', 'here\n');
    const path = relPath('n/report.txt');
    engine.say({ conflicts: [{ path, local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: 'desktop', remoteStoredAtMs: null, since: 1 }] });
    await expect(call('preview', { pair: SETUP.id, path })).resolves.toEqual({ local: { kind: 'text', text: 'here\n' }, remote: { kind: 'text', text: 'there\n' } });
    await expect(call('preview', { pair: SETUP.id, path: 'other.txt' })).rejects.toMatchObject({ code: 'not-found' });
    for (const bad of ['../secret', '/etc/passwd', 'n/../../x', '.file-sync/vault.json']) {
      await expect(call('preview', { pair: SETUP.id, path: bad })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it('C31 makes one choice for all conflicts, if they are as many as were shown', async () => {
    const { call, engine } = startHost();
    await call('open', SETUP);
    const conflict = (name: string) => ({ path: relPath(name), local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: null, since: 1 });
    engine.say({ conflicts: [conflict('a'), conflict('b')] });
    await expect(call('resolve-all', { pair: SETUP.id, choice: 'local', shown: 1 })).rejects.toMatchObject({ code: 'usage' });
    await call('resolve-all', { pair: SETUP.id, choice: 'local', shown: 2 });
    expect(engine.calls.slice(1)).toEqual(['resolve a local', 'resolve b local']);
  });

  it('writes the backup’s version of a conflict for this user alone, to be looked at', async () => {
    const { call, disk, engine } = startHost();
    await call('open', SETUP);
    disk.edit.mkdir('/tmp');
    const path = relPath('n/report.txt');
    engine.say({ conflicts: [{ path, local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: null, since: 1 }] });
    for (let i = 0; i < 2; i++) await expect(call('conflict-copy', { pair: SETUP.id, path, folder: '/tmp', mark: 'Backup' })).resolves.toBe('/tmp/report (Backup).txt');
    expect((await disk.view().lstat('/tmp/report (Backup).txt'))?.mode).toBe(0o600);
    await expect(call('conflict-copy', { pair: SETUP.id, path: '../x', folder: '/tmp', mark: 'Backup' })).rejects.toMatchObject({ code: 'usage' });
  });
});
