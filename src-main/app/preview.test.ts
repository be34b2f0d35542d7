import { describe, expect, it } from 'vitest';
import type { Hash } from '../core/entry.ts';
import type { Fs } from '../platform/fs.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { asText, type PreviewSide, previewConflict, readFile } from './preview.ts';

const entry = (size: number) => ({ kind: 'file', size, hash: 'h' as Hash, mtimeNs: 0n, mode: null }) as const;

const side = (fs: Fs, path: string, entry: PreviewSide['entry']): PreviewSide => ({ entry, open: async () => readFile(fs, path) });

describe('the preview of a conflict', () => {
  it.each([
    ['text', 'line\n\ttab\r\n', { kind: 'text', text: 'line\n\ttab\r\n' }],
    ['nothing at all', '', { kind: 'text', text: '' }],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0), { kind: 'none', why: 'not-text' }],
    ['Latin-1', Uint8Array.of(0xe9, 0x74, 0xe9), { kind: 'none', why: 'not-text' }],
    ['a file that grew since', 'x'.repeat(70_000), { kind: 'none', why: 'too-large' }],
  ])('of %s', async (_, content, expected) => {
    const disk = new FakeFs({ clock: new ManualClock() });
    disk.edit.write('/a', content);
    const { local } = await previewConflict(side(disk.view(), '/a', entry(5)), side(disk.view(), '/a', entry(5)));
    expect(local).toEqual(expected);
  });

  it('of two pictures shows both, whatever their names say', async () => {
    const disk = new FakeFs({ clock: new ManualClock() });
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(100_000));
    disk.edit.write('/a', png);
    disk.edit.write('/b', '<svg onload="alert(1)"/>');
    const fs = disk.view();
    const { local, remote } = await previewConflict(side(fs, '/a', entry(png.length)), side(fs, '/b', entry(24)));
    expect(local).toEqual({ kind: 'image', url: `data:image/png;base64,${Buffer.from(png).toString('base64')}` });
    expect(remote).toEqual({ kind: 'text', text: '<svg onload="alert(1)"/>' });
  });

  it('does not open what is too large, no file, a link, or gone', async () => {
    const disk = new FakeFs({ clock: new ManualClock() });
    disk.edit.write('/secret', 'secret');
    disk.edit.symlink('/secret', '/link');
    const fs = disk.view();
    expect(await previewConflict(side(fs, '/secret', entry(65_537)), side(fs, '/secret', { kind: 'folder' }))).toEqual({
      local: { kind: 'none', why: 'too-large' },
      remote: { kind: 'none', why: 'not-a-file' },
    });
    expect(await previewConflict(side(fs, '/link', entry(6)), { entry: entry(6), open: async () => null })).toEqual({
      local: { kind: 'none', why: 'unavailable' },
      remote: { kind: 'none', why: 'unavailable' },
    });
  });

  it('takes UTF-8 with everything text may hold', () => {
    expect(asText(new TextEncoder().encode('é 😀\f\x1b[0m'))).toBe('é 😀\f\x1b[0m');
    expect(asText(Uint8Array.of(65, 0, 66))).toBeNull();
  });
});
