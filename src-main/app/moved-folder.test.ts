import { describe, expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { checkMoved } from './moved-folder.ts';

const STATE = '/home/a/.local/state/file-sync';
const NOW = { source: '/docs', target: { kind: 'local', folder: '/backup' } } as const;

function disk() {
  const fake = new FakeFs({ clock: new ManualClock() });
  const marked = (folder: string, file: string, text: string): void => {
    fake.edit.mkdir(`${folder}/.file-sync`);
    fake.edit.write(`${folder}/.file-sync/${file}`, text);
  };
  marked('/docs', 'identity.json', '{"format":1,"pairId":"mine"}');
  marked('/moved', 'vault.json', '{"format":1,"vault":"mine"}');
  marked('/other', 'vault.json', '{"format":1,"vault":"theirs"}');
  marked('/broken', 'vault.json', 'x');
  for (const folder of ['/empty', '/moved/inner']) fake.edit.mkdir(folder);
  return { fake, marked };
}

describe('C26 C29 a side of a pair that was moved', () => {
  it('is found again by its mark', async () => {
    const { fake, marked } = disk();
    await expect(checkMoved(fake.view(), NOW, { side: 'target', folder: '/moved' }, [], STATE)).resolves.toEqual({ source: '/docs', target: { kind: 'local', folder: '/moved' } });
    marked('/docs2', 'identity.json', '{"format":1,"pairId":"mine"}');
    const now = { source: '/gone', target: { kind: 'local', folder: '/moved' } } as const;
    await expect(checkMoved(fake.view(), now, { side: 'source', folder: '/docs2' }, [], STATE)).resolves.toMatchObject({ source: '/docs2' });
    const bucket = { source: '/gone', target: { kind: 's3', endpoint: null, bucket: 'b', prefix: '' } } as const;
    await expect(checkMoved(fake.view(), bucket, { side: 'source', folder: '/docs2' }, [], STATE)).resolves.toMatchObject({ source: '/docs2', target: { kind: 's3' } });
  });

  it.each([
    ['empty', '/empty', 'usage'],
    ['missing', '/nowhere', 'usage'],
    ['of another vault', '/other', 'usage'],
    ['with a mark that cannot be read', '/broken', 'usage'],
    ['the other side itself', '/docs', 'usage'],
  ])('is none that is %s', async (_, folder, code) => {
    const { fake } = disk();
    const before = fake.tree('/', { all: true });
    await expect(checkMoved(fake.view(), NOW, { side: 'target', folder }, [], STATE)).rejects.toMatchObject({ code });
    expect(fake.tree('/', { all: true })).toEqual(before);
  });

  it('is not proven while the other side is away, and is none that another pair uses', async () => {
    const { fake } = disk();
    await expect(checkMoved(fake.view(), { ...NOW, source: '/gone' }, { side: 'target', folder: '/moved' }, [], STATE)).rejects.toMatchObject({ code: 'usage' });
    await expect(checkMoved(fake.view(), NOW, { side: 'target', folder: '/moved' }, [{ source: '/x', target: { kind: 'local', folder: '/moved' } }], STATE)).rejects.toMatchObject({
      code: 'overlap',
    });
  });
});
