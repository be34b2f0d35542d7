import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseRecoveryWords } from '../codec/secret-key.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import { VaultDesk } from './vault-desk.ts';

const start = () => {
  const random = new SeededRandom(5);
  return new VaultDesk({ clock: new ManualClock(), random, chance: random.bytes });
};
const TYPED = { kind: 'passphrase', text: 'copper fern lantern', compression: true, hideNames: false } as const;

describe('the desk for vaults', () => {
  it('makes words for a new vault, one asked back of each third, and shows none of it by accident', () => {
    const desk = start();
    const { token, words, asked } = desk.prepare(TYPED);
    expect(parseRecoveryWords(words.join(' '))).toHaveProperty('secret');
    expect(asked.map((n) => Math.ceil(n / 8))).toEqual([1, 2, 3]);
    const plan = desk.plan({ kind: 'new', token, withoutSheet: true });
    expect(plan).toMatchObject({
      kind: 'new',
      vault: expect.stringMatching(/^[0-9a-f]{32}$/),
      compression: true,
      hideNames: false,
      secret: { kind: 'passphrase' },
      recovery: { kind: 'recovery' },
    });
    expect(`${JSON.stringify([desk, plan])}${inspect([desk, plan], { depth: 9, showHidden: true })}`).not.toMatch(new RegExp(`copper|${words[0]}"`));
  });

  it('goes on only when the words came back, or were given up by choice', () => {
    const desk = start();
    const { token, words, asked } = desk.prepare(TYPED);
    const choice = { kind: 'new', token, withoutSheet: false } as const;
    const right = asked.map((n) => words[n - 1] ?? '');
    expect(() => desk.plan(choice)).toThrow('asked back');
    for (const wrong of [[], right.slice(1), right.toReversed(), right.with(2, 'zebra')]) expect(desk.confirm(token, wrong)).toBe(false);
    expect(() => desk.plan(choice)).toThrow('asked back');
    expect(desk.confirm(token, [` ${right[0]?.toUpperCase()} `, ...right.slice(1)])).toBe(true);
    expect(desk.plan(choice)).toMatchObject({ kind: 'new' });
  });

  it('writes the sheet of these words', () => {
    const desk = start();
    const { token, words } = desk.prepare(TYPED);
    const sheet = desk.sheet(token, 'R&D').reveal();
    expect(sheet).toContain('R&#38;D');
    for (const word of words) expect(sheet).toContain(word);
  });

  it.each([
    [{ ...TYPED, text: 'elevenchars' }, 'at least 12'],
    [{ ...TYPED, kind: 'key', text: 'copper fern lantern' }, 'bytes long'],
    [{ ...TYPED, kind: 'key', text: `passphrase:${TYPED.text}` }, 'no key'],
  ] as const)('refuses what will not do: %j', (typed, why) => {
    expect(() => start().prepare(typed)).toThrow(why);
  });

  it('knows what was opened until it is told to forget', () => {
    const desk = start();
    const token = desk.hold({ vault: 'f'.repeat(32), compression: false, hideNames: true, secret: 'passphrase:hunter2 hunter2' });
    const { token: prepared } = desk.prepare(TYPED);
    expect(desk.plan({ kind: 'join', token })).toMatchObject({ kind: 'join', vault: 'f'.repeat(32), hideNames: true, secret: { kind: 'passphrase' } });
    expect(desk.plan({ kind: 'compressed' })).toEqual({ kind: 'compressed' });
    desk.forgetAll();
    expect(() => desk.plan({ kind: 'join', token })).toThrow('no longer at hand');
    expect(() => desk.sheet(prepared, 'x')).toThrow('no longer at hand');
  });
});
