import { afterEach, beforeEach, describe } from 'vitest';
import { conditionCases } from './conformance/conditions.ts';
import { keyCases } from './conformance/keys.ts';
import type { ConformanceOptions, Kit, OpenTestStore, TestStore } from './conformance/kit.ts';
import { objectCases } from './conformance/objects.ts';
import { pastCases } from './conformance/past.ts';
import { presenceCases } from './conformance/presence.ts';
import { raceCases } from './conformance/races.ts';

export type { ConformanceOptions, OpenTestStore, TestStore } from './conformance/kit.ts';

/** The contract of backend.ts as a vitest suite: a backend, or a wrapper around one, is done when it is green. `open` gives a new, empty store for each case. */
export function describeBackend(name: string, open: OpenTestStore, options: ConformanceOptions = {}): void {
  describe(`backend contract: ${name}`, () => {
    let current: TestStore | null = null;
    const store = (): TestStore => {
      if (current === null) throw new Error('no store is open');
      return current;
    };
    beforeEach(async () => {
      current = await open();
    });
    afterEach(async () => {
      const closing = current;
      current = null;
      await closing?.comeBack?.();
      await closing?.backend.close();
      await closing?.second.close();
      await closing?.dispose?.();
    });
    const kit: Kit = {
      store,
      backend: () => store().backend,
      second: () => store().second,
      options: { manyKeys: 2_100, bigBytes: 5 * 1024 * 1024, rounds: 6, isFileSystem: false, decidesRaces: true, normalises: false, ...options },
    };
    objectCases(kit);
    conditionCases(kit);
    raceCases(kit);
    keyCases(kit);
    presenceCases(kit);
    pastCases(kit);
  });
}
