import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pairView, settingsView } from '../../../src-main/testing/app-state.ts';
import { DEFAULT_TUNING } from '../../../src-preload/contract/tuning.ts';
import { cliCommand, shellWord } from './cli-command.ts';

const one = (text: string): string => text.replaceAll(' \\\n  ', ' ');

describe('the command beside a folder', () => {
  it('says everything the app goes by', () => {
    const pair = pairView({
      source: "~/My Docs/Anna's",
      settings: {
        ...pairView().settings,
        conflictPolicy: 'manual',
        ignorePatterns: ['*.iso', 'node_modules/'],
        schedule: { cron: '30 2 * * *', timeZone: 'Europe/Berlin', quiet: ['22:00-07:00'] },
      },
    });
    expect(one(cliCommand(pair, settingsView({ ignorePatterns: ['.cache/'], bandwidth: { up: 500_000, down: null } })))).toBe(
      "file-sync watch --source ~/'My Docs/Anna'\\''s' --backup-dir /backup --set CONFLICT_RESOLUTION=manual --set 'IGNORE_PATTERNS=.cache/,*.iso,node_modules/' --set 'SYNC_SCHEDULE=30 2 * * *' " +
        '--set SYNC_TIME_ZONE=Europe/Berlin --set QUIET_HOURS=22:00-07:00 --set BANDWIDTH_LIMIT_UP=500000B',
    );
  });

  it('says what is not as the command line has it by itself, of its own before what is for every folder', () => {
    const pair = pairView({ settings: { ...pairView().settings, tuning: { direction: 'upload_only', versionsKeep: 10 } } });
    const every = settingsView({ tuning: { ...DEFAULT_TUNING, versionsKeep: 0, verifySample: { kind: 'part', percent: 1 } }, deviceName: 'my desk', logLevel: 'debug' });
    expect(one(cliCommand(pair, every))).toBe(
      "file-sync watch --source ~/Documents --backup-dir /backup --set DIRECTION=upload_only --set VERIFY_SAMPLE=1% --set 'DEVICE_NAME=my desk' --set LOG_LEVEL=debug",
    );
  });

  it('of a bucket names where keys come from and holds none', () => {
    const storage = { kind: 's3', provider: 'b2', bucket: 'photos', prefix: 'laptop/', endpoint: 'https://s3.example.org', region: 'eu', signIn: { kind: 'keychain' } } as const;
    const protection = { encrypted: true, compressed: true, hidesNames: true, vault: 'ab', keep: 'keychain' } as const;
    expect(one(cliCommand(pairView({ storage, protection }), settingsView(), 'sync'))).toBe(
      'file-sync sync --source ~/Documents --backend s3 --set S3_BUCKET=photos --set S3_PREFIX=laptop --set S3_ENDPOINT=https://s3.example.org --set AWS_REGION=eu ' +
        '--set COMPRESSION_ENABLED=true --set ENCRYPTION_ENABLED=true --set ENCRYPT_NAMES=true',
    );
    const times = settingsView({ bandwidthTimetable: [{ days: [1], from: '08:00', to: '18:00', up: 5, down: null }] });
    expect(one(cliCommand(pairView(), times))).toContain("--set 'BANDWIDTH_TIMETABLE=Mon-08:00,5B:off Mon-18:00,off'");
    expect(cliCommand(pairView({ storage: { ...storage, signIn: { kind: 'profile', name: 'work' } } }), settingsView())).toContain('AWS_PROFILE=work');
  });

  it.each(["it's", '$(rm -rf ~)', 'a b\\', '`x`', '"', '*.iso', '!a', 'é'])('%s is read back by a shell as it was', (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });
});
