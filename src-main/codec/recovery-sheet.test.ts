import { inspect } from 'node:util';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../testing/random.ts';
import { renderRecoverySheet } from './recovery-sheet.ts';
import { newRecoveryKey, parseRecoveryWords, recoveryWords } from './secret-key.ts';

const words = recoveryWords(newRecoveryKey(new SeededRandom(4).bytes));
const text = words.map((word) => word.reveal());
const sheet = renderRecoverySheet({ name: 'Ann’s <files> & "more"', vaultId: 'ab'.repeat(16), date: '26 November 2026', words });
const html = sheet.reveal();

describe('the recovery sheet', () => {
  it('C69 has the 24 words in order, numbered, and they read as the key again', () => {
    const listed = [...html.matchAll(/<li><span>(\d+)<\/span>([a-z]+)<\/li>/g)].map(([, number, word]) => `${number} ${word}`);
    expect(listed).toEqual(text.map((word, i) => `${i + 1} ${word}`));
    expect('secret' in parseRecoveryWords(text.join(' '))).toBe(true);
  });

  it('C69 has a QR code of the same words', () => {
    const { data, size } = encode(text.join(' ').toUpperCase(), { ecc: 'M', border: 4 });
    const drawn = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
    const [, path = ''] = /fill="#000" d="([^"]+)"/.exec(html) ?? [];
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) for (let i = 0; i < Number(width); i++) (drawn[Number(y)] ?? [])[Number(x) + i] = true;
    expect(drawn).toEqual(data);
    expect('secret' in parseRecoveryWords(text.join(' ').toUpperCase())).toBe(true);
  });

  it('I9 loads and runs nothing, and forbids it too', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|https?:|src=|href=/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('shows a name as text, whatever it is', () => {
    expect(html).toContain('Ann’s &#60;files&#62; &#38; &#34;more&#34;');
    expect(html).not.toContain('<files>');
  });

  it('I9 does not show when it is printed by mistake', () => {
    expect(inspect(sheet) + JSON.stringify(sheet) + String(sheet)).not.toContain(text[0]);
  });
});
