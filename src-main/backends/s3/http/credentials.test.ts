import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { openCredentials } from './credentials.ts';

afterEach(() => vi.unstubAllEnvs());

it('I9 a command for credentials that fails is told without its words and its output: both may hold secrets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'file-sync-credentials-'));
  const script = join(folder, 'keys.cjs');
  await writeFile(script, "process.stderr.write('printed-secret'); process.exit(1);");
  await writeFile(join(folder, 'config'), `[profile mine]\ncredential_process = "${process.execPath}" "${script}" --token argument-secret\n`);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  const error = await openCredentials({ kind: 'profile', name: 'mine' }, {})
    .current()
    .catch((thrown: unknown) => thrown);
  await rm(folder, { recursive: true });
  if (!(error instanceof SyncError)) throw new Error('it did not fail');
  expect(error.code).toBe('refused');
  const told: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) told.push(at.message, at.stack ?? '');
  expect(told.join('\n')).not.toMatch(/secret/);
});
