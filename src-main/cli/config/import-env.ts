import { Secret } from '../../core/secret.ts';
import type { StoredKeys } from '../../keychain/stored-keys.ts';
import { parseEnvFile } from '../../settings/env-file.ts';
import { suggestion } from '../../settings/gather-settings.ts';
import { isPlace, isVariable, type VariableName } from '../../settings/variables.ts';
import { faultOf } from './config-list.ts';
import type { Imported, ImportNote } from './imported.ts';

const KEYS: readonly string[] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** A settings file in the grammar of `.env`, ours or another program's. `absolute` makes a path out of one that is relative to that file. */
export function importEnv(text: string, absolute: (path: string) => string): Imported {
  const parsed = parseEnvFile(text);
  const values = new Map<VariableName, string>();
  const secrets = new Map<string, { readonly value: string; readonly line: number }>();
  const notes: ImportNote[] = [];
  const faults: ImportNote[] = parsed.faults.map(({ line, what }) => ({ line, text: what }));
  for (const [name, { value, line }] of parsed.values) {
    if (!isVariable(name)) {
      notes.push({ line, text: `${name} is not a setting of File Sync and is left out${suggestion(name)}` });
      continue;
    }
    if (value === '') continue;
    const fault = faultOf(name, value);
    if (fault !== null) faults.push({ line, text: `${name} ${fault}` });
    else if (KEYS.includes(name)) secrets.set(name, { value, line });
    else if (name === 'ENCRYPTION_KEY')
      notes.push({
        line,
        text: 'ENCRYPTION_KEY is left out, because settings files of ours hold no secret: set it in the environment for the first sync, then keep it by `file-sync keys remember`',
      });
    else values.set(name, isPlace(name) ? absolute(value) : value);
  }
  return { values, ...keysOf(secrets, faults), notes, faults };
}

function keysOf(secrets: ReadonlyMap<string, { readonly value: string; readonly line: number }>, faults: ImportNote[]): Pick<Imported, 'keys'> {
  const [id, secret, token] = KEYS.map((name) => secrets.get(name));
  if (id === undefined && secret === undefined && token === undefined) return { keys: null };
  if (id === undefined || secret === undefined) {
    faults.push({ line: (id ?? secret ?? token)?.line ?? null, text: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together, and one is not there' });
    return { keys: null };
  }
  return { keys: storedKeys(id.value, secret.value, token?.value) };
}

export function storedKeys(id: string, secret: string, token: string | undefined): StoredKeys {
  return { accessKeyId: id, secretAccessKey: new Secret(secret), sessionToken: token === undefined || token === '' ? null : new Secret(token) };
}
