import type { Profile } from '../../testing/s3-server/quirks.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import { describeBackend } from '../conformance.ts';

const PROFILES: readonly Profile[] = ['aws', 'r2', 'minio', 'ceph16', 'b2', 'ceph16-versioned', 'wasabi'];

/** Conditions are judged, and versions kept: a bucket on Amazon with versioning turned on. */
const KINDS = [
  ...PROFILES.map((profile) => ({ profile, quirks: {}, name: profile as string })),
  { profile: 'aws' as const, quirks: { versioning: 'always' as const }, name: 'aws with versioning' },
];

for (const { profile, quirks, name } of KINDS) {
  describeBackend(
    `S3 simulated as ${name}`,
    async () => {
      const store = new SimStore({ profile, quirks, pageKeys: 100, large: { largeFrom: 150_000, partBytes: 100_000 } });
      return {
        backend: store.backend(),
        second: store.backend(),
        vanish: () => {
          store.s3.offline = true;
        },
        comeBack: () => {
          store.s3.offline = false;
        },
      };
    },
    { manyKeys: 330, normalises: profile === 'r2', decidesRaces: profile !== 'wasabi' },
  );
}
