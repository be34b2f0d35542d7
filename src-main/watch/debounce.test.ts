import { describe, expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Debounce, type DebounceOptions, type PathEvent } from './debounce.ts';
import type { WatchHint } from './watcher.ts';

function setUp(options: Partial<DebounceOptions> = {}) {
  const clock = new FakeClock();
  const start = clock.now();
  const heard: (readonly [at: number, what: readonly string[] | string])[] = [];
  const hear = (hint: WatchHint): void => void heard.push([clock.now() - start, hint.kind === 'everything' ? hint.why : [...hint.paths].sort()]);
  const debounce = new Debounce({ clock, ...options }, hear);
  const see = (event: PathEvent, path: string): void => debounce.path(relPath(path), event);
  return { clock, heard, debounce, see };
}

describe('Debounce', () => {
  it('lets a path go once it was quiet', async () => {
    const { clock, heard, see } = setUp();
    see('changed', 'a');
    await clock.advance(200);
    see('changed', 'a');
    await clock.advance(299);
    expect(heard).toEqual([]);
    await clock.advance(1_000);
    expect(heard).toEqual([[500, ['a']]]);
  });

  it('C6 a path that never rests is let go 2 s after its first event, and does not hold up others', async () => {
    const { clock, heard, see } = setUp();
    see('changed', 'calm');
    for (let n = 0; n < 50; n++) {
      see('changed', 'log');
      await clock.advance(100);
    }
    await clock.advance(1_000);
    expect(heard[0]).toEqual([300, ['calm']]);
    expect(heard.slice(1).map(([at]) => at)).toEqual([2_000, 4_000, 5_200]);
  });

  it('C4 S11 a save by delete and create is one look', async () => {
    const { clock, heard, see } = setUp();
    see('gone', 'doc');
    await clock.advance(600);
    see('added', 'doc');
    await clock.advance(3_000);
    expect(heard).toEqual([[900, ['doc']]]);
  });

  it('C11 a deletion is let go when nothing comes back', async () => {
    const { clock, heard, see } = setUp();
    see('gone', 'doc');
    await clock.advance(3_000);
    expect(heard).toEqual([[1_000, ['doc']]]);
  });

  it('S13 S64 both ends of a rename leave together, in whichever order they were seen; an edit does not wait for them', async () => {
    for (const order of [
      ['gone', 'added'],
      ['added', 'gone'],
    ] as const) {
      const { clock, heard, see } = setUp();
      for (const event of order) see(event, event === 'gone' ? 'old' : 'new');
      see('changed', 'other');
      await clock.advance(3_000);
      expect(heard).toEqual([
        [300, ['other']],
        [1_000, ['new', 'old']],
      ]);
    }
  });

  it('a stream of deletions holds nothing longer than 2 s', async () => {
    const { clock, heard, see } = setUp();
    see('added', 'new');
    for (let n = 0; n < 30; n++) {
      see('gone', `old${n}`);
      await clock.advance(100);
    }
    await clock.advance(3_000);
    expect(heard[0]).toMatchObject([2_000, expect.arrayContaining(['new', 'old0'])]);
    expect(heard.flatMap(([, paths]) => paths)).toHaveLength(31);
  });

  it('C5 S12 truncate and write is one look, after the writing', async () => {
    const { clock, heard, see } = setUp();
    for (let n = 0; n < 4; n++) {
      see('changed', 'doc');
      await clock.advance(250);
    }
    await clock.advance(3_000);
    expect(heard).toEqual([[1_050, ['doc']]]);
  });

  it('C24 too many paths become one look at everything', async () => {
    const { clock, heard, see } = setUp({ mostPaths: 100 });
    for (let n = 0; n < 5_000; n++) see('added', `f${n}`);
    await clock.advance(3_000);
    expect(heard).toEqual([[300, 'more than 100 paths changed at once']]);
  });

  it('a look at everything takes in what is waiting and what follows', async () => {
    const { clock, heard, see, debounce } = setUp();
    see('changed', 'a');
    debounce.everything('overflow');
    await clock.advance(100);
    see('changed', 'b');
    await clock.advance(3_000);
    expect(heard).toEqual([[400, 'overflow']]);
    see('changed', 'c');
    await clock.advance(3_000);
    expect(heard).toHaveLength(2);
  });

  it('is silent once stopped', async () => {
    const { clock, heard, see, debounce } = setUp();
    see('changed', 'a');
    debounce.stop();
    await clock.advance(3_000);
    expect(heard).toEqual([]);
  });
});
