import { describe, expect, it } from 'vitest';
import { type FolderForm, folderPatch } from './folder-patch.ts';

const before: FolderForm = {
  name: 'Documents',
  conflictPolicy: 'keep_both',
  ignorePatterns: ['*.iso'],
  ignoreJunk: true,
  conflictOverrides: [{ pattern: '*.txt', policy: 'manual' }],
  schedule: null,
  tuning: { versionsKeep: 3 },
};

describe('what a folder’s form changed', () => {
  it('is nothing where all is equal, whichever objects hold it', () => expect(folderPatch(structuredClone(before), before)).toEqual({}));
  it('is each field that is another, and no more', () => {
    expect(folderPatch({ ...before, name: ' Papers ', conflictOverrides: [] }, before)).toEqual({ name: 'Papers', conflictOverrides: [] });
    expect(folderPatch({ ...before, ignorePatterns: [], tuning: {} }, before)).toEqual({ ignorePatterns: [], tuning: {} });
  });
  it('is no name where it was cleared', () => expect(folderPatch({ ...before, name: '  ' }, before)).toEqual({}));
});
