import { readFileSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converge, type Device, treeOf, World } from './world.ts';

let world: World;
let a: Device;
let b: Device;
beforeEach(async () => {
  world = new World();
  a = world.device('desk');
  b = world.device('laptop');
  a.write('keep.txt', 'keep');
  a.write('docs/one.txt', 'one');
  a.write('docs/two.txt', 'two');
  await a.sync();
  await b.sync();
});
afterEach(() => world.end());

/** Both ways: whatever one device does reaches the other. */
const ways = [
  ['from the first to the second', () => [a, b] as const],
  ['from the second to the first', () => [b, a] as const],
] as const;

describe.each(ways)('two devices on one backup folder, %s', (_name, pick) => {
  it('a new file, folder and link', async () => {
    const [from, to] = pick();
    from.write('new/deep/file', 'new');
    symlinkSync('deep/file', from.path('new/link'));
    await converge(from, to);
    expect(to.read('new/deep/file')).toBe('new');
  });

  it('an edit', async () => {
    const [from, to] = pick();
    from.write('docs/one.txt', 'one, edited');
    await converge(from, to);
    expect(to.read('docs/one.txt')).toBe('one, edited');
  });

  it('C8 a renamed file and a renamed folder, without sending a byte', async () => {
    const [from, to] = pick();
    renameSync(from.path('keep.txt'), from.path('kept.txt'));
    renameSync(from.path('docs'), from.path('papers'));
    expect(await from.json('sync')).toMatchObject({ exitCode: 0, bytesUp: 0 });
    expect(await to.json('sync')).toMatchObject({ exitCode: 0, bytesDown: 0 });
    await converge(from, to);
    expect(to.names()).toEqual(['kept.txt', 'papers', 'papers/one.txt', 'papers/two.txt']);
  });

  it('a deletion; what was deleted is kept', async () => {
    const [from, to] = pick();
    from.remove('docs/one.txt');
    await converge(from, to);
    expect(to.names()).toEqual(['docs', 'docs/two.txt', 'keep.txt']);
    const kept = [...treeOf(join(world.backup, '.file-sync')).values()].map(String);
    expect(kept).toContain('one');
  });

  it('C7 a file that becomes a folder, and back', async () => {
    const [from, to] = pick();
    from.remove('keep.txt');
    from.write('keep.txt/inside', 'x');
    await converge(from, to);
    expect(to.read('keep.txt/inside')).toBe('x');
    from.remove('keep.txt');
    from.write('keep.txt', 'a file again');
    await converge(from, to);
    expect(to.read('keep.txt')).toBe('a file again');
  });

  it('C7 C14 a folder that becomes a link, and back', async () => {
    const [from, to] = pick();
    from.remove('docs');
    symlinkSync('elsewhere', from.path('docs'));
    await converge(from, to);
    expect(readlinkSync(to.path('docs'))).toBe('elsewhere');
    from.remove('docs');
    from.write('docs/one.txt', 'one again');
    await converge(from, to);
    expect(to.names()).toEqual(['docs', 'docs/one.txt', 'keep.txt']);
  });

  it('C31 an edit on both keeps both, the first to arrive under the name', async () => {
    const [from, to] = pick();
    from.write('keep.txt', 'first');
    to.write('keep.txt', 'second');
    await converge(from, to);
    expect(from.read('keep.txt')).toBe('first');
    const copy = from.names().find((name) => name.startsWith('keep.conflict-')) ?? '';
    expect(copy).toMatch(new RegExp(`^keep\\.conflict-${to.name}-[0-9TZ.:-]+\\.txt$`));
    expect(from.read(copy)).toBe('second');
  });

  it.each([
    ['keep_local', 'second'],
    ['keep_remote', 'first'],
  ])('C31 with %s on the later one', async (policy, expected) => {
    const [from, to] = pick();
    to.configure({ CONFLICT_RESOLUTION: policy });
    from.write('keep.txt', 'first');
    to.write('keep.txt', 'second');
    await converge(from, to);
    expect(from.read('keep.txt')).toBe(expected);
    const kept = [...treeOf(to.source, true).values(), ...treeOf(world.backup, true).values()].map(String);
    expect(kept).toEqual(expect.arrayContaining(['first', 'second']));
  });

  it.each([
    ['local', 'second'],
    ['remote', 'first'],
    ['both', 'first'],
  ])('C31 C38 with manual both stay until resolved as %s', async (keep, expected) => {
    const [from, to] = pick();
    to.configure({ CONFLICT_RESOLUTION: 'manual' });
    from.write('keep.txt', 'first');
    to.write('keep.txt', 'second');
    from.write('other.txt', 'goes on');
    await from.sync();
    expect(await to.run('sync')).toMatchObject({ code: 3 });
    expect(to.read('keep.txt')).toBe('second');
    expect(to.read('other.txt')).toBe('goes on');
    expect(readFileSync(join(world.backup, 'keep.txt'), 'utf8')).toBe('first');
    expect(await to.run('conflicts')).toMatchObject({ code: 3, out: expect.stringContaining('keep.txt: here 6 B') });
    expect(await to.run('conflicts', 'resolve', 'keep.txt', '--keep', keep)).toMatchObject({ code: 0 });
    await converge(from, to);
    expect(from.read('keep.txt')).toBe(expected);
    expect(from.names().length).toBe(keep === 'both' ? 6 : 5);
    expect(await to.run('conflicts')).toMatchObject({ code: 0 });
  });

  it('C32 an edit survives a deletion', async () => {
    const [from, to] = pick();
    from.remove('keep.txt');
    to.write('keep.txt', 'edited');
    await converge(from, to);
    expect(from.read('keep.txt')).toBe('edited');
  });

  it('C33 the same new content on both is no conflict', async () => {
    const [from, to] = pick();
    from.write('docs/one.txt', 'same');
    to.write('docs/one.txt', 'same');
    from.remove('keep.txt');
    to.remove('keep.txt');
    await converge(from, to);
    expect(from.names()).toEqual(['docs', 'docs/one.txt', 'docs/two.txt']);
  });

  it('C39 a folder deleted here while a file is added there', async () => {
    const [from, to] = pick();
    from.remove('docs');
    to.write('docs/new.txt', 'new');
    await converge(from, to);
    expect(from.names()).toEqual(['docs', 'docs/new.txt', 'keep.txt']);
  });
});

it('C37 three devices edit one file at once', async () => {
  const c = world.device('phone');
  await converge(c);
  const devices = [a, b, c];
  for (const device of devices) device.write('keep.txt', `by ${device.name}`);
  await converge(...devices);
  const contents = [...treeOf(a.source)].filter(([name]) => name.startsWith('keep')).map(([, content]) => String(content));
  expect(contents.sort()).toEqual(['by desk', 'by laptop', 'by phone']);
});
