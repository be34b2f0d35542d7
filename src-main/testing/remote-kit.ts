import type { Backend, Body } from '../backends/backend.ts';
import type { TestStore } from '../backends/conformance.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../backends/memory/memory-backend.ts';
import type { FileEntry, RemoteSnapshot, SymlinkEntry, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import { openRemoteTree } from '../remote/remote-tree-on-backend.ts';
import { bodyOf } from '../remote/small-body.ts';
import { fileEntry } from './tree-dsl.ts';

export const START_MS = 1_700_000_000_000;

/** A memory store with a clock of its own that moves 1 ms a reading, or jumps. */
export class MemoryWorld {
  nowMs = START_MS;
  readonly store: MemoryStore = createMemoryStore({ now: () => this.nowMs++ });

  client(step?: BackendStep): Backend {
    return this.store.client(step === undefined ? {} : { step });
  }
  tree(device: string, options: TreeOptions & { readonly step?: BackendStep } = {}): RemoteTree {
    return treeOn(this.client(options.step), device, options);
  }
  testStore(): TestStore {
    return { backend: this.client(), second: this.client() };
  }
}

export interface TreeOptions {
  readonly keepVersions?: boolean;
  /** What the device takes for the time. */
  readonly deviceNow?: () => number;
}

export function treeOn(backend: Backend, device: string, { keepVersions = true, deviceNow = () => START_MS }: TreeOptions = {}): RemoteTree {
  return openRemoteTree({
    backend,
    newHasher: nodeHasher,
    clock: { now: deviceNow },
    random: { id: () => `${device.replace(/\W/g, '')}${++ids}`.slice(-64) },
    device,
    keepVersions,
  });
}

export function fileOf(content: string, mode: number | null = 0o644): FileEntry {
  return { ...fileEntry(content, mode), mtimeNs: 1_600_000_000_123_456_000n };
}
export function linkTo(target: string): SymlinkEntry {
  return { kind: 'symlink', target };
}
export function bodyWith(content: string): Body {
  return bodyOf(Buffer.from(content));
}

let ids = 0;
let ops = 0;
/** Writes a file that must go well. */
export async function writeText(tree: RemoteTree, path: string, content: string, expect: Version | null = null): Promise<Version> {
  const result = await tree.write(relPath(path), fileOf(content), bodyWith(content), { op: `op${ops++}`, expect });
  if (result.kind !== 'done') throw new Error(`write of ${path} was ${result.kind}`);
  return result.version;
}
export async function writeLink(tree: RemoteTree, path: string, target: string): Promise<Version> {
  const result = await tree.write(relPath(path), linkTo(target), bodyWith(target), { op: `op${ops++}`, expect: null });
  if (result.kind !== 'done') throw new Error(`link ${path} was ${result.kind}`);
  return result.version;
}

export async function scanAll(tree: RemoteTree, previous?: RemoteSnapshot): Promise<RemoteSnapshot> {
  return tree.scan({ base: new Map(), rehash: false, ...(previous === undefined ? {} : { previous }) });
}

/** Path -> what is there, sorted: a hash's first digits by name of content, `-> target`, or `/`. */
export function picture(snapshot: RemoteSnapshot): Record<string, string> {
  const rows = [...snapshot.entries].map(([path, { entry }]) => [path, entry.kind === 'file' ? entry.hash : entry.kind === 'symlink' ? `-> ${entry.target}` : '/'] as const);
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}
export function hashOf(content: string): string {
  return fileEntry(content).hash;
}

export async function textOf(backend: Backend, key: string): Promise<string | null> {
  const object = await backend.get(key);
  if (object === null) return null;
  const parts: Uint8Array[] = [];
  for await (const chunk of object.chunks) parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts).toString();
}
export async function readText(tree: RemoteTree, path: string, version: Version): Promise<string | null> {
  const chunks = await tree.read(relPath(path), version);
  if (chunks === null) return null;
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts).toString();
}

/** Puts an object as a foreign tool would: no metadata, no condition worth the name. */
export async function foreignPut(backend: Backend, key: string, content: string, meta: Readonly<Record<string, string>> = {}): Promise<Version> {
  const there = await backend.stat(key);
  const result = await backend.put(key, bodyWith(content), { condition: there === null ? { kind: 'absent' } : { kind: 'match', version: there.version }, meta });
  if (result.kind !== 'done') throw new Error(`foreign put of ${key} was ${result.kind}`);
  return result.version;
}

export async function keysUnder(backend: Backend, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const info of backend.list(prefix)) if (!info.key.endsWith('/')) keys.push(info.key);
  return keys.sort();
}
