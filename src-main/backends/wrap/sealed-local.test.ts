import { fakeTestStore } from '../../testing/local-store.ts';
import { FORMS, sealedStores } from '../../testing/sealed-kit.ts';
import { describeBackend } from '../conformance.ts';

const OPTIONS = { isFileSystem: true, bigBytes: 300_000, rounds: 2, manyKeys: 120 };
const { encrypted, compressed, 'encrypted and compressed': both, 'with hidden names in base32': hidden } = FORMS;

describeBackend('sealed folder, encrypted', sealedStores(fakeTestStore, encrypted), OPTIONS);
describeBackend('sealed folder, compressed', sealedStores(fakeTestStore, compressed), OPTIONS);
describeBackend('sealed folder, encrypted and compressed', sealedStores(fakeTestStore, both), OPTIONS);
describeBackend('sealed folder, with hidden names', sealedStores(fakeTestStore, hidden), OPTIONS);
describeBackend(
  'sealed folder that takes letters for equal, with hidden names',
  sealedStores(() => fakeTestStore({ caseInsensitive: true }), hidden),
  OPTIONS,
);
