import { describe, expect, it } from 'vitest';
import { openTestApi, testConfig } from '../../../testing/http-api-kit.ts';
import { SeededRandom } from '../../../testing/random.ts';
import { serverPerTest } from '../../../testing/s3-server/server-per-test.ts';
import { ShiftingClock } from '../../../testing/shifting-clock.ts';
import { storeReport } from '../store-report.ts';
import { probe } from './probe.ts';

const served = serverPerTest();
const old = serverPerTest({ profile: 'r2', quirks: { unsupported: ['GetBucketVersioning'] } });

describe('the probe, by credentials that may not do everything', () => {
  it('goes on without s3:DeleteObject, and names it', async () => {
    const { server } = served();
    server.denied.add('s3:DeleteObject');
    const clock = new ShiftingClock();
    const api = await openTestApi(testConfig(server), { clock });
    const { ways, missing } = await probe({ api, clock, random: new SeededRandom(7) });
    await api.close();
    expect(ways).toMatchObject({ put: 'enforced', complete: 'enforced', copy: 'enforced', delete: 'refused' });
    expect(missing.map(({ what, error }) => [what, error.message.includes('s3:DeleteObject')])).toEqual([['s3:DeleteObject', true]]);
  });
});

it('a store that does not know versions has none: that is no fault of the credentials', async () => {
  const clock = new ShiftingClock();
  const api = await openTestApi(testConfig(old().server), { clock });
  const probed = await probe({ api, clock, random: new SeededRandom(7) });
  await api.close();
  expect([probed.ways.versioning, probed.missing]).toEqual(['off', []]);
  expect(storeReport(probed).findings.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
});
