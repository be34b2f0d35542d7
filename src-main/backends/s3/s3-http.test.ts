import { httpStores } from '../../testing/http-store.ts';
import { PROFILES, type Profile } from '../../testing/s3-server/quirks.ts';
import { describeBackend } from '../conformance.ts';

for (const profile of Object.keys(PROFILES) as Profile[]) {
  describeBackend(`S3 over HTTP, as ${profile}`, httpStores(profile), {
    manyKeys: profile === 'aws' ? 2_100 : 50,
    bigBytes: 1_000_000,
    rounds: 3,
    normalises: profile === 'r2',
    decidesRaces: profile !== 'wasabi',
  });
}
