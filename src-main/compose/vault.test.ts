import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../backends/conformance/kit.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { composePair, type Pair, type PairConfig } from '../compose.ts';
import type { CycleReport } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';
import type { RestoredReport } from '../engine/sync-manager.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { storeVaultSecret } from '../keychain/vault-secrets.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import type { VaultWish } from '../settings/settings.ts';
import { keyOf } from '../testing/keyring-kit.ts';

const SEALED: VaultWish = { encryption: true, compression: true, hideNames: true };
const PLAIN: VaultWish = { encryption: false, compression: false, hideNames: false };
const TEXT = 'nobody in accounting may know of the merger yet\n'.repeat(50);

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vault-'));
  mkdirSync(join(root, 'backup'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface DeviceOptions {
  readonly wish?: VaultWish;
  readonly secret?: VaultSecret;
  readonly keychain?: Keychain;
  readonly compressionLevel?: number;
}

class Device {
  readonly folder: string;
  readonly #name: string;
  readonly #options: DeviceOptions;

  constructor(name: string, options: DeviceOptions) {
    this.#name = name;
    this.#options = options;
    this.folder = join(root, name);
    mkdirSync(this.folder, { recursive: true });
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, '..'), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }
  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  sync(dryRun = false): Promise<CycleReport & { readonly codec: unknown }> {
    return this.#with(dryRun, async ({ engine, codec }) => ({ ...(await engine.syncAll({ dryRun })), codec: codec() }));
  }

  acceptRestored(dryRun: boolean): Promise<RestoredReport> {
    return this.#with(dryRun, ({ restorer }) => restorer.acceptRestored({ dryRun }));
  }

  /** The contents of a file's kept versions. */
  kept(path: string): Promise<readonly string[]> {
    return this.#with(true, async ({ past }) => {
      const texts: string[] = [];
      for (const life of await past.livesOf(path as RelPath)) {
        const bytes = (await past.resolveLife(life))?.bytes ?? null;
        const chunks = bytes === null ? null : await past.open(bytes, { offset: 0 });
        if (chunks !== null) texts.push(Buffer.from(await bytesOf(chunks)).toString());
      }
      return texts;
    });
  }

  async #with<T>(dryRun: boolean, work: (pair: Pair) => Promise<T>): Promise<T> {
    const { wish = SEALED, secret, keychain = memoryKeychain(), compressionLevel } = this.#options;
    const config: PairConfig = {
      source: this.folder,
      backend: { kind: 'local', folder: join(root, 'backup') },
      stateDir: join(root, `state-${this.#name}`),
      logLevel: 'silent',
      settings: { ...DEFAULT_PAIR_SETTINGS, deviceName: this.#name, ...(compressionLevel === undefined ? {} : { compressionLevel }) },
      vault: wish,
      ...(secret === undefined ? {} : { vaultSecret: secret }),
    };
    const pair = await composePair(config, nodePlatform(), { kind: 'cli', mode: dryRun ? 'look' : 'own', keychain, scansHere: true });
    try {
      return await work(pair);
    } finally {
      await pair.close();
    }
  }
}

/** All names and all bytes of the backup folder, as whoever owns it can search them. */
function backup(folder = join(root, 'backup')): string {
  return readdirSync(folder)
    .map((name) => {
      const path = join(folder, name);
      return `${name}\n${statSync(path).isDirectory() ? backup(path) : readFileSync(path, 'latin1')}`;
    })
    .join('\n');
}

describe('an encrypted pair', () => {
  it('is made with the first sync, joined by a second device, and tells the backup folder nothing', async () => {
    const a = new Device('anna', { secret: keyOf('a') });
    a.write('budget/merger.txt', TEXT);
    expect((await a.sync(true)).planned.map(({ kind }) => kind)).toEqual(['make-remote-folder', 'upload']);
    expect(readdirSync(join(root, 'backup'))).toEqual([]);
    expect(await a.sync()).toMatchObject({ failures: [], problems: [], codec: { encryption: true, compression: true, names: 'base32' } });
    const b = new Device('bert', { wish: PLAIN, secret: keyOf('a') });
    await b.sync();
    expect(b.read('budget/merger.txt')).toBe(TEXT);
    b.write('budget/merger.txt', `${TEXT}signed\n`);
    b.write('notes.md', 'signed');
    await b.sync();
    await a.sync();
    expect([a.read('budget/merger.txt'), a.read('notes.md')]).toEqual([`${TEXT}signed\n`, 'signed']);
    for (const word of ['merger', 'budget', 'accounting', 'notes', 'signed', 'anna', 'bert']) expect(backup().toLowerCase()).not.toContain(word);
  });

  it('C69 S146 with a wrong key stops before anything is written, and says so', async () => {
    const a = new Device('a', { secret: keyOf('a') });
    a.write('f', TEXT);
    await a.sync();
    const before = backup();
    const b = new Device('b', { secret: keyOf('b') });
    b.write('mine', 'x');
    await expect(b.sync()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('wrong key') });
    expect([backup(), readdirSync(b.folder)]).toEqual([before, ['mine']]);
    // Nor later on, by a device that had the right one before.
    const late = new Device('a', { secret: keyOf('c') });
    late.write('f', 'changed');
    for (let turn = 0; turn < 2; turn++) await expect(late.sync()).rejects.toMatchObject({ code: 'config', reason: 'secret', message: expect.stringContaining('wrong key') });
    expect(backup()).toBe(before);
  });

  it('C74 takes its key from the keychain, and a locked one is told as what it is', async () => {
    const a = new Device('a', { secret: keyOf('a') });
    a.write('f', TEXT);
    await a.sync();
    const keychain = memoryKeychain();
    const { vault } = JSON.parse(readFileSync(join(root, 'backup/.file-sync/vault.json'), 'utf8')) as { readonly vault: string };
    const b = new Device('b', { wish: PLAIN, keychain });
    await expect(b.sync()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('encrypted') });
    await storeVaultSecret(keychain, vault, keyOf('a'));
    await b.sync();
    expect(b.read('f')).toBe(TEXT);
  });

  it('needs a key to be made', async () => {
    const a = new Device('a', {});
    a.write('f', TEXT);
    await expect(a.sync()).rejects.toMatchObject({ code: 'config', hint: expect.stringContaining('ENCRYPTION_KEY') });
    expect(backup()).toBe('');
  });

  it('C64 does not take an older, a plain or another vault file for its own', async () => {
    const a = new Device('a', { secret: keyOf('a') });
    a.write('f', TEXT);
    await a.sync();
    const file = join(root, 'backup/.file-sync/vault.json');
    const { vault } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vault: string };
    a.write('f', `${TEXT} and more`);
    for (const [text, code] of [
      [`{ "format": 1, "vault": "${vault}" }`, 'remote-replaced'],
      [readFileSync(file, 'utf8').replace('"compression": true', '"compression": false'), 'remote-replaced'],
      ['', 'corrupt'],
    ] as const) {
      const good = readFileSync(file);
      writeFileSync(file, text);
      await expect(a.sync()).rejects.toMatchObject({ code });
      writeFileSync(file, good);
    }
    expect(await a.sync()).toMatchObject({ failures: [], done: 1 });
  });
});

describe('C68 a pair that is set up otherwise than its vault', () => {
  it('encrypted, on a plain vault: nothing is written there in the open', async () => {
    const a = new Device('a', { wish: PLAIN });
    a.write('f', TEXT);
    await a.sync();
    const before = backup();
    const b = new Device('b', { secret: keyOf('a') });
    b.write('mine', 'x');
    await expect(b.sync()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('not encrypted') });
    expect(backup()).toBe(before);
  });

  it('compressed, on a plain vault', async () => {
    const a = new Device('a', { wish: PLAIN });
    a.write('f', TEXT);
    await a.sync();
    await expect(new Device('b', { wish: { ...PLAIN, compression: true } }).sync()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('not compressed') });
  });

  it('plain, on a compressed vault: the vault says how it is', async () => {
    const a = new Device('a', { wish: { ...PLAIN, compression: true } });
    a.write('f', TEXT);
    await a.sync();
    expect(backup()).not.toContain('accounting');
    const b = new Device('b', { wish: PLAIN });
    expect(await b.sync()).toMatchObject({ codec: { encryption: false, compression: true, names: 'plain' } });
    expect(b.read('f')).toBe(TEXT);
  });
});

describe('how hard a device compresses', () => {
  it('is its own choice, and no other needs to know it', async () => {
    const ledger = Array.from({ length: 20_000 }, (_, i) => `line ${(i * 7_919) % 1_009} of the ledger: ${(i * i) % 97}\n`).join('');
    const [quick, small] = [new Device('quick', { secret: keyOf('a'), compressionLevel: 1 }), new Device('small', { secret: keyOf('a'), compressionLevel: 9 })];
    quick.write('quick.txt', ledger);
    await quick.sync();
    const one = backup().length;
    small.write('small.txt', `${ledger}.`);
    await small.sync();
    expect(backup().length - one).toBeLessThan(one * 0.9);
    await quick.sync();
    expect([quick.read('small.txt'), small.read('quick.txt')]).toEqual([`${ledger}.`, ledger]);
  });
});

describe('a backup folder that its owner restored from a backup', () => {
  it('S147 is brought up to date from a device, on its word only: what is newer there goes back, what came back stays, nothing is lost', async () => {
    const a = new Device('a', { secret: keyOf('a') });
    for (const path of ['edited', 'edited again', 'same', 'removed']) a.write(path, `${path}, old`);
    await a.sync();
    cpSync(join(root, 'backup'), join(root, 'copy'), { recursive: true, preserveTimestamps: true });
    a.write('edited', 'newer than the backup');
    a.write('edited again', 'newer than the backup, too');
    a.write('new', 'made after the backup');
    rmSync(join(a.folder, 'removed'));
    await a.sync();
    rmSync(join(root, 'backup'), { recursive: true });
    renameSync(join(root, 'copy'), join(root, 'backup'));

    // Whoever syncs before it is accepted loses nothing either.
    expect(await a.sync()).toMatchObject({ held: [{ side: 'local', why: 'went-back', actions: [{ path: 'new' }] }] });
    a.write('edited again', 'edited before anybody noticed');
    const lost = await a.acceptRestored(true);
    expect(lost).toMatchObject({ older: ['edited', 'edited again'], missing: ['new'], differing: [], report: null });
    // A dry run changed nothing: it still is refused.
    expect(Object.fromEntries((await a.sync(true)).problems.map(({ path, reason }) => [path, reason]))).toEqual({ edited: 'rolled-back', 'edited again': 'rolled-back' });
    expect(await a.acceptRestored(false)).toMatchObject({ report: { failures: [], problems: [], conflicts: [] } });
    const b = new Device('b', { secret: keyOf('a') });
    await b.sync();
    for (const device of [a, b])
      expect(['edited', 'edited again', 'new', 'same', 'removed'].map((path) => device.read(path))).toEqual([
        'newer than the backup',
        'edited before anybody noticed',
        'made after the backup',
        'same, old',
        'removed, old',
      ]);
    expect(await a.kept('edited')).toContain('edited, old');
    expect(await a.sync()).toMatchObject({ done: 0, problems: [] });
    expect(await a.acceptRestored(true)).toMatchObject({ older: [], missing: [], differing: [] });
  });

  it('C64 what one device sends again over it does not pass for news on one that had something newer', async () => {
    const [a, b] = [new Device('a', { secret: keyOf('a') }), new Device('b', { secret: keyOf('a') })];
    a.write('f', 'first');
    await a.sync();
    cpSync(join(root, 'backup'), join(root, 'copy'), { recursive: true, preserveTimestamps: true });
    a.write('f', 'second, by a');
    await a.sync();
    await b.sync();
    b.write('f', 'third, by b');
    await b.sync();
    rmSync(join(root, 'backup'), { recursive: true });
    renameSync(join(root, 'copy'), join(root, 'backup'));
    expect(await a.acceptRestored(false)).toMatchObject({ older: ['f'] });
    expect((await b.sync()).problems).toMatchObject([{ path: 'f', reason: 'rolled-back' }]);
    expect(b.read('f')).toBe('third, by b');
    await b.acceptRestored(false);
    await a.sync();
    expect([a.read('f'), b.read('f')]).toEqual(['third, by b', 'third, by b']);
    for (const device of [a, b]) expect(await device.sync()).toMatchObject({ done: 0, problems: [] });
  });

  it('what was accepted once is refused when it comes back again', async () => {
    const a = new Device('a', { secret: keyOf('a') });
    a.write('f', 'old');
    await a.sync();
    cpSync(join(root, 'backup'), join(root, 'copy'), { recursive: true, preserveTimestamps: true });
    a.write('f', 'new');
    await a.sync();
    const restore = (): void => {
      rmSync(join(root, 'backup'), { recursive: true });
      cpSync(join(root, 'copy'), join(root, 'backup'), { recursive: true, preserveTimestamps: true });
    };
    restore();
    await a.acceptRestored(false);
    restore();
    expect((await a.sync()).problems).toMatchObject([{ path: 'f', reason: 'rolled-back' }]);
    expect(a.read('f')).toBe('new');
  });

  it('in the open, keeps both of what differs, and sends what is gone', async () => {
    const a = new Device('a', { wish: PLAIN });
    a.write('f', 'old');
    await a.sync();
    cpSync(join(root, 'backup'), join(root, 'copy'), { recursive: true });
    a.write('f', 'newer');
    a.write('g', 'made since');
    await a.sync();
    rmSync(join(root, 'backup'), { recursive: true });
    renameSync(join(root, 'copy'), join(root, 'backup'));
    expect(await a.acceptRestored(true)).toMatchObject({ older: [], missing: ['g'], differing: ['f'] });
    await a.acceptRestored(false);
    const texts = readdirSync(a.folder)
      .filter((name) => name !== '.file-sync')
      .map((name) => a.read(name));
    expect(texts.sort()).toEqual(['made since', 'newer', 'old']);
  });
});
