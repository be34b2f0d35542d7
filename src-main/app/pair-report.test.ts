import { expect, it } from 'vitest';
import { checkSecretFits } from '../codec/vault-seen.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { describeStatus } from '../engine/status.ts';
import { keyOf, keyringOf, stored, VAULT_ID } from '../testing/keyring-kit.ts';
import { pairReport } from './pair-report.ts';

const FACTS = {
  source: '/src',
  target: 'local:/dst',
  watching: true,
  watchMode: 'events',
  paused: false,
  pausedUntil: null,
  lastSyncAt: null,
  lastFullScanAt: null,
  files: 0,
  bytes: 0,
  kept: null,
  drill: null,
  pending: 0,
  progress: null,
  conflicts: [],
  held: [],
  wentOver: 0,
  problems: [],
  failures: [],
  usage: null,
} as const;

function errorOf(work: () => void): SyncError {
  try {
    work();
  } catch (error) {
    if (error instanceof SyncError) return error;
  }
  throw new RangeError('nothing was refused');
}

it('only a secret that is missing or wrong is asked for', async () => {
  const sealed = stored(await keyringOf(keyOf('a')));
  const asks = (error: SyncError): boolean => pairReport(describeStatus({ ...FACTS, error }), 'me', null).wantsSecret;
  expect(asks(errorOf(() => checkSecretFits(sealed, false)))).toBe(true);
  expect(asks(errorOf(() => checkSecretFits({ format: 1, vault: VAULT_ID }, true)))).toBe(false);
  expect(asks(new SyncError('config', 'there is no folder'))).toBe(false);
  const { error } = pairReport(describeStatus({ ...FACTS, error: errorOf(() => checkSecretFits(sealed, false)) }), 'me', null);
  expect(Object.keys(error ?? {}).sort()).toEqual(['code', 'hint', 'message']);
});

it('what is held waits for a person, and is no change that waits', () => {
  const paths = [relPath('a'), relPath('b')];
  const actions = paths.map((path) => ({ kind: 'remove-local', path }));
  const held = [{ side: 'local', why: 'too-many', actions }] as unknown as Parameters<typeof describeStatus>[0]['held'];
  expect(pairReport(describeStatus({ ...FACTS, error: null, held, pending: 5 }), 'me', null).pending).toBe(3);
});
