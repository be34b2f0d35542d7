import { useEffect, useState } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import type { HeldKeys, SignIn } from '../../../src-preload/contract/storage.ts';
import { ask } from '../../bridge.ts';
import { useRequest } from '../../use-request.ts';

export interface SignInForm {
  readonly kind: 'keys' | 'profile';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Keys that the main process has already; nothing is typed then. */
  readonly held: HeldKeys | null;
  readonly profile: string | null;
}

const NOTHING = { accessKeyId: '', secretAccessKey: '', sessionToken: '' };
const EMPTY: SignInForm = { kind: 'keys', ...NOTHING, held: null, profile: null };

export interface SignInState {
  readonly form: SignInForm;
  readonly change: (patch: Partial<SignInForm>) => void;
  readonly profiles: readonly string[];
  readonly isComplete: boolean;
  readonly error: ErrorView | null;
  /** Hands typed keys to the main process and forgets them here. Undefined when that failed. */
  readonly settle: () => Promise<SignIn | undefined>;
}

export function useSignIn(): SignInState {
  const [form, setForm] = useState(EMPTY);
  const [profiles, setProfiles] = useState<readonly string[]>([]);
  const hold = useRequest('storage/hold');
  useEffect(() => {
    void ask('storage/profiles', null).then((answer) => answer.ok && setProfiles(answer.value));
    return () => void ask('storage/forget', null);
  }, []);
  const change = (patch: Partial<SignInForm>): void => setForm((before) => ({ ...before, ...patch }));
  const { kind, held, profile, accessKeyId, secretAccessKey, sessionToken } = form;
  const settle = async (): Promise<SignIn | undefined> => {
    if (kind === 'profile') return profile === null ? undefined : { kind, name: profile };
    if (held !== null) return { kind: 'held', token: held.token };
    const answer = await hold.send({ accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim(), sessionToken: sessionToken.trim() || null });
    if (answer === undefined) return undefined;
    // The id is no secret, and is wanted again where the two are refused.
    change({ secretAccessKey: '', sessionToken: '', held: answer.value });
    return { kind: 'held', token: answer.value.token };
  };
  const isComplete = kind === 'profile' ? profile !== null : held !== null || (accessKeyId.trim() !== '' && secretAccessKey.trim() !== '');
  return { form, change, profiles, isComplete, error: hold.error, settle };
}
