import { describe, expect, it } from 'vitest';
import { switchObjects } from '../../compose/switch.ts';
import type { Version } from '../../core/entry.ts';
import { memoryJournal } from '../../migrate/journal.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import { SEALED } from '../../testing/keyring-kit.ts';
import { KEPT_A, SwitchWorld, type SwitchWorldOptions, TO_PLAIN_NAMES } from '../../testing/switch-kit.ts';
import type { Meta } from '../backend.ts';
import { ABSENT, hashOf, textBody } from '../conformance/kit.ts';
import type { BackendStep } from '../memory/memory-backend.ts';
import { SwitchOver } from './switch-over.ts';

const A = 'docs/a.txt';

async function begun(options: SwitchWorldOptions = {}): Promise<SwitchWorld> {
  const world = await SwitchWorld.make(options);
  await world.begin();
  return world;
}

async function statOf(world: SwitchWorld, key = A) {
  const there = await (await world.switching()).stat(key);
  if (there === null) throw new RangeError(`${key} is gone`);
  return there;
}

/** Moves one object, or what is left of it, as the work does. */
async function move(world: SwitchWorld, key = A, step?: BackendStep) {
  const vault = await world.switching(step);
  const old = await vault.findOld(key, {});
  if (old === null) throw new RangeError(`nothing of the old form at ${key}`);
  return new SwitchOver(vault).reseal(old);
}

/** A process that is killed once it has written something. */
function dieAfterPut(): BackendStep {
  let written = false;
  return async (when, operation) => {
    if (written) throw new Error('killed');
    written = when === 'after' && operation === 'put';
  };
}

const all = async (world: SwitchWorld) => switchObjects(await world.switching(), memoryJournal(), {});

describe.each([
  ['hidden names', SEALED],
  ['names that stay', TO_PLAIN_NAMES],
] as const)('a vault that is switched to %s', (_name, to) => {
  it('C68 reads what lies there in the open, and what it replaces is sealed', async () => {
    const world = await begun({ to });
    const vault = await world.switching();
    const { version } = await statOf(world);
    await world.put(vault, A, 'second letter', { op: 'op9' }, version);
    expect(await world.text(vault, A)).toBe('second letter');
    await world.put(vault, 'new', 'a new one');
    expect(await world.text(await world.switching(), 'new')).toBe('a new one');
    const bodies = world.store.keys.map((key) => Buffer.from(world.store.peek(key)?.body ?? []).toString('latin1')).join();
    expect(bodies).not.toMatch(/second letter|a new one/);
  });

  it('C68 removes an object of either form, and it stays away', async () => {
    const world = await begun({ to });
    const vault = await world.switching();
    expect(await vault.delete(A, { version: (await statOf(world)).version })).toEqual({ kind: 'done' });
    expect(await vault.stat(A)).toBeNull();
    await all(world);
    const { version } = await statOf(world, 'empty');
    expect(await vault.delete('empty', { version })).toEqual({ kind: 'done' });
    expect(await (await world.switching()).stat('empty')).toBeNull();
  });

  it('C68 keeps what it replaces in the new form, by a copy', async () => {
    const world = await begun({ to });
    const vault = await world.switching();
    const { version } = await statOf(world);
    const kept = '.file-sync/versions/docs/a.txt/1700000000000~1700000009000~r2';
    expect(vault.capabilities.keepsReplaced).toBe(false);
    expect(await vault.copy({ key: A, version }, kept, { condition: { kind: 'absent' } })).toMatchObject({ kind: 'done' });
    expect(await world.text(vault, kept)).toContain('the first letter');
    expect(world.store.keys.some((key) => key.endsWith('~r2') && Buffer.from(world.store.peek(key)?.body ?? []).includes('first letter'))).toBe(false);
  });

  it('C64 a path where something sealed was seen never takes anything in the open', async () => {
    const world = await begun({ to });
    const { notes } = memoryStateStore();
    await all(world);
    const device = await world.switching(undefined, notes);
    const { version } = (await device.stat(A)) ?? {};
    if (version === undefined) throw new RangeError('gone');
    await device.delete(A, { version });
    await device.close();
    await world.put(world.client(), A, 'planted');
    await expect((await world.switching(undefined, notes)).stat(A)).rejects.toMatchObject({ code: 'corrupt', reason: 'rolled-back' });
    const report = await switchObjects(await world.switching(undefined, notes), memoryJournal(), {});
    expect(report).toMatchObject({ complete: false, refused: [{ key: A, reason: 'rolled-back' }] });
    expect(await world.text(world.client(), A)).toBe('planted');
  });

  it('C64 what claims to be sealed opens, or is an error: never a file of the old form', async () => {
    const world = await begun({ to });
    await all(world);
    const stored = (await world.switching()).next.storedKey(A);
    const body = Buffer.from(world.store.peek(stored)?.body ?? []);
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
    const there = world.store.peek(stored);
    if (there === undefined) throw new RangeError('gone');
    world.store.write(stored, { kind: 'match', version: there.version }, body, {});
    await expect(world.text(await world.switching(), A)).rejects.toMatchObject({ code: 'corrupt' });
    expect(await all(world)).toMatchObject({ complete: true });
    expect(Buffer.from(world.store.peek(stored)?.body ?? [])).toEqual(body);
  });
});

describe('two forms at one path, where names are hidden', () => {
  const late = (after: number): Meta => ({ op: 'late', device: 'bert', after: String(after) });

  it('C68 each is listed once, and the new one counts', async () => {
    const world = await begun();
    const before = await world.seen(world.before());
    await expect(move(world, A, dieAfterPut())).rejects.toThrow('killed');
    expect(world.store.keys).toContain(A);
    expect(await world.seen(await world.switching(undefined, memoryStateStore().notes, false))).toEqual(before);
    expect(world.store.keys).toContain(A);
    // Whoever lists it, and may write, makes it one.
    expect(await world.seen(await world.switching())).toEqual(before);
    expect(world.store.keys).not.toContain(A);
    await expect(move(world)).rejects.toThrow('nothing of the old form');
    expect(await world.seen(await world.switching())).toEqual(before);
  });

  it('C68 an object that moves while others list is in what they see', async () => {
    const world = await begun();
    let moved = false;
    const step: BackendStep = async (when, operation) => {
      // Between the two listings, and after the second.
      if (when === 'after' && operation === 'list' && !moved) {
        moved = true;
        await all(world);
      }
    };
    const keys: string[] = [];
    for await (const { key } of (await world.switching(step)).list('')) keys.push(key);
    expect(keys.filter((key) => key === A)).toHaveLength(1);
    expect(keys).toContain('empty');
  });

  it('C68 an object that goes right after its new form was not found yet is no absence', async () => {
    const world = await begun();
    let moved = false;
    const step: BackendStep = async (when, operation) => {
      if (when !== 'after' || operation !== 'stat' || moved) return;
      moved = true;
      await all(world);
    };
    expect(await (await world.switching(step)).stat(A)).not.toBeNull();
    expect(moved).toBe(true);
  });

  it('C68 C31 a late writer of the very content that was moved is its successor', async () => {
    const world = await begun();
    const { version, storedAtMs } = await statOf(world);
    // He writes in the middle of the move, after the new one was written.
    const step: BackendStep = async (when, operation, key) => {
      if (when === 'before' && operation === 'delete' && key === A) await world.put(world.client(), A, 'late edit', late(storedAtMs), version);
    };
    expect(await move(world, A, step)).toEqual({ kind: 'stale' });
    expect(await world.text(await world.switching(), A)).toContain('the first letter');
    expect(await all(world)).toMatchObject({ complete: true, refused: [] });
    expect(await world.text(await world.switching(), A)).toBe('late edit');
    expect(world.leaks).toEqual([]);
  });

  it('C68 the late writer, back with the key, finds his edit in his next listing, and when he writes on', async () => {
    for (const way of ['list', 'put']) {
      const world = await begun();
      const { version, storedAtMs } = await statOf(world);
      let theirs = version;
      const step: BackendStep = async (when, operation, key) => {
        if (when === 'before' && operation === 'delete' && key === A) theirs = await world.put(world.client(), A, 'late edit', late(storedAtMs), version);
      };
      await move(world, A, step);
      const device = await world.switching();
      if (way === 'list') for await (const _ of device.list('docs/'));
      else await expect(world.put(device, A, 'and on', { op: 'on' }, theirs)).rejects.toThrow('not what was expected');
      expect(await world.text(device, A)).toBe('late edit');
      expect(world.store.keys).not.toContain(A);
    }
  });

  it('C68 C36 a late writer where somebody else wrote since: both are kept, once, and a second try makes no third', async () => {
    const world = await begun();
    const { storedAtMs } = await statOf(world);
    await all(world);
    const vault = await world.switching();
    await world.put(vault, A, 'edited since', { op: 'op7' }, (await statOf(world)).version);
    await world.put(world.client(), A, 'late edit', late(storedAtMs));
    // Cut off after the copy was written.
    await expect(move(world, A, dieAfterPut())).rejects.toThrow('killed');
    expect(await all(world)).toMatchObject({ complete: true, refused: [] });
    const keys: string[] = [];
    for await (const { key } of (await world.switching()).list('')) if (key.startsWith('docs/a')) keys.push(key);
    const copies = keys.filter((key) => key !== A);
    expect(copies).toEqual([expect.stringMatching(/^docs\/a\.conflict-bert-\d{8}-\d{6}\.txt$/)]);
    expect(await world.text(vault, A)).toBe('edited since');
    expect(await world.text(vault, copies[0] ?? '')).toBe('late edit');
  });

  it('C68 a deletion in the middle of a move is not undone by it', async () => {
    const world = await begun();
    const { version } = await statOf(world);
    const other = await world.switching();
    let deleted = false;
    const step: BackendStep = async (when, operation, key) => {
      if (when === 'after' && operation === 'get' && key === A && !deleted) {
        deleted = true;
        await other.delete(A, { version });
      }
    };
    expect(await move(world, A, step)).toEqual({ kind: 'stale' });
    expect(await other.stat(A)).toBeNull();
  });

  it('C68 whoever removes an old one takes away what was being made of it', async () => {
    const world = await begun();
    const { version } = await statOf(world);
    let moved = false;
    const step: BackendStep = async (when, operation, key) => {
      if (when !== 'before' || operation !== 'delete' || key !== A || moved) return;
      moved = true;
      // The new one is written, and the old one not taken away yet.
      await expect(move(world, A, dieAfterPut())).rejects.toThrow('killed');
    };
    expect(await (await world.switching(step)).delete(A, { version })).toEqual({ kind: 'done' });
    expect(moved).toBe(true);
    expect(await (await world.switching()).stat(A)).toBeNull();
  });

  it.each([
    ['is killed before the old one goes', dieAfterPut],
    ['is done', (): undefined => undefined],
  ])('C32 C68 whoever removes an old one leaves what another device made of it by an edit, which %s', async (_name, stepOf) => {
    const world = await begun();
    const { version } = await statOf(world);
    let edited = false;
    const step: BackendStep = async (when, operation, key) => {
      if (when !== 'before' || operation !== 'delete' || key !== A || edited) return;
      edited = true;
      await world.put(await world.switching(stepOf()), A, 'edited meanwhile', { op: 'op7' }, version).catch(() => undefined);
    };
    await (await world.switching(step)).delete(A, { version });
    expect(edited).toBe(true);
    expect(await world.text(await world.switching(), A)).toBe('edited meanwhile');
  });

  it('C48 C68 killed anywhere in a removal, the object is as it was or gone, and never what it was before that', async () => {
    for (let calls = 1; ; calls++) {
      const world = await begun();
      await expect(move(world, A, dieAfterPut())).rejects.toThrow('killed');
      const editing = await world.switching(undefined, memoryStateStore().notes, false);
      const version = await world.put(editing, A, 'edited since', { op: 'op7' }, (await editing.stat(A))?.version ?? null);
      expect(world.store.keys).toContain(A);
      let left = calls;
      const step: BackendStep = async (when) => {
        if (left <= 0 || (when === 'after' && --left === 0)) throw new Error('killed');
      };
      const ended = await (await world.switching(step)).delete(A, { version }).then(
        () => true,
        () => false,
      );
      const text = await world.text(await world.switching(undefined, memoryStateStore().notes, false), A);
      expect([null, 'edited since'], `killed after call ${calls}`).toContain(text);
      if (ended) return expect(text).toBeNull();
    }
  });

  it('C68 what does not read back stops the work, and the old one stays', async () => {
    const world = await begun();
    const before = await world.text(world.client(), A);
    const step: BackendStep = async (when, operation, key) => {
      const there = world.store.peek(key);
      if (when !== 'after' || operation !== 'put' || there === undefined) return;
      const body = Buffer.from(there.body);
      body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
      world.store.write(key, { kind: 'match', version: there.version }, body, there.meta);
      // As if it had been written so: the same version.
      Object.assign(world.store.peek(key) ?? {}, { version: there.version });
    };
    await expect(move(world, A, step)).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('does not read back') });
    expect(await world.text(world.client(), A)).toBe(before);
  });

  it('C68 the old one is removed only while it still is what the new one was made from', async () => {
    const world = await begun();
    const { version } = await statOf(world);
    const vault = await world.switching();
    const step: BackendStep = async (when, operation, key) => {
      if (when === 'before' && operation === 'delete' && key === A) await world.put(world.client(), A, 'late edit', late(1), version);
    };
    await world.put(await world.switching(step), A, 'edited here', { op: 'op8' }, version);
    expect(await world.text(vault, A)).toBe('edited here');
    expect(await world.text(world.client(), A)).toBe('late edit');
    await all(world);
    const keys: string[] = [];
    for await (const { key } of vault.list('docs/a')) keys.push(key);
    expect(keys).toHaveLength(2);
  });

  it('C68 a kept version that a device wrote late is moved too', async () => {
    const world = await begun();
    await all(world);
    await world.put(world.client(), KEPT_A, 'the first letter '.repeat(40));
    expect(await all(world)).toMatchObject({ complete: true, refused: [] });
    expect(world.store.keys).not.toContain(KEPT_A);
  });

  it('C68 what does not hold what was recorded of it is named and left, and holds up nothing else', async () => {
    const world = await begun();
    const damaged = `${KEPT_A}2`;
    await world.client().put(damaged, textBody('other bytes'), { condition: ABSENT, meta: { sha256: hashOf('what it held') } });
    const report = await all(world);
    expect(report).toMatchObject({ complete: false, refused: [{ key: damaged, code: 'corrupt' }] });
    expect(world.store.keys.filter((key) => key.startsWith('.file-sync/versions/docs/'))).toEqual([damaged]);
    await world.client().delete(damaged, { version: world.store.peek(damaged)?.version ?? ('' as Version) });
    expect(await all(world)).toMatchObject({ complete: true, refused: [] });
  });
});

describe('a vault that only compressed', () => {
  it.each([
    ['hidden names', SEALED],
    ['names that stay', TO_PLAIN_NAMES],
  ] as const)('C68 is switched to %s', async (_name, to) => {
    const world = await SwitchWorld.make({ to, fromCompressed: true });
    const before = await world.seen(world.before());
    await world.begin();
    expect(await world.seen(await world.switching())).toEqual(before);
    expect(await all(world)).toMatchObject({ complete: true, refused: [] });
    expect(await world.seen(await world.switching())).toEqual(before);
  });
});
