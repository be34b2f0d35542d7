import { describe, expect, it } from 'vitest';
import { passphraseFault } from '../../../src-main/codec/secret-key.ts';
import { LEAST_CHARACTERS, strengthOf } from './strength.ts';

describe('the strength of a passphrase', () => {
  it.each([
    ['', 'short'],
    ['elevenchars', 'short'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['123456789012', 'weak'],
    ['abcdefghijklmnop', 'weak'],
    ['Password1234', 'weak'],
    ['trampolineski', 'weak'],
    ['copper fern lantern', 'fair'],
    ['copper fern lantern oxide', 'good'],
    ['copper fern lantern oxide vivid', 'strong'],
    ['kT9#vQ2!zR7&mX4w', 'strong'],
  ] as const)('%j: %s', (text, strength) => {
    expect(strengthOf(text)).toBe(strength);
  });

  it('is too short exactly where the main process says so', () => {
    for (const n of [LEAST_CHARACTERS - 1, LEAST_CHARACTERS]) {
      for (const character of ['x', '😀']) expect(strengthOf(character.repeat(n)) === 'short', `${n} ${character}`).toBe(passphraseFault(character.repeat(n)) !== null);
    }
  });
});
