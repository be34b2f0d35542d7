import { fakeTestStore } from '../../testing/local-store.ts';
import type { Profile } from '../../testing/s3-server/quirks.ts';
import { FORMS, switchingStores } from '../../testing/sealed-kit.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import { describeBackend, type TestStore } from '../conformance.ts';
import { createMemoryStore } from '../memory/memory-backend.ts';

const OPTIONS = { bigBytes: 300_000, rounds: 2, manyKeys: 120 };
const { 'encrypted and compressed': inPlace, 'with hidden names': hidden, 'with hidden names in base32': base32 } = FORMS;

async function memoryStore(): Promise<TestStore> {
  let now = 1_700_000_000_000;
  const store = createMemoryStore({ now: () => now++ });
  return {
    backend: store.client(),
    second: store.client(),
    vanish: () => {
      store.offline = true;
    },
    comeBack: () => {
      store.offline = false;
    },
  };
}

async function bucket(profile: Profile): Promise<TestStore> {
  const store = new SimStore({ profile, pageKeys: 100, large: { largeFrom: 150_000, partBytes: 100_000 } });
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
}

describeBackend('memory that is switched, names stay', switchingStores(memoryStore, inPlace), OPTIONS);
describeBackend('memory that is switched to hidden names', switchingStores(memoryStore, hidden), OPTIONS);
describeBackend('folder that is switched to hidden names', switchingStores(fakeTestStore, base32), { ...OPTIONS, isFileSystem: true });
describeBackend(
  'S3 as ceph16 that is switched to hidden names',
  switchingStores(() => bucket('ceph16'), hidden),
  OPTIONS,
);
