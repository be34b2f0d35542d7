import { fakeTestStore, realTestStore } from '../../testing/local-store.ts';
import { describeBackend } from '../conformance.ts';

describeBackend('a folder on a simulated disk', () => fakeTestStore(), { isFileSystem: true });
describeBackend('a folder on a disk without hard links', () => fakeTestStore({ hardLinks: false }), { isFileSystem: true, manyKeys: 200 });
describeBackend('a folder on a disk that rounds times to 2 s', () => fakeTestStore({ timeStepNs: 2_000_000_000n }), { isFileSystem: true, manyKeys: 200 });
describeBackend('a folder on the real disk', realTestStore, { isFileSystem: true });
