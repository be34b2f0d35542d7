import { describe, expect, it } from 'vitest';
import { folderLink } from './folder-link.ts';

describe('a link to a folder', () => {
  it.each(['file-sync://folder/0123456789abcdef', 'FILE-SYNC://FOLDER/0123456789ABCDEF/'])('%s is one', (link) => {
    expect(folderLink(['/opt/file-sync', '--hidden', link])).toEqual({ pair: '0123456789abcdef' });
  });

  it.each([
    'file-sync://folder/0123456789abcdef?sync=now',
    'file-sync://folder/0123456789abcdef/../../x',
    'file-sync://folder/0123456789abcde',
    'file-sync://delete/0123456789abcdef',
    'file-sync:folder/0123456789abcdef',
    'https://folder/0123456789abcdef',
    ' file-sync://folder/0123456789abcdef',
    `file-sync://folder/0123456789abcdef${'/'.repeat(5_000)}`,
    'file-sync://folder/0123456789abcdef\n',
    '',
  ])('%j is none, and does nothing', (text) => {
    expect(folderLink([text])).toBeNull();
  });

  it('is not taken from what is no text', () => {
    expect(folderLink([null, 7, { toString: () => 'file-sync://folder/0123456789abcdef' }])).toBeNull();
  });
});
