import { bucketTestStore } from '../../testing/contract-stores.ts';
import type { Profile } from '../../testing/s3-server/quirks.ts';
import { type CodecForm, FORMS, sealedStores } from '../../testing/sealed-kit.ts';
import { describeBackend } from '../conformance.ts';

const { encrypted, compressed, 'encrypted and compressed': both, 'with hidden names': hidden } = FORMS;

const CASES: readonly (readonly [string, Profile, CodecForm])[] = [
  ['encrypted', 'aws', encrypted],
  ['compressed', 'aws', compressed],
  ['encrypted and compressed', 'aws', both],
  ['with hidden names', 'aws', hidden],
  ['with hidden names', 'ceph16', hidden],
  ['with hidden names', 'b2', hidden],
];
for (const [name, profile, form] of CASES) {
  describeBackend(
    `sealed S3 as ${profile}, ${name}`,
    sealedStores(() => bucketTestStore(profile), form),
    { bigBytes: 300_000, manyKeys: 120, rounds: 2 },
  );
}
describeBackend(
  'sealed S3 as r2, which takes two spellings for one',
  sealedStores(() => bucketTestStore('r2'), encrypted),
  { bigBytes: 300_000, manyKeys: 120, rounds: 2, normalises: true },
);
