import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { profileCommand, shellWord } from './cli-command.ts';

const DOCUMENTS = { id: '00000000000000aa', name: 'Documents' };
const PHOTOS = { id: '00000000000000bb', name: "Anna's photos" };

describe('the command beside a folder', () => {
  it('names the folder, whose settings it goes by', () => {
    expect(profileCommand(DOCUMENTS, [DOCUMENTS, PHOTOS])).toBe('file-sync --profile Documents watch');
    expect(profileCommand(PHOTOS, [DOCUMENTS, PHOTOS], 'config list')).toBe("file-sync --profile 'Anna'\\''s photos' config list");
  });

  it('names one of two of a name by its id', () => {
    const other = { ...PHOTOS, name: 'Documents' };
    expect(profileCommand(DOCUMENTS, [DOCUMENTS, other])).toBe('file-sync --profile 00000000000000aa watch');
    expect(profileCommand(other, [DOCUMENTS, other])).toBe('file-sync --profile 00000000000000bb watch');
  });

  it.each(["it's", '$(rm -rf ~)', 'a b\\', '`x`', '"', '*.iso', '!a', 'é'])('%s is read back by a shell as it was', (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });
});
