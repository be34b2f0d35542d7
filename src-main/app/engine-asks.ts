import type { ConflictPreview, FailureView, HeldView, ProblemView, SettledView } from '../../src-preload/contract/model.ts';
import type { BucketsAnswer, TestAnswer } from '../../src-preload/contract/storage.ts';
import type { VaultLook } from '../../src-preload/contract/vault.ts';
import type { EngineClient } from './engine-client.ts';
import type { PastAsk, PastCallName, PastCalls } from './engine-protocol.ts';
import { planned, planSetup, type S3Plan, type TargetPlan } from './pair-plan.ts';
import type { OpenedVault } from './vault-setup.ts';

/** What is asked of the engine thread and changes nothing that the app itself knows: stores and vaults before there is a pair, conflicts to look at, the past. Throws `busy` while there is no thread. */
export class EngineAsks {
  readonly #client: () => EngineClient;

  constructor(client: () => EngineClient) {
    this.#client = client;
  }

  testStorage(plan: S3Plan): Promise<TestAnswer> {
    return this.#client().call('storage-test', planSetup(plan));
  }

  async stopTest(): Promise<void> {
    await this.#client().call('storage-stop', null);
  }

  async addCleanUpRule(plan: S3Plan): Promise<void> {
    await this.#client().call('storage-clean-up', planSetup(plan));
  }

  buckets(plan: S3Plan): Promise<BucketsAnswer> {
    return this.#client().call('storage-buckets', planSetup(plan));
  }

  problems(pair: string, from: number): Promise<readonly ProblemView[]> {
    return this.#client().call('problems', { pair, from });
  }

  failures(pair: string, from: number): Promise<readonly FailureView[]> {
    return this.#client().call('failures', { pair, from });
  }

  heldPaths(pair: string, side: HeldView['side'], why: HeldView['why']): Promise<readonly string[]> {
    return this.#client().call('held-paths', { pair, side, why });
  }

  async createBucket(plan: S3Plan): Promise<void> {
    await this.#client().call('storage-create', planSetup(plan));
  }

  lookAtVault(target: TargetPlan): Promise<VaultLook> {
    return this.#client().call('vault-look', planned(target));
  }

  openVault(target: TargetPlan, text: string): Promise<OpenedVault> {
    return this.#client().call('vault-open', { backend: planned(target), text });
  }

  /** A copy of the backup's version to look at; answers where it lies. */
  conflictCopy(pair: string, path: string, folder: string, mark: string): Promise<string> {
    return this.#client().call('conflict-copy', { pair, path, folder, mark });
  }

  preview(pair: string, path: string): Promise<ConflictPreview> {
    return this.#client().call('preview', { pair, path });
  }

  settled(pair: string | null): Promise<readonly SettledView[]> {
    return this.#client().call('settled', { pair });
  }

  async past<C extends PastCallName>(pair: string, call: C, input: PastCalls[C]['input']): Promise<PastCalls[C]['answer']> {
    return (await this.#client().call('past', { pair, ask: { call, input } as PastAsk })) as PastCalls[C]['answer'];
  }

  async stopPast(pair: string): Promise<void> {
    await this.#client().call('past-stop', { pair });
  }
}
