import { expect, it } from 'vitest';
import type { BackendStep } from '../backends/memory/memory-backend.ts';
import { openKeyring } from '../codec/keyring.ts';
import type { CodecSettings } from '../codec/vault-document.ts';
import { switchObjects } from '../compose/switch.ts';
import { changeContext, keyOf, SEALED } from '../testing/keyring-kit.ts';
import { SwitchWorld, TO_COMPRESSED, TO_PLAIN_NAMES } from '../testing/switch-kit.ts';
import { type Journal, memoryJournal } from './journal.ts';
import { beginSwitch, endSwitchOf, switchOf } from './switch-vault.ts';

class Killed extends Error {}

/** The whole switch, as one process does it; dead after so many calls of the store, and nothing it had under way goes on. */
async function work(world: SwitchWorld, to: CodecSettings, journal: Journal, calls: number): Promise<'done' | 'killed'> {
  let left = calls;
  const step: BackendStep = async (when) => {
    if (left <= 0) throw new Killed();
    if (when === 'after' && --left === 0) throw new Killed();
  };
  try {
    const stored = await world.stored();
    const store = world.client(step);
    const first = to.encryption ? { secret: keyOf('a'), label: 'first' } : null;
    if (switchOf(stored.document) === null && stored.document.format === 1) await beginSwitch({ store, to, first, context: changeContext(3) }, stored);
    const { document } = await world.stored();
    const began = switchOf(document)?.began;
    if (began === undefined) return 'done';
    const report = await switchObjects(await world.switching(step), journal, {});
    expect(report).toMatchObject({ complete: true, refused: [] });
    await endSwitchOf({ store, open: (sealed) => openKeyring(sealed, keyOf('a')), context: changeContext(5), began, graceMs: 0 });
    return 'done';
  } catch (error) {
    // A reader of a body may have died in its sleep, which the codec tells as its own error.
    if (left <= 0) return 'killed';
    throw error;
  }
}

it.each([
  ['hidden names', SEALED, 40],
  ['names that stay', TO_PLAIN_NAMES, 20],
  ['compression only', TO_COMPRESSED, 20],
] as const)(
  'C48 C68 to %s, killed after any one call of the store: everything reads as before at that moment, and the next run ends with all of it in the new form',
  {
    timeout: 600_000,
  },
  async (_name, to, least) => {
    let swept = 0;
    for (let calls = 1; ; calls++) {
      const world = await SwitchWorld.make({ to });
      const before = await world.seen(world.before());
      const journal = memoryJournal();
      const end = await work(world, to, journal, calls);
      expect(await world.seen(await world.device()), `killed after call ${calls}`).toEqual(before);
      if (end === 'done') break;
      swept++;
      // Half of them without the journal: it is lost with a disk.
      expect(await work(world, to, calls % 2 === 0 ? journal : memoryJournal(), Number.POSITIVE_INFINITY)).toBe('done');
      const { document } = await world.stored();
      expect(document).toMatchObject({ format: 2, codec: to });
      expect(switchOf(document)).toBeNull();
      expect(await world.seen(await world.device()), `killed after call ${calls}, and finished`).toEqual(before);
      if (to.names !== 'plain') expect(world.leaks).toEqual([]);
    }
    expect(swept).toBeGreaterThan(least);
  },
);
