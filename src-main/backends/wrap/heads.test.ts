import { expect, it } from 'vitest';
import type { Step } from '../../testing/fake-fs.ts';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { FORMS, sealedOn } from '../../testing/sealed-kit.ts';
import { ABSENT, leafKeys, match, putText } from '../conformance/kit.ts';

/** The size of what a reader finds at `a`, which is replaced or removed after it was seen there and before it is read. */
async function foundAfter(change: 'replaced' | 'removed'): Promise<number | null> {
  const store = new FakeStore();
  const writer = sealedOn(await store.open('one'), FORMS.compressed);
  const version = await putText(writer, 'a', 'old');
  let isFirst = true;
  const step: Step = async (label, path) => {
    if (!isFirst || label !== 'openRead' || path !== `${STORE}/a`) return;
    isFirst = false;
    if (change === 'removed') await writer.delete('a', { version });
    else await putText(writer, 'a', 'a newer one', { condition: match(version) });
  };
  const seen = await sealedOn(await store.open('other', step), FORMS.compressed).stat('a');
  expect(isFirst).toBe(false);
  return seen?.size ?? null;
}

it('C1 an object that is replaced or removed between the look and the reading is looked at again', async () => {
  expect(await foundAfter('replaced')).toBe('a newer one'.length);
  expect(await foundAfter('removed')).toBe(null);
});

it.each(['removed', 'replaced'])('C40 a rename of what is %s in that moment is stale: it is looked at again, and nothing of it stays', async (change) => {
  const store = new FakeStore();
  const writer = sealedOn(await store.open('one'), FORMS.compressed);
  const version = await putText(writer, 'a', 'old');
  // The first temporary file tells the store's time, the second is the copy's.
  let made = 0;
  const step: Step = async (label, path) => {
    if (label !== 'create' || !path.includes('/tmp/other-') || ++made !== 2) return;
    if (change === 'removed') await writer.delete('a', { version });
    else await putText(writer, 'a', 'a newer one', { condition: match(version) });
  };
  const other = sealedOn(await store.open('other', step), FORMS.compressed);
  expect(await other.copy({ key: 'a', version }, 'b', { condition: ABSENT })).toEqual({ kind: 'stale' });
  expect(made).toBe(2);
  expect(await leafKeys(writer)).toEqual(change === 'removed' ? [] : ['a']);
});
