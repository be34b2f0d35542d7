import { useEffect, useState } from 'react';
import type { ChosenFolder, ConflictPolicy, ErrorView } from '../../../src-preload/contract/model.ts';
import type { KeepPlace, TargetChoice } from '../../../src-preload/contract/storage.ts';
import type { VaultChoice } from '../../../src-preload/contract/vault.ts';
import { ask } from '../../bridge.ts';
import { useAppState } from '../../store.ts';
import { useRequest } from '../../use-request.ts';

export interface NewPair {
  readonly source: ChosenFolder | null;
  readonly onSource: (chosen: ChosenFolder) => void;
  readonly name: string;
  readonly setName: (name: string) => void;
  readonly policy: ConflictPolicy;
  readonly setPolicy: (policy: ConflictPolicy) => void;
  readonly checking: boolean;
  /** Both ends were found fit to be a pair. */
  readonly checked: boolean;
  /** A failure of one disk would take both. */
  readonly isOnOneDisk: boolean;
  readonly adding: boolean;
  readonly error: ErrorView | null;
  /** What was found unfit, and nothing was tried with yet. */
  readonly unfit: ErrorView | null;
  /** The keychain did not take the keys: the user decides how to go on. */
  readonly noKeychain: ErrorView | null;
  /** Whether the app is to start with the session from now on; null where that is not asked: it does, or there was a pair to ask with already. */
  readonly startAtLogin: boolean | null;
  readonly setStartAtLogin: (on: boolean) => void;
  readonly add: (keep: KeepPlace, vault: VaultChoice) => void;
}

/** A pair that is to be: checked as soon as both ends are there, added once it is found fit. */
export function useNewPair(target: TargetChoice | null, onAdded: () => void): NewPair {
  const [source, setSource] = useState<ChosenFolder | null>(null);
  const [name, setName] = useState('');
  const [policy, setPolicy] = useState<ConflictPolicy>('keep_both');
  const [found, setFound] = useState<{ readonly isOnOneDisk: boolean } | null>(null);
  const [noKeychain, setNoKeychain] = useState<ErrorView | null>(null);
  const { pairs, settings } = useAppState();
  const [asksLogin] = useState(pairs.length === 0 && !settings.startAtLogin);
  const [startAtLogin, setStartAtLogin] = useState(true);
  const check = useRequest('pair/check');
  const add = useRequest('pair/add');
  const { send: sendCheck, clear } = check;
  const place = target === null ? null : JSON.stringify(target);

  useEffect(() => {
    setFound(null);
    clear();
    if (source === null || place === null) return;
    let current = true;
    void sendCheck({ source: source.token, target: JSON.parse(place) as TargetChoice }).then((answer) => current && setFound(answer?.value ?? null));
    return () => {
      current = false;
    };
  }, [source, place, sendCheck, clear]);

  const onSource = (chosen: ChosenFolder): void => {
    setSource(chosen);
    setName((before) => (before === '' || before === source?.name ? chosen.name : before));
  };
  const onAdd = async (keep: KeepPlace, vault: VaultChoice): Promise<void> => {
    if (source === null || target === null) return;
    setNoKeychain(null);
    const answer = await add.send({ source: source.token, target, name: name.trim() || source.name, conflictPolicy: policy, keep, vault });
    if (answer?.value.kind === 'added') {
      // The pair is there either way; the settings show whether this was done.
      if (asksLogin && startAtLogin) void ask('app/set', { startAtLogin: true });
      onAdded();
    } else if (answer !== undefined) setNoKeychain(answer.value.error);
  };
  return {
    source,
    onSource,
    name,
    setName,
    policy,
    setPolicy,
    checking: check.busy,
    checked: found !== null,
    isOnOneDisk: found?.isOnOneDisk === true,
    adding: add.busy,
    error: add.error,
    unfit: check.error,
    noKeychain,
    startAtLogin: asksLogin ? startAtLogin : null,
    setStartAtLogin,
    add: (keep, vault) => void onAdd(keep, vault),
  };
}
