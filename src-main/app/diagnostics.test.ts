import { describe, expect, it } from 'vitest';
import { appState, pairView, settingsView } from '../testing/app-state.ts';
import { type DiagnosticsInput, diagnosticsText } from './diagnostics.ts';

/** Put wherever one could get to by mistake. */
const SECRETS = [
  'AKIAIOSFODNN7EXAMPLE',
  'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  'hunter2-passphrase',
  '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
] as const;
const NAMES = ['Divorce papers', 'anna', 'my-private-bucket', 'lover.docx', 'secret-project'] as const;

const state = appState({
  pairs: [
    pairView({
      name: NAMES[0],
      source: `/home/${NAMES[1]}/x`,
      storage: { kind: 's3', provider: 'b2', bucket: NAMES[2], prefix: 'p/', endpoint: `https://${SECRETS[0]}:x@b2.example.org`, region: 'eu', signIn: { kind: 'keychain' } },
      state: 'error',
      error: { code: 'refused', message: `${NAMES[3]}: the key ${SECRETS[1]} was refused`, hint: `set AWS_SECRET_ACCESS_KEY=${SECRETS[2]}` },
      settings: { ...pairView().settings, ignorePatterns: [`${NAMES[4]}/`] },
      failures: { items: [{ path: NAMES[3], code: 'io', message: `${SECRETS[3]}`, attempts: 2, since: 0 }], total: 1 },
      files: 1_204,
    }),
  ],
  settings: settingsView({ ignorePatterns: [NAMES[4]], deviceName: NAMES[1] }),
  notices: [{ id: 'fault', kind: 'fault', detail: `passphrase:${SECRETS[2]}` }],
  recent: [{ pair: 'x', at: 1, path: NAMES[3], to: null, what: 'upload', outcome: 'done', reason: '', bytes: 1 }],
});
const logs = [
  {
    name: 'file-sync.log',
    lines: [
      JSON.stringify({ level: 'info', time: '2026-11-23T12:00:00.000Z', msg: 'plan', cycle: '0123456789abcdef', path: NAMES[3], action: 'upload', size: 12, reason: 'new here' }),
      JSON.stringify({ level: 'error', msg: `cannot read /home/${NAMES[1]}/${NAMES[3]}`, secretAccessKey: SECRETS[1], code: 'io' }),
      `{"level":"warn","msg":"x","message":"token=${SECRETS[2]} and ${SECRETS[3]}","place":"${NAMES[4]}/"}`,
      `no JSON: ${NAMES[3]} ${SECRETS[0]}`,
      '',
    ],
  },
];
const make = (names: boolean, change: Partial<DiagnosticsInput> = {}): string =>
  diagnosticsText({
    state,
    at: '2026-11-23T12:00:00Z',
    versions: { app: '1.0.0', electron: '45.4.1' },
    system: { platform: 'linux' },
    run: { trayAfterMs: 700 },
    logs,
    names,
    ...change,
  });

describe('I9 the diagnostics', () => {
  it.each([true, false])('hold none of the secrets that were planted everywhere (names: %s)', (names) => {
    const text = make(names);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  it('hold no name where none is wanted', () => {
    const text = make(false);
    for (const name of NAMES) expect(text).not.toContain(name);
    expect(text).not.toContain('/home');
  });

  it('hold what helps', () => {
    const text = make(false);
    expect(text).toContain('electron: 45.4.1');
    expect(text).toContain('trayAfterMs: 700');
    expect(text).toContain('files: 1204');
    expect(text).toContain('error: refused');
    expect(text).toContain('failures: {"io":1}');
    expect(text).toContain('"msg":"plan","cycle":"0123456789abcdef","action":"upload","size":12,"reason":"new here"');
    expect(text).toContain('storage: {"kind":"s3","provider":"b2","region":"eu","signIn":"keychain"}');
  });

  it('hold names where they are wanted', () => {
    const text = make(true);
    for (const name of [NAMES[0], NAMES[2], NAMES[3]]) expect(text).toContain(name);
  });
});
