import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { body, file, RemoteKit } from '../testing/remote-kit.ts';
import { versionKey } from './versions.ts';

const DAY = 86_400_000;
const RULE = { keep: 3, days: 30 };

/** Versions of `path` that ended so many days ago. */
function kept(kit: RemoteKit, path: string, ...daysAgo: readonly number[]): void {
  for (const days of daysAgo) kit.plant(versionKey(`.file-sync/versions/${path}`, kit.now - (days + 1) * DAY, kit.now - days * DAY, `r${days}`), `${days}`);
}

describe('sweeping versions', () => {
  it('removes more than the rule keeps, and what is older than its days', async () => {
    const kit = new RemoteKit();
    kept(kit, 'many', 1, 2, 3, 4, 5);
    kept(kit, 'old', 1, 31, 40);
    kept(kit, 'gone', 100);
    await kit.tree().sweep(RULE);
    expect(kit.versions()).toEqual(['many 3', 'many 2', 'many 1', 'old 1']);
  });

  it('never removes the newest inside its days', async () => {
    const kit = new RemoteKit();
    kept(kit, 'a', 29);
    await kit.tree().sweep({ keep: 1, days: 30 });
    expect(kit.versions()).toEqual(['a 29']);
  });

  it('keeps none where the rule says so', async () => {
    const kit = new RemoteKit();
    kept(kit, 'a', 0, 1);
    await kit.tree().sweep({ keep: 0, days: 30 });
    expect(kit.versions()).toEqual([]);
  });

  it('leaves alone what it does not understand, and everything outside its folder', async () => {
    const kit = new RemoteKit();
    const odd = [
      'a/notes.txt',
      'a/1~2~r',
      'a/0000000000000~0000000000000~',
      'a/00000000000000~0000000000000~r',
      'a/0000000000000~0000000000000~../x',
      '0000000000000~0000000000000~r~s',
    ];
    for (const name of odd) kit.plant(`.file-sync/versions/${name}`, 'x');
    kit.plant('0000000000000~0000000000000~r', 'a user file');
    kit.plant('docs/0000000000000~0000000000000~r', 'a user file');
    await kit.tree().sweep({ keep: 0, days: 0 });
    for (const name of odd) expect(kit.text(`.file-sync/versions/${name}`), name).toBe('x');
    expect(kit.text('0000000000000~0000000000000~r')).toBe('a user file');
    expect(kit.text('docs/0000000000000~0000000000000~r')).toBe('a user file');
  });

  it.each([
    ['ten years ahead', 3650 * DAY],
    ['ten years behind', -3650 * DAY],
  ])("C44 a device whose clock is %s sweeps by the store's", async (_, skew) => {
    const kit = new RemoteKit();
    kept(kit, 'a', 1, 10, 40);
    await kit.tree('A', { deviceNow: () => kit.now + skew }).sweep(RULE);
    expect(kit.versions()).toEqual(['a 10', 'a 1']);
  });

  it("C44 a version ends by the store's clock, never before it began", async () => {
    const kit = new RemoteKit();
    const path = relPath('a');
    const tree = kit.tree('A', { deviceNow: () => kit.now + 3650 * DAY });
    const one = await tree.write(path, file('one'), body('one'), { op: '1', expect: null });
    const before = kit.now;
    if (one.kind === 'done') await tree.write(path, file('two'), body('two'), { op: '2', expect: one.version });
    const key = kit.store.keys.find((k) => k.startsWith('.file-sync/versions/a/')) ?? '';
    const [from, to] = key
      .slice(key.lastIndexOf('/') + 1)
      .split('~')
      .map(Number);
    expect(from).toBeLessThanOrEqual(before);
    expect(to).toBeGreaterThanOrEqual(from ?? Number.NaN);
    expect(to).toBeLessThan(kit.now + DAY);
    expect(versionKey('v', 2000, 1000, 'r')).toBe('v/0000000002000~0000000002000~r');
  });

  it('one that cannot be removed does not keep the others', async () => {
    const kit = new RemoteKit();
    kept(kit, 'a', 50);
    kept(kit, 'b', 50);
    const tree = kit.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'before' && operation === 'delete' && key.includes('/a/')) throw new SyncError('no-permission', 'no');
      },
    });
    await tree.sweep(RULE);
    expect(kit.versions()).toEqual(['a 50']);
  });

  it('ends when the store goes', async () => {
    const kit = new RemoteKit();
    kept(kit, 'a', 50);
    kit.store.offline = true;
    await expect(kit.tree().sweep(RULE)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
