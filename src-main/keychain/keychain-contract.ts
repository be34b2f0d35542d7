import { expect, it } from 'vitest';
import { Secret } from '../core/secret.ts';
import type { Keychain } from './keychain.ts';

/** The contract of the `Keychain` port. Uses accounts that begin with `test-` and leaves none behind. */
export function describeKeychain(open: () => Keychain): void {
  it('keeps a text by account until it is deleted', async () => {
    const keychain = open();
    await keychain.set('test-a', new Secret('{"accessKeyId":"é日本😀","n":"line\\nline"}'));
    await keychain.set('test-b', new Secret('other'));
    try {
      expect((await keychain.get('test-a'))?.reveal()).toBe('{"accessKeyId":"é日本😀","n":"line\\nline"}');
      expect((await keychain.get('test-b'))?.reveal()).toBe('other');
    } finally {
      await keychain.delete('test-a');
      await keychain.delete('test-b');
    }
    expect(await keychain.get('test-a')).toBeNull();
  });

  it('replaces what it keeps, gives null for an unknown account, and deletes nothing twice', async () => {
    const keychain = open();
    await keychain.set('test-c', new Secret('old'));
    await keychain.set('test-c', new Secret('new'));
    expect((await keychain.get('test-c'))?.reveal()).toBe('new');
    await keychain.delete('test-c');
    await keychain.delete('test-c');
    expect(await keychain.get('test-c')).toBeNull();
  });
}
