import { memoryTestStore } from '../../testing/contract-stores.ts';
import { describeBackend } from '../conformance.ts';

describeBackend('memory', memoryTestStore);
