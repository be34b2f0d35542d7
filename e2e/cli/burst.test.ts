import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, World } from './world.ts';

const ICON = readFileSync(join(import.meta.dirname, '../../assets/icon.png'));
let world: World;
let a: Device;
beforeEach(async () => {
  world = new World();
  a = world.device('desk');
  for (let n = 0; n < 40; n++) put(`letters/letter ${n}.docx`, `Dear Madam ${n}, `.repeat(200));
  for (let n = 0; n < 40; n++) put(`photos/${n}.png`, Buffer.concat([ICON, Buffer.from(`${n}`)]));
  for (let n = 0; n < 40; n++) put(`src/module ${n}.ts`, `export const answer${n} = ${n};\n`.repeat(60));
  expect((await a.json('sync')).exitCode).toBe(0);
});
afterEach(() => world.end());

function put(name: string, content: string | Buffer): void {
  mkdirSync(dirname(a.path(name)), { recursive: true });
  writeFileSync(a.path(name), content);
}
const backup = (name: string): string => readFileSync(join(world.backup, name), 'utf8');

/** Chance alone now and then begins as a sound file does, which is none. */
function noise(length: number): Buffer {
  const bytes = randomBytes(length);
  bytes[0] = 0x99;
  return bytes;
}

describe('I8 ransomware and what only looks like it', () => {
  it('files scrambled under their names and under new ones wait with the reason and exit code 3, the rest is sent; restore brings them back, --yes lets them go', async () => {
    for (let n = 0; n < 15; n++) put(`letters/letter ${n}.docx`, noise(4_000));
    for (let n = 15; n < 40; n++) {
      put(`letters/letter ${n}.docx.locked`, noise(4_000));
      rmSync(a.path(`letters/letter ${n}.docx`));
    }
    for (let n = 0; n < 40; n++) put(`photos/${n}.png`, noise(ICON.length));
    put('src/module 1.ts', 'edited\n');
    put('new.txt', 'new\n');
    const held = await a.json('sync');
    expect(held).toMatchObject({ exitCode: 3, held: [{ side: 'remote', why: 'scrambled', files: 80 }] });
    expect([backup('src/module 1.ts'), backup('new.txt')]).toEqual(['edited\n', 'new\n']);
    expect(backup('letters/letter 39.docx')).toContain('Dear Madam 39');
    const said = await a.run('sync');
    expect(said.code).toBe(3);
    expect(said.out).toContain('80 rewrites in the backup: many files at once became unreadable, as ransomware leaves them');
    expect(said.out).toContain('file-sync held restore');
    expect((await a.run('status')).out).toContain('80 held rewrites');

    const restored = await a.json('restore', '--date', 'now', '--yes');
    expect(restored).toMatchObject({ exitCode: 0, left: [] });
    expect(readFileSync(a.path('letters/letter 39.docx'), 'utf8')).toContain('Dear Madam 39');
    expect(readFileSync(a.path('photos/7.png'))).toEqual(Buffer.concat([ICON, Buffer.from('7')]));
    expect((await a.json('sync')).exitCode).toBe(0);

    const scramble = (): void => {
      for (let n = 0; n < 40; n++) put(`letters/letter ${n}.docx`, noise(4_000));
    };
    scramble();
    expect(await a.json('held')).toMatchObject({ exitCode: 3, held: [{ side: 'remote', why: 'scrambled', files: 40 }] });
    const preview = await a.json<{ planned: { kind: string }[] }>('held', 'restore', '--dry-run');
    expect(preview).toMatchObject({ exitCode: 0, done: 0 });
    expect(preview.planned.map(({ kind }) => kind)).toEqual(Array.from({ length: 40 }, () => 'write'));
    expect(await a.json('held', 'restore')).toMatchObject({ exitCode: 0, done: 40, left: [], sync: { held: [] } });
    expect(readFileSync(a.path('letters/letter 39.docx'), 'utf8')).toContain('Dear Madam 39');
    expect(await a.run('held')).toMatchObject({ code: 0, out: 'Nothing is held.\n' });

    scramble();
    expect((await a.json('sync')).exitCode).toBe(3);
    expect(await a.json('sync', '--yes')).toMatchObject({ exitCode: 0, held: [] });
    expect(readFileSync(join(world.backup, 'letters/letter 3.docx'))).toEqual(readFileSync(a.path('letters/letter 3.docx')));
  });

  it('unpacking, importing, building, another branch, other spelling, compressing and encrypting a few files are none', async () => {
    const calm = async (what: string): Promise<void> => {
      expect(await a.json('sync'), what).toMatchObject({ exitCode: 0, held: [] });
    };
    for (let n = 0; n < 60; n++) put(`unpacked/part ${n}.bin`, randomBytes(3_000));
    for (let n = 0; n < 60; n++) put(`unpacked/page ${n}.txt`, randomBytes(3_000));
    await calm('an archive with noise in it');
    for (let n = 0; n < 60; n++) put(`import/IMG ${n}.png`, Buffer.concat([ICON, randomBytes(2_000)]));
    await calm('photos');
    for (let round = 0; round < 2; round++) for (let n = 0; n < 60; n++) put(`dist/chunk ${n}.js.gz`, gzipSync(randomBytes(2_000)));
    await calm('a build');
    for (let n = 0; n < 60; n++) put(`dist/chunk ${n}.js.gz`, gzipSync(randomBytes(2_000)));
    await calm('the next build');
    for (let n = 0; n < 40; n++) put(`src/module ${n}.ts`, `// other branch\nexport function answer${n}(): number {\n  return ${n};\n}\n`.repeat(40));
    await calm('another branch');
    for (let n = 0; n < 40; n++) renameSync(a.path(`photos/${n}.png`), a.path(`photos/${n}.PNG`));
    await calm('upper case');
    for (let n = 0; n < 15; n++) {
      put(`letters/letter ${n}.docx.gpg`, randomBytes(4_000));
      rmSync(a.path(`letters/letter ${n}.docx`));
    }
    await calm('a few files encrypted by their owner');
  });
});
