import { Checkbox } from '@mantine/core';
import { say } from '../../strings/say.ts';
import type { NewPair } from './use-new-pair.ts';

/** With the first pair: a backup that ends with the next restart is none. */
export function LoginChoice({ pair: { startAtLogin, setStartAtLogin } }: { readonly pair: NewPair }) {
  if (startAtLogin === null) return null;
  return <Checkbox label={say.add.startAtLogin} description={say.add.startAtLoginHint} checked={startAtLogin} onChange={(event) => setStartAtLogin(event.currentTarget.checked)} />;
}
