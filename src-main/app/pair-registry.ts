import type { ConflictPolicy } from '../../src-preload/contract/model.ts';
import type { AddAnswer, ChangeAnswer, KeepPlace, SignInAnswer } from '../../src-preload/contract/storage.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Random } from '../platform/clock.ts';
import type { AppNotices } from './app-notices.ts';
import type { EngineLink } from './engine-link.ts';
import type { EnginePairs } from './engine-pairs.ts';
import { errorView, type PairEnds } from './engine-protocol.ts';
import type { PairSide } from './moved-folder.ts';
import type { ChosenSignIn, PairKeys } from './pair-keys.ts';
import { endsOf, type PairList } from './pair-list.ts';
import { type PairPlan, planned, planSetup, type TargetPlan, targetEnd } from './pair-plan.ts';
import { PairSecrets } from './pair-secrets.ts';
import { type PairVaults, settingOf, type VaultPlan } from './pair-vaults.ts';
import type { BackendSetting, PairSetting, S3Setting } from './settings-schema.ts';
import { concealed, type OpenedVault, revealed } from './vault-setup.ts';

/** What a new pair has beside what was asked for. */
const NEW_PAIR = {
  conflictOverrides: [],
  ignorePatterns: [],
  ignoreJunk: true,
  schedule: null,
  tuning: {},
  pause: null,
  pauseOfAll: null,
  standstill: null,
} satisfies Partial<PairSetting>;

export interface AddOptions {
  readonly name: string;
  readonly conflictPolicy: ConflictPolicy;
  /** Of whatever secrets there are. */
  readonly keep: KeepPlace;
  /** Left out: plain. */
  readonly vault?: VaultPlan;
}

export interface RegistryPorts {
  readonly list: PairList;
  readonly pairs: EnginePairs;
  readonly link: EngineLink;
  readonly notices: AppNotices;
  readonly keys: PairKeys;
  readonly vaults: PairVaults;
  readonly random: Random;
  readonly onChange: () => void;
}

/** How pairs come, are opened with something else, move and go: on the word of the user, who is there for what the keychain, the storage or the vault says to it. */
export class PairRegistry {
  readonly #ports: RegistryPorts;
  readonly #secrets: PairSecrets;

  constructor(ports: RegistryPorts) {
    this.#ports = ports;
    this.#secrets = new PairSecrets({ ...ports, client: () => ports.link.client });
  }

  async check({ source, target }: PairPlan): Promise<PairEnds> {
    const { link, list } = this.#ports;
    return link.client.call('check', { source, target: targetEnd(target), others: list.endsBeside(null) });
  }

  /** Whether a failure of one disk would take both ends. */
  async isOnOneDisk({ source, target }: PairPlan): Promise<boolean> {
    return target.kind === 'local' && this.#ports.link.client.call('one-disk', { one: source, other: target.folder }).catch(() => false);
  }

  /** The encrypted vault at a place, opened with what this computer's keychain has from before; null where that has nothing that opens it. */
  async openKept(target: TargetPlan, vault: string): Promise<OpenedVault | null> {
    const { link, vaults } = this.#ports;
    const secret = await vaults.kept(vault);
    return secret === null ? null : link.client.call('vault-open-kept', { backend: planned(target), secret: revealed(secret) });
  }

  /** A vault that is new is made before the pair is there: nothing is ever synced to its place without it. Where the settings cannot be written nothing is begun. */
  async add(plan: PairPlan, { name, conflictPolicy, keep, vault = { kind: 'plain' } }: AddOptions): Promise<AddAnswer> {
    const { list, pairs, random, onChange } = this.#ports;
    const { source, target } = await this.check(plan);
    list.mustBeKept();
    const id = random.id();
    const backend = await this.#secrets.keepBackend(id, target.kind === 'local' ? target : plan.target, keep);
    if (backend.kind === 'no-keychain') return backend;
    try {
      const noPlace = await this.#secrets.settleVault(id, plan.target, vault, keep);
      if (noPlace !== null) {
        await this.#drop(id, name, backend);
        return noPlace;
      }
    } catch (error) {
      await this.#drop(id, name, backend);
      throw error;
    }
    const pair: PairSetting = { id, name, source, backend, protection: settingOf(vault, keep), conflictPolicy, ...NEW_PAIR };
    list.add(pair);
    pairs.open(pair);
    onChange();
    return { kind: 'added', pair: id };
  }

  /** Another try at a pair's vault, with what was typed. */
  async unlock(id: string, text: string, keep: KeepPlace): Promise<ChangeAnswer> {
    const { list, link, keys } = this.#ports;
    const old = list.get(id);
    const { secret, ...opened } = await link.client.call('vault-open', { backend: await keys.setup(id, old.backend), text });
    if (old.protection?.kind === 'encrypted' && old.protection.vault !== opened.vault)
      throw new SyncError('remote-replaced', 'the storage holds another vault than this folder was paired with', {
        hint: 'Nothing was changed. Put the right one back, or add the folder anew if this is meant.',
      });
    const noPlace = await this.#secrets.keepVault(id, { vault: opened.vault, secret: concealed(secret) }, keep);
    if (noPlace !== null) return noPlace;
    this.#openAs({ ...list.get(id), protection: { kind: 'encrypted', ...opened, keep } });
    return { kind: 'changed' };
  }

  /** Null where it is not known, or the keychain does not tell. */
  async keyId(id: string): Promise<string | null> {
    const { backend } = this.#ports.list.get(id);
    return backend.kind === 's3' ? this.#ports.keys.keyId(id, backend).catch(() => null) : null;
  }

  /** Another sign-in for the same bucket; the pair is opened anew with it. A bucket that refuses it, refuses this; `untried`: it is not asked. */
  async changeSignIn(id: string, signIn: ChosenSignIn, { keep, untried }: { readonly keep: KeepPlace; readonly untried: boolean }): Promise<SignInAnswer> {
    const { backend } = this.#ports.list.get(id);
    if (backend.kind !== 's3') throw new SyncError('usage', 'this folder is not synced with a bucket');
    // Its old keys go, and the settings on disk would name nothing but them.
    this.#ports.list.mustBeKept();
    const silent = untried ? null : await this.#trySignIn(backend, signIn);
    if (silent !== null) return { kind: 'untried', error: errorView(silent) };
    const old = this.#ports.list.get(id);
    if (old.backend.kind !== 's3') throw new SyncError('usage', 'this folder is not synced with a bucket');
    const credentials = await this.#secrets.keepSignIn(id, signIn, keep);
    if (credentials.kind === 'no-keychain') return credentials;
    this.#openAs({ ...old, backend: { ...old.backend, credentials } });
    // What was just kept for the session replaced what was kept so before.
    if (credentials.kind !== 'session' || old.backend.credentials.kind !== 'session') await this.#drop(id, old.name, old.backend);
    return { kind: 'changed' };
  }

  /** A side of a pair was moved: from here on it is found where `folder` is, if that is the very one. Both sides are compared anew then, as at the first time. */
  async repoint(id: string, side: PairSide, folder: string): Promise<void> {
    const { list, pairs, link } = this.#ports;
    const { source, target } = await link.client.call('check-moved', { now: endsOf(list.get(id)), side, folder, others: list.endsBeside(id) });
    const pair = list.get(id);
    pairs.forgetReport(id);
    this.#openAs({ ...pair, source, backend: target.kind === 'local' ? target : pair.backend });
  }

  /** Ends the syncing of a pair. Files, versions and state stay where they are on both sides; the keys of its bucket are removed from the keychain. */
  async remove(id: string): Promise<void> {
    const { list, pairs, link, vaults, onChange } = this.#ports;
    const { backend, name } = list.get(id);
    list.remove(id);
    pairs.forget(id);
    vaults.forget(id);
    onChange();
    try {
      await link.client.call('close', { pair: id });
    } finally {
      await this.#drop(id, name, backend);
    }
  }

  /** What keeps the store from answering; null: it takes the sign-in. */
  async #trySignIn({ credentials: _, ...place }: S3Setting, signIn: ChosenSignIn): Promise<SyncError | null> {
    try {
      await this.#ports.link.client.call('storage-sign-in', planSetup({ ...place, signIn }));
      return null;
    } catch (error) {
      if (hasCode(error, 'unreachable', 'throttled')) return error;
      throw error;
    }
  }

  #openAs(pair: PairSetting): void {
    this.#ports.list.replace(pair);
    this.#ports.pairs.open(pair);
  }

  /** The keys of a bucket; those that the keychain does not let go of are told of. */
  async #drop(id: string, name: string, backend: BackendSetting): Promise<void> {
    if (backend.kind !== 's3') return;
    const { keys, notices, onChange } = this.#ports;
    try {
      await keys.drop(id, backend.credentials);
    } catch {
      notices.keysLeft(id, name);
      onChange();
    }
  }
}
