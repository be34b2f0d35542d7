import { expect, it } from 'vitest';
import { switchObjects } from '../../compose/switch.ts';
import { memoryJournal } from '../../migrate/journal.ts';
import { readVault } from '../../remote/vault.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import { VAULT_ID } from '../../testing/keyring-kit.ts';
import { SwitchWorld, TO_PLAIN_NAMES } from '../../testing/switch-kit.ts';
import type { Backend } from '../backend.ts';
import { bytesOf } from '../conformance/kit.ts';
import { unsealed } from './unsealed.ts';

/** A device that opened the vault while it lay in the open. */
function device(world: SwitchWorld): Backend {
  const store = world.client();
  return unsealed(store, { vaultId: VAULT_ID, confirm: async (options) => void (await readVault(store, options)) });
}

async function switched(world: SwitchWorld): Promise<void> {
  await world.begin();
  await switchObjects(await world.switching(undefined, memoryStateStore().notes), memoryJournal(), {});
}

const NEEDS_KEY = { code: 'config', message: expect.stringContaining('encrypted') };

it('C68 a device in the middle of its cycle takes nothing for gone when the vault is switched', async () => {
  const world = await SwitchWorld.make();
  const anna = device(world);
  expect((await anna.stat('docs/a.txt'))?.size).toBe(680);
  expect(await anna.stat('nothing')).toBeNull();
  const keys: string[] = [];
  const listing = (async () => {
    for await (const { key } of anna.list('', { skip: '.file-sync/' })) keys.push(key);
  })();
  await listing;
  expect(keys).toContain('docs/a.txt');
  await switched(world);
  await expect(anna.stat('docs/a.txt')).rejects.toMatchObject(NEEDS_KEY);
  await expect(anna.get('docs/a.txt')).rejects.toMatchObject(NEEDS_KEY);
  await expect(
    (async () => {
      for await (const _ of anna.list('', { skip: '.file-sync/' }));
    })(),
  ).rejects.toMatchObject(NEEDS_KEY);
});

it('C68 nor does it fetch what is sealed by now as if it were a file', async () => {
  const world = await SwitchWorld.make({ to: TO_PLAIN_NAMES });
  const anna = device(world);
  await switched(world);
  const object = await anna.get('docs/a.txt');
  await expect(bytesOf(must(object).chunks)).rejects.toMatchObject(NEEDS_KEY);
});

it('a file that begins like a container is a file where nothing was switched', async () => {
  const world = await SwitchWorld.make({ to: TO_PLAIN_NAMES });
  const other = await SwitchWorld.make({ to: TO_PLAIN_NAMES });
  await switched(other);
  const sealed = other.store.peek('docs/a.txt')?.body ?? new Uint8Array();
  const text = Buffer.from(sealed);
  await world.client().put(
    'mine',
    {
      size: text.length,
      open: async function* () {
        yield text.subarray(0, 20);
        yield text.subarray(20);
      },
    },
    { condition: { kind: 'absent' }, meta: {} },
  );
  for (const key of ['mine', 'empty', 'link']) {
    const object = await device(world).get(key);
    expect(Buffer.from(await bytesOf(must(object).chunks))).toEqual(Buffer.from(world.store.peek(key)?.body ?? []));
  }
});

function must<T>(found: T | null): T {
  if (found === null) throw new RangeError('gone');
  return found;
}
