import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { expect } from 'vitest';
import { openKeyring } from '../../../src-main/codec/keyring.ts';
import type { NameCodec } from '../../../src-main/codec/names.ts';
import { parseVaultDocument } from '../../../src-main/codec/read-vault.ts';
import { parseEncryptionKey } from '../../../src-main/codec/secret-key.ts';
import { isSealed } from '../../../src-main/codec/vault-document.ts';
import { namesOf } from '../../../src-main/compose/vault.ts';
import { type Device, randomFrom, treeOf, type World } from '../world.ts';
import type { StorageOwner, Stored } from './storage-owner.ts';
import type { Tampering } from './tamperings.ts';

export const KEY = '7'.repeat(64);
export const SEALED = { ENCRYPTION_KEY: KEY, COMPRESSION_ENABLED: 'true', ENCRYPT_NAMES: 'true' };
/** Three segments, which do not compress. */
const BYTES = 135_000;
const OURS = 'ours';
const THEIRS = 'theirs';

/** Devices that share an encrypted vault in a bucket, and whoever runs the bucket. */
export interface TamperingPlace {
  readonly world: World;
  readonly owner: StorageOwner;
  /** Settings of the bucket, without a prefix. */
  readonly bucket: Readonly<Record<string, string>>;
}

interface Said {
  readonly path: string;
  readonly reason: string;
  readonly text: string;
}

interface Report {
  readonly exitCode: number;
  readonly problems: readonly { readonly path: string; readonly reason: string; readonly detail?: string; readonly side: string }[];
  readonly failures: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  readonly [more: string]: unknown;
}

/** One file, or two, for each tampering. */
const fileOf = (number: number): string => `${number}/the file.bin`;
const renamedOf = (number: number): string => `${number}/a new name.bin`;
const partnerOf = (number: number): string => `${number}/another.bin`;

export class TamperedVault {
  readonly desk: Device;
  readonly laptop: Device;
  readonly #place: TamperingPlace;
  readonly #tamperings: readonly Tampering[];
  readonly #random = randomFrom(20_261_126);
  #names: NameCodec | null = null;

  constructor(place: TamperingPlace, tamperings: readonly Tampering[]) {
    this.#place = place;
    this.#tamperings = tamperings;
    this.desk = this.device('desk');
    this.laptop = this.device('laptop');
  }

  device(name: string, prefix = OURS): Device {
    return this.#place.world.device(name, { ...SEALED, ...this.#place.bucket, S3_PREFIX: prefix });
  }

  get owner(): StorageOwner {
    return this.#place.owner;
  }

  /** Everything is stored and known to both devices; then each object is tampered with, and a device does what it would anyway. */
  async prepare(): Promise<void> {
    const { desk, laptop } = this;
    const stranger = this.device('stranger', THEIRS);
    for (const number of this.#tamperings.keys()) {
      desk.write(fileOf(number), this.#noise());
      if (this.#tamperings[number]?.takesPartner) desk.write(partnerOf(number), this.#noise());
    }
    stranger.write(fileOf(0), this.#noise());
    desk.write('good/one.txt', 'one');
    await Promise.all([desk.sync(), stranger.sync()]);
    await this.open();
    const past = new Map([...(await this.owner.everything(`${OURS}/`)), ...(await this.owner.everything(`${THEIRS}/`))]);
    for (const [number, { revised }] of this.#tamperings.entries()) if (revised) desk.write(fileOf(number), this.#noise());
    await desk.sync();
    await laptop.sync();
    laptop.write('good/from-laptop.txt', 'two');
    await laptop.sync();
    for (const [number, tampering] of this.#tamperings.entries()) await tampering.act(this.#target(number, past));
    for (const [number, { meanwhile }] of this.#tamperings.entries()) {
      if (meanwhile === 'edited') desk.write(fileOf(number), `edited by its user: ${number}`);
      if (meanwhile === 'deleted') desk.remove(fileOf(number));
      if (meanwhile === 'renamed') renameSync(desk.path(fileOf(number)), desk.path(renamedOf(number)));
    }
    desk.write('good/from-desk.txt', 'three');
  }

  #target(number: number, past: ReadonlyMap<string, Stored>): Parameters<Tampering['act']>[0] {
    const [key, partner] = [this.key(fileOf(number)), this.key(partnerOf(number))];
    const before = past.get(key);
    const other = [...past].find(([name]) => name.startsWith(`${THEIRS}/`) && !name.includes('/.file-sync/') && !name.endsWith('/'))?.[1];
    if (before === undefined || other === undefined) throw new Error(`nothing is stored for ${fileOf(number)}`);
    return { owner: this.owner, key, partner, past: before, foreign: other };
  }

  /** Where a path lies in the bucket. */
  key(path: string): string {
    return `${OURS}/${this.#names?.sealKey(path) ?? path}`;
  }

  /** Where what is kept of a path lies. */
  versionsOf(path: string): string {
    return this.key(`.file-sync/versions/${path}/0`).slice(0, -1);
  }

  /** A device that knows it all names what objects say of themselves; nothing in the bucket that was tampered with is written over, nothing here is lost, and the rest goes on. */
  async expectNamedWhereKnown(): Promise<void> {
    const { desk } = this;
    const [store, here] = [await this.owner.everything(`${OURS}/`), treeOf(desk.source)];
    const report = await desk.json<Report>('sync');
    expect(report.exitCode).toBe(1);
    expect(byPath(saidIn(report))).toEqual(
      byPath(this.#tamperings.flatMap(({ listed, takesBoth }, number) => (listed === null ? [] : this.#paths(number, takesBoth).map((path) => ({ path, reason: listed }))))),
    );
    for (const { path, text } of saidIn(report)) expect(text, path).toMatch(this.#tamperingAt(path).says);
    const after = await this.owner.everything(`${OURS}/`);
    for (const [number, { name, takesBoth }] of this.#tamperings.entries())
      for (const path of this.#paths(number, takesBoth))
        expect(shown(after.get(this.key(path))?.body), `${name}: the object stays as it is`).toBe(shown(store.get(this.key(path))?.body));
    here.set('good/from-laptop.txt', Buffer.from('two'));
    expect(contentsOf(treeOf(desk.source))).toEqual(contentsOf(here));
    const added = ['good/from-desk.txt', ...this.#tamperings.flatMap(({ meanwhile }, number) => (meanwhile === 'renamed' ? [renamedOf(number)] : []))];
    expect(added.filter((path) => !after.has(this.key(path)))).toEqual([]);
  }

  /** `verify` reads everything and names everything. */
  async expectVerifyFindsAll(): Promise<void> {
    const { exitCode, findings } = await this.desk.json<{
      findings: readonly { readonly path: string; readonly kind: string; readonly side?: string; readonly reason?: string; readonly remote: string | null }[];
    }>('verify');
    expect(exitCode).toBe(1);
    const found = findings.filter(({ path }) => /^\d+\//.test(path));
    const due = this.#tamperings.flatMap(({ newcomer, takesBoth }, number) => (newcomer === 'the content' ? [] : this.#paths(number, takesBoth)));
    expect([...new Set(found.map(({ path }) => path))].sort()).toEqual(due.sort());
    for (const { path, remote } of found) expect(remote, path).toMatch(this.#tamperingAt(path).says);
  }

  /** A device that never saw the vault gets what is whole and names the rest. */
  async expectNamedToNewcomer(): Promise<void> {
    const tablet = this.device('tablet');
    const report = await tablet.json<Report>('sync');
    expect(report.exitCode).toBe(1);
    const refused = this.#tamperings.flatMap(({ newcomer, takesBoth }, number) => (newcomer === 'nothing' ? this.#paths(number, takesBoth) : []));
    expect([...new Set(saidIn(report).map(({ path }) => path))].sort()).toEqual(refused.sort());
    for (const { path, text } of saidIn(report)) expect(text, path).toMatch(this.#tamperingAt(path).says);
    const got = treeOf(tablet.source);
    for (const path of refused) expect(got.has(path), path).toBe(false);
    for (const [number, { newcomer }] of this.#tamperings.entries())
      if (newcomer === 'the content') expect(shown(got.get(fileOf(number)))).toBe(shown(readFileSync(this.desk.path(fileOf(number)))));
    for (const [path, content] of got) if (/another.bin$|a new name.bin$/.test(path)) expect(shown(content), path).toBe(shown(readFileSync(this.desk.path(path))));
    expect(['good/one.txt', 'good/from-desk.txt', 'good/from-laptop.txt'].map((path) => got.get(path)?.toString())).toEqual(['one', 'three', 'two']);
  }

  #paths(number: number, takesBoth = false): readonly string[] {
    return takesBoth ? [fileOf(number), partnerOf(number)] : [fileOf(number)];
  }

  #tamperingAt(path: string): Tampering {
    const found = this.#tamperings[Number.parseInt(path, 10)];
    if (found === undefined) throw new Error(`nobody did anything to ${path}`);
    return found;
  }

  /** Learns how names are stored, with the vault's key, which the owner does not have. */
  async open(): Promise<void> {
    const { body } = await this.owner.get(`${OURS}/.file-sync/vault.json`);
    const document = parseVaultDocument(body);
    const secret = parseEncryptionKey(KEY);
    if (!isSealed(document) || 'fault' in secret) throw new Error('it is not encrypted');
    this.#names = namesOf(await openKeyring(document, secret.secret));
  }

  #noise(): Buffer {
    const bytes = Buffer.alloc(BYTES);
    for (let at = 0; at < BYTES; at += 4) bytes.writeUInt32LE(this.#random.below(2 ** 32), at);
    return bytes;
  }
}

function saidIn({ problems, failures }: Report): readonly Said[] {
  return [
    ...problems.map(({ path, reason, detail = '' }) => ({ path, reason, text: detail })),
    ...failures.map(({ path, code, message }) => ({ path, reason: code, text: message })),
  ];
}

/** Large bodies are compared by their hash: quick, and a difference is shown in a line. */
function shown(content: Buffer | string | null | undefined): string {
  return Buffer.isBuffer(content) ? createHash('sha256').update(content).digest('hex') : String(content);
}

function contentsOf(tree: ReadonlyMap<string, Buffer | string | null>): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, content]) => [path, shown(content)]));
}

function byPath(said: readonly Pick<Said, 'path' | 'reason'>[]): readonly string[] {
  return said.map(({ path, reason }) => `${path}: ${reason}`).sort();
}
