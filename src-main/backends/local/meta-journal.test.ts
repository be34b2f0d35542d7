import { describe, expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { FakeFs } from '../../testing/fake-fs.ts';
import { MetaJournal } from './meta-journal.ts';

const META = '/meta';
const v = (text: string): Version => text as Version;

function world() {
  const fs = new FakeFs({ clock: { now: () => 1 } });
  fs.edit.mkdir(META);
  const journal = (client: string) => new MetaJournal(fs.view(), META, client);
  return { fs, journal };
}

describe('metadata journals', () => {
  it('are read by others as they grow, and by their own writer after a restart', async () => {
    const { journal } = world();
    const [one, two] = [journal('one'), journal('two')];
    for (let i = 0; i < 3; i++) {
      await one.record('a', v(`v${i}`), { op: `${i}` });
      await two.refresh();
      expect(two.find('a', v(`v${i}`))).toEqual({ op: `${i}` });
    }
    await one.close();
    const again = journal('one');
    await again.refresh();
    expect(again.find('a', v('v2'))).toEqual({ op: '2' });
    expect(again.find('a', v('other'))).toBeUndefined();
    expect(again.find('b', v('v2'))).toBeUndefined();
  });

  it('of a key that several wrote, the latest versions are remembered, whoever is read last', async () => {
    const { journal } = world();
    const at = (changed: number): Version => v(`1-1-${changed.toString(36)}-7`);
    const [first, last] = [journal('a'), journal('z')];
    await first.record('k', at(40_000), { op: 'now' });
    for (const changed of [10, 20, 30, 35_000]) await last.record('k', at(changed), { op: `${changed}` });
    const reader = journal('reader');
    await reader.refresh();
    expect(reader.find('k', at(40_000))).toEqual({ op: 'now' });
    expect(reader.find('k', at(10))).toBeUndefined();
  });

  it('a refresh that begins while another is at work sees what was appended before it began', async () => {
    const { fs, journal } = world();
    const one = journal('one');
    await one.record('a', v('v1'), { op: '1' });
    let slow: (() => void) | null = null;
    const two = new MetaJournal(
      fs.view((label) => (label === 'close' && slow === null ? new Promise<void>((resolve) => (slow = resolve)) : undefined)),
      META,
      'two',
    );
    const first = two.refresh();
    while (slow === null) await Promise.resolve();
    await one.record('a', v('v2'), { op: '2' });
    const later = [two.refresh(), two.refresh()];
    (slow as () => void)();
    await Promise.all([first, ...later]);
    expect(two.find('a', v('v2'))).toEqual({ op: '2' });
  });

  it('C45 torn, foreign and endless lines cost nothing but themselves', async () => {
    const { fs, journal } = world();
    const line = (key: string) => `${JSON.stringify({ k: key, v: 'v', m: { op: key } })}\n`;
    fs.edit.write(
      `${META}/other.jsonl`,
      `${line('a')}{"k":"torn","v":"v","m":{"op\n[1,2]\n"x"\nnull\n{"k":1,"v":"v","m":{}}\n{"k":"n","v":"v","m":{"op":5}}\n${'x'.repeat(300_000)}\n${line('b')}\n\n${line('c')}{"k":"unfinished"`,
    );
    fs.edit.write(`${META}/notes.txt`, line('d'));
    fs.edit.symlink('/etc/passwd', `${META}/link.jsonl`);
    const one = journal('one');
    await one.refresh();
    expect(['a', 'b', 'c', 'd', 'n', 'torn'].filter((key) => one.find(key, v('v')) !== undefined)).toEqual(['a', 'b', 'c']);
    fs.edit.append(`${META}/other.jsonl`, `,"v":"v","m":{}}\n`);
    await one.refresh();
    expect(one.find('unfinished', v('v'))).toEqual({});
  });

  it('a line torn by a crash does not take the next one with it', async () => {
    const { fs, journal } = world();
    const one = journal('one');
    await one.record('a', v('v1'), {});
    await one.close();
    fs.edit.append(`${META}/one.jsonl`, '{"k":"b","v":');
    const again = journal('one');
    await again.record('c', v('v1'), { op: 'after' });
    const two = journal('two');
    await two.refresh();
    expect([two.find('a', v('v1')), two.find('c', v('v1'))]).toEqual([{}, { op: 'after' }]);
  });

  it('C50 a journal that cannot be written costs only the hints', async () => {
    const { fs, journal } = world();
    fs.disk.capacity = fs.disk.usedBytes();
    const one = journal('one');
    await one.record('a', v('v1'), { op: 'x' });
    expect(one.find('a', v('v1'))).toEqual({ op: 'x' });
    fs.disk.capacity = Number.POSITIVE_INFINITY;
    await one.record('b', v('v1'), { op: 'y' });
    const two = journal('two');
    await two.refresh();
    expect(two.find('b', v('v1'))).toEqual({ op: 'y' });
  });

  it('is rewritten when most of it is dead; others read on, and nothing that lives is lost', async () => {
    const { fs, journal } = world();
    const other = journal('other');
    const first = journal('one');
    await first.record('kept', v('v0'), { op: 'early' });
    await first.close();
    const one = journal('one');
    for (let i = 0; i < 5000; i++) await one.record(`k${i % 50}`, v(`v${i}`), { op: `${i}` });
    await other.refresh();
    for (let i = 0; i < 10; i++) one.forget(`k${i}`);
    await one.close();
    const lines = fs.edit.read(`${META}/one.jsonl`).trim().split('\n');
    expect(lines).toHaveLength(41);
    await other.refresh();
    const fresh = journal('fresh');
    await fresh.refresh();
    for (const reader of [other, fresh]) {
      expect(reader.find('kept', v('v0'))).toEqual({ op: 'early' });
      expect(reader.find('k49', v('v4999'))).toEqual({ op: '4999' });
    }
    const back = journal('one');
    await back.record('k49', v('v5000'), { op: '5000' });
    await other.refresh();
    expect(other.find('k49', v('v5000'))).toEqual({ op: '5000' });
  });

  it('one that only looks never rewrites the journal of its namesake at work', async () => {
    const { fs, journal } = world();
    const working = journal('one');
    for (let i = 0; i < 5000; i++) await working.record('a', v(`v${i}`), {});
    const before = fs.edit.read(`${META}/one.jsonl`);
    const looking = journal('one');
    await looking.refresh();
    await looking.close();
    expect(fs.edit.read(`${META}/one.jsonl`)).toBe(before);
  });
});
