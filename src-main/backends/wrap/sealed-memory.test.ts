import { memoryTestStore } from '../../testing/contract-stores.ts';
import { FORMS, sealedStores } from '../../testing/sealed-kit.ts';
import { describeBackend } from '../conformance.ts';

for (const [name, form] of Object.entries(FORMS)) describeBackend(`sealed memory, ${name}`, sealedStores(memoryTestStore, form), { bigBytes: 300_000, rounds: 2, manyKeys: 120 });
