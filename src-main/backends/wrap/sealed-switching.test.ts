import { bucketTestStore, memoryTestStore } from '../../testing/contract-stores.ts';
import { fakeTestStore } from '../../testing/local-store.ts';
import { FORMS, switchingStores } from '../../testing/sealed-kit.ts';
import { describeBackend } from '../conformance.ts';

const OPTIONS = { bigBytes: 300_000, rounds: 2, manyKeys: 120 };
const { 'encrypted and compressed': inPlace, 'with hidden names': hidden, 'with hidden names in base32': base32 } = FORMS;

describeBackend('memory that is switched, names stay', switchingStores(memoryTestStore, inPlace), OPTIONS);
describeBackend('memory that is switched to hidden names', switchingStores(memoryTestStore, hidden), OPTIONS);
describeBackend('folder that is switched to hidden names', switchingStores(fakeTestStore, base32), { ...OPTIONS, isFileSystem: true });
describeBackend(
  'S3 as ceph16 that is switched to hidden names',
  switchingStores(() => bucketTestStore('ceph16'), hidden),
  OPTIONS,
);
