import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

/** What is tested is the built command line, nothing else. */
const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');
if (!existsSync(CLI)) throw new Error('out/main/cli.js is missing: run `npm run build` first');

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Result>;
  out(): string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user instead. */
  readonly uid?: number;
  /** A command that is given the rest of the line and ends in it, as `env` does. */
  readonly through?: readonly string[];
}

/** Nobody's user id, for what root may do and others may not. */
export const ORDINARY_USER = 65_534;
export const isRoot = process.getuid?.() === 0;

let readable: string | null = null;

/** A built command line that any user can read: this one, or a copy where the checkout is closed to others (under /root, say). */
function readableCli(): string {
  readable ??=
    spawnSync(process.execPath, ['-e', "require('node:fs').accessSync(process.argv[1])", CLI], { cwd: '/', uid: ORDINARY_USER, gid: ORDINARY_USER }).status === 0
      ? CLI
      : copyOfCli();
  return readable;
}

function copyOfCli(): string {
  const checkout = resolve(import.meta.dirname, '../..');
  const copy = mkdtempSync(join(tmpdir(), 'file-sync-cli-'));
  chmodSync(copy, 0o755);
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean; devOptional?: boolean }> };
  for (const name of ['package.json', 'out/main']) cpSync(join(checkout, name), join(copy, name), { recursive: true });
  for (const [name, { dev, devOptional }] of Object.entries(lock.packages)) {
    if (name !== '' && dev !== true && devOptional !== true && existsSync(join(checkout, name)))
      cpSync(join(checkout, name), join(copy, name), { recursive: true, dereference: true });
  }
  spawnSync('chmod', ['-R', 'a+rX', copy]);
  return join(copy, 'out/main/cli.js');
}

/** A folder of its own for one test, with the devices in it. */
export class World {
  readonly root: string;
  readonly backup: string;
  readonly #running = new Set<ChildProcess>();

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-e2e-')));
    chmodSync(this.root, 0o755);
    this.backup = this.folder('backup');
  }

  folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  device(name: string, settings: Readonly<Record<string, string>> = {}): Device {
    return new Device(this, name, settings);
  }

  start(args: readonly string[], { cwd = this.root, env = {}, uid, through = [] }: RunOptions = {}): Running {
    const [program = process.execPath, ...line] = [...through, process.execPath, uid === undefined ? CLI : readableCli(), ...args];
    const child = spawn(program, line, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: join(this.root, 'home'), TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.#running.add(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    const ended = new Promise<Result>((done, failed) => {
      child.once('error', failed);
      child.once('close', (code, signal) => {
        this.#running.delete(child);
        done({ code, signal, out, err });
      });
    });
    return { child, ended, out: () => out };
  }

  run(args: readonly string[], options?: RunOptions): Promise<Result> {
    return this.start(args, options).ended;
  }

  async end(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }
}

const SCHEMAS = resolve(import.meta.dirname, '../../docs/schema');
const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const made = new Ajv2020({ allErrors: true, formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) } }).compile(
    JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')) as object,
  );
  validators.set(name, made);
  return made;
}

/** A line of `--json` output, which must be as the schema of its command describes it. */
export function described(line: string): object {
  const value = JSON.parse(line) as { readonly command?: string | null; readonly event?: string };
  const name = value.event === undefined ? (value.command ?? 'error').replaceAll(' ', '-') : value.event === 'activity' ? 'activity' : 'watch';
  const valid = validatorOf(name === 'file-sync' ? 'error' : name);
  if (!valid(value)) throw new Error(`docs/schema/${name}.json does not describe ${line}: ${JSON.stringify(valid.errors)}`);
  return value;
}

/** One computer: a synced folder and a state folder of its own. */
export class Device {
  readonly world: World;
  readonly name: string;
  readonly source: string;
  readonly state: string;
  readonly config: string;
  /** The backup folder; null where files do not lie in one as they are: the devices meet in a bucket, or it is encrypted. */
  readonly backup: string | null;
  readonly #target: Readonly<Record<string, string>>;

  constructor(world: World, name: string, settings: Readonly<Record<string, string>>) {
    this.world = world;
    this.name = name;
    this.source = world.folder(`${name}/source`);
    this.state = join(world.root, name, 'state');
    this.config = join(world.root, name, 'settings.env');
    const isBucket = settings['BACKEND_TYPE'] === 's3';
    this.#target = isBucket ? {} : { BACKUP_DIR: settings['BACKUP_DIR'] ?? world.backup };
    this.backup = isBucket || settings['ENCRYPTION_KEY'] !== undefined ? null : (settings['BACKUP_DIR'] ?? world.backup);
    this.configure(settings);
  }

  configure(settings: Readonly<Record<string, string>>): void {
    const all = { WATCH_DIR: this.source, ...this.#target, STATE_DIR: this.state, DEVICE_NAME: this.name, ...settings };
    writeFileSync(
      this.config,
      Object.entries(all)
        .map(([name, value]) => `${name}='${value}'\n`)
        .join(''),
    );
  }

  start(...args: readonly string[]): Running {
    return this.world.start([...args, '--config', this.config]);
  }

  run(...args: readonly string[]): Promise<Result> {
    return this.start(...args).ended;
  }

  async json<T = Record<string, unknown>>(...args: readonly string[]): Promise<T & { readonly exitCode: number }> {
    const { out, err } = await this.run(...args, '--json');
    try {
      JSON.parse(out);
    } catch {
      throw new Error(`no JSON document: ${out}${err}`);
    }
    return described(out) as T & { exitCode: number };
  }

  /** Syncs and expects it to come out in sync. */
  async sync(...args: readonly string[]): Promise<Result> {
    const result = await this.run('sync', ...args);
    expect(result, `${this.name}: ${result.out}${result.err}`).toMatchObject({ code: 0 });
    return result;
  }

  path(name: string): string {
    return join(this.source, name);
  }
  write(name: string, content: string | Uint8Array): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    writeFileSync(this.path(name), content);
  }
  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }
  remove(name: string): void {
    rmSync(this.path(name), { recursive: true });
  }
  names(): string[] {
    return [...treeOf(this.source).keys()].sort();
  }

  /** A copy of the folder as it is, and an instant that lies `apartMs` from all changes before and after. By `cp`, since Node's copies have their times rounded to the millisecond, and so now and then to the next second. */
  async copyNow(name: string, apartMs: number): Promise<{ readonly at: string; readonly copy: string }> {
    await wait(apartMs);
    const at = new Date().toISOString();
    await wait(apartMs);
    const copy = join(this.world.root, name);
    expect(spawnSync('cp', ['-a', this.source, copy], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    rmSync(join(copy, '.file-sync'), { recursive: true, force: true });
    return { at, copy };
  }
}

/** Every path below a folder but our control folder, with what it holds: contents, `-> target` of a link, null of a folder. What a running command takes away meanwhile is not among them. */
export function treeOf(root: string, withControl = false): Map<string, Buffer | string | null> {
  const tree = new Map<string, Buffer | string | null>();
  const take = (path: string): void => {
    const place = join(root, path);
    const stat = lstatSync(place);
    if (!stat.isDirectory()) tree.set(path, stat.isSymbolicLink() ? `-> ${readlinkSync(place)}` : stat.isFile() ? readFileSync(place) : 'special');
    else {
      tree.set(path, null);
      walk(path);
    }
  };
  const walk = (below: string): void => {
    for (const name of readdirSync(join(root, below))) {
      if (below === '' && name === '.file-sync' && !withControl) continue;
      try {
        take(below === '' ? name : `${below}/${name}`);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
      }
    }
  };
  walk('');
  return tree;
}

/** Two trees are equal, as two independent programs see them: names, contents, links, permissions and times. */
export function expectSameTree(a: string, b: string): void {
  const diff = spawnSync('diff', ['-r', '--no-dereference', '-x', '.file-sync', a, b], { encoding: 'utf8' });
  expect(diff.stdout + diff.stderr, 'diff -r').toBe('');
  // Times of folders and links are not synced; owners depend on who runs the test.
  const rsync = spawnSync('rsync', ['-anicO', '--omit-link-times', '--no-owner', '--no-group', '--delete', '--exclude=/.file-sync', `${a}/`, `${b}/`], { encoding: 'utf8' });
  expect(rsync.stdout + rsync.stderr, 'rsync -anic --delete').toBe('');
}

/** What the device remembers fits what both sides hold, nothing waits to be synced and nothing is left over. */
export async function expectSound(device: Device): Promise<void> {
  const { exitCode, findings, pending, conflicts, held, error } = await device.json<Record<string, unknown>>('verify', '--state');
  expect({ exitCode, findings, pending, conflicts, held, error }, `${device.name}: verify --state`).toEqual({ exitCode: 0, findings: [], pending: [], conflicts: [], held: [] });
}

/** Syncs the devices in turn until a round changes nothing, then expects all trees to be equal (I6). */
export async function converge(...devices: readonly Device[]): Promise<void> {
  for (let round = 1; round <= 8; round++) {
    let done = 0;
    for (const device of devices) {
      const result = await device.json<{ done: number; [part: string]: unknown }>('sync');
      const { exitCode, error, failures, problems, held, conflicts } = result;
      if (exitCode !== 0) throw new Error(`${device.name} ends with ${exitCode} in round ${round}: ${JSON.stringify({ error, failures, problems, held, conflicts })}`);
      done += result.done;
    }
    if (done > 0) continue;
    for (const device of devices) {
      expectSameTree(device.source, device.backup ?? devices[0]?.source ?? '');
      await expectSound(device);
    }
    return;
  }
  throw new Error('8 rounds were not enough to settle');
}

/** Waits for something another process does; fails loudly when it does not come. By default longer than from one poll to the next: on a busy machine a hint may be lost. */
export async function eventually(what: string, holds: () => boolean, ms = 45_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): { fraction(): number; below(n: number): number; pick<T>(items: readonly T[]): T } {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(fraction() * n);
  return { fraction, below, pick: (items) => items[below(items.length)] as (typeof items)[number] };
}
