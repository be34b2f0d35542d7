import { describe, expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { previewIgnored } from './ignore-preview.ts';

function tree(...files: readonly string[]) {
  const clock = new ManualClock();
  const disk = new FakeFs({ clock });
  disk.edit.mkdir('/docs');
  for (const file of files) {
    const [path = '', content = 'x'] = file.split('=');
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const folder = `/docs/${parts.slice(0, i).join('/')}`;
      try {
        disk.edit.mkdir(folder);
      } catch {
        // It is there.
      }
    }
    disk.edit.write(`/docs/${path}`, content);
  }
  const look = (patterns: readonly string[], junk = false) => previewIgnored('/docs', patterns, junk, { fs: disk.view(), clock }, new AbortController().signal);
  return { look };
}

describe('C67 what ignore rules match in the real tree', () => {
  it('counts every file that is left out, those in folders that are left out too, and lists what a rule names', async () => {
    const { look } = tree('a.iso', 'b.txt', 'node_modules/x/y.js', 'src/node_modules/z.js', 'src/c.iso');
    const seen = await look(['*.iso', 'node_modules/']);
    expect(seen).toEqual(expect.objectContaining({ total: 5, files: 4, folders: 2, complete: true, hopeless: [] }));
    expect(seen.items.map(({ path }) => path).toSorted()).toEqual(['a.iso', 'node_modules', 'src/c.iso', 'src/node_modules']);
  });

  it('goes by the order of the rules and by the files in the folders', async () => {
    const { look } = tree('keep.log', 'other.log', '.syncignore=*.bak', 'a.bak', 'deep/.syncignore=!b.bak', 'deep/b.bak', 'deep/c.bak');
    expect((await look(['*.log', '!keep.log'])).items.map(({ path }) => path).toSorted()).toEqual(['a.bak', 'deep/c.bak', 'other.log']);
  });

  it('has the rules for what systems leave behind where they are wanted', async () => {
    const { look } = tree('Thumbs.db', '~$letter.docx', 'letter.docx');
    expect((await look([], true)).files).toBe(2);
    expect((await look([], false)).files).toBe(0);
  });

  it('names the patterns that can match nothing', async () => {
    const { look } = tree('IMG_1.jpg');
    expect(await look(['IMG_[', '*.jpg', '# [', '/'])).toMatchObject({ total: 1, files: 1, hopeless: ['IMG_[', '/'] });
  });

  it('never shows our own folder', async () => {
    const { look } = tree('.file-sync/identity.json', 'a.txt');
    expect(await look(['*'])).toMatchObject({ total: 1, files: 1, folders: 0 });
  });
});
