import { expect, it } from 'vitest';
import type { BackendStep } from '../backends/memory/memory-backend.ts';
import { openKeyring } from '../codec/keyring.ts';
import { isSealed } from '../codec/vault-document.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { changeContext, keyOf } from '../testing/keyring-kit.ts';
import { RotationWorld } from '../testing/rotation-kit.ts';
import { type Journal, memoryJournal } from './journal.ts';
import { reEncrypt } from './re-encrypt.ts';
import { retireOldEpochs } from './retire-epochs.ts';

class Killed extends Error {}

/** Re-encryption and retirement, as one process does them; dead after so many calls of the store, and nothing it had under way goes on. */
async function work(world: RotationWorld, journal: Journal, calls: number): Promise<'done' | 'killed'> {
  let left = calls;
  const step: BackendStep = async (when) => {
    if (left <= 0) throw new Killed();
    if (when === 'after' && --left === 0) throw new Killed();
  };
  try {
    const report = await reEncrypt({ backend: world.device(world.second, step), journal, newHasher: nodeHasher });
    expect(report).toMatchObject({ complete: true, refused: [] });
    const store = world.client(step);
    await retireOldEpochs({ store, open: (document) => openKeyring(document, keyOf('a')), context: changeContext(5), current: 2, graceMs: 0 });
    return 'done';
  } catch (error) {
    // A reader of a body may have died in its sleep, which the codec tells as its own error.
    if (left <= 0) return 'killed';
    throw error;
  }
}

it('C48 killed after any one call of the store: everything reads as before at that moment, and the next run ends with all of it under the new key and the old one retired', {
  timeout: 600_000,
}, async () => {
  let swept = 0;
  for (let calls = 1; ; calls++) {
    const world = await RotationWorld.make();
    const before = await world.seen(world.second);
    const journal = memoryJournal();
    const end = await work(world, journal, calls);
    const { document } = await world.stored();
    if (!isSealed(document)) throw new RangeError('not encrypted');
    const found = await openKeyring(document, keyOf('a'));
    expect(await world.seen(found), `killed after call ${calls}`).toEqual(before);
    if (end === 'done') break;
    swept++;
    // Half of them without the journal: it is lost with a disk.
    expect(await work(world, calls % 2 === 0 ? journal : memoryJournal(), Number.POSITIVE_INFINITY)).toBe('done');
    const after = (await world.stored()).document;
    if (!isSealed(after)) throw new RangeError('not encrypted');
    expect([world.epochs, after.keyring.epochs.map(({ id }) => id)], `killed after call ${calls}`).toEqual([[2], [2]]);
    expect(await world.seen(await openKeyring(after, keyOf('a'))), `killed after call ${calls}, and finished`).toEqual(before);
  }
  expect(swept).toBeGreaterThan(20);
});
