import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseXml, type XmlNode } from '../../backends/s3/http/xml.ts';
import { nodePlatform } from '../../platform/node-platform.ts';
import { runCli } from '../program.ts';
import type { RunProgram } from '../run-program.ts';
import { testCli } from '../test-context.ts';
import { launchdPlist } from './launchd-plist.ts';
import { serviceManager } from './service-manager.ts';
import type { ServiceSpec } from './service-spec.ts';
import { systemdUnit } from './systemd-unit.ts';
import { quoted, taskXml } from './task-xml.ts';

const ODD = `/opt/100% "odd" & <new> $HOME's \\ ü`;
const spec: ServiceSpec = { name: 'file-sync', description: `File Sync of ${ODD}`, command: ['/usr/bin/env', ODD, 'watch', '--config', `${ODD}/.env`], folder: '/tmp' };

/** The texts of all elements of a name. */
function texts(source: string, name: string): readonly string[] {
  const within = (node: XmlNode): readonly string[] => [...(node.name === name ? [node.text] : []), ...node.children.flatMap(within)];
  const root = parseXml(source.replace(/<!DOCTYPE[^>]*>/, ''));
  return root === null ? [] : within(root);
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sync-service-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the systemd unit', () => {
  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('is one in the eyes of systemd itself', () => {
    const file = join(folder, 'file-sync.service');
    writeFileSync(file, systemdUnit({ ...spec, command: ['/usr/bin/env', ...spec.command.slice(1)] }));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', file], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder },
    });
    expect({ status, ours: stderr.split('\n').filter((line) => line.includes('file-sync.service')) }).toEqual({ status: 0, ours: [] });
  });

  it('doubles what systemd would expand, and is told of by systemd-notify', () => {
    const unit = systemdUnit(spec);
    expect(unit).toContain(`"/opt/100%% \\"odd\\" & <new> $$HOME's \\\\ ü" "watch" "--config"`);
    expect(unit).toMatch(/^Type=notify$/m);
    expect(unit).toMatch(/^NotifyAccess=all$/m);
    expect(unit).toMatch(/^SuccessExitStatus=130$/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
    expect(unit.match(/^Description=/gm)).toHaveLength(1);
  });

  it('a newline in a path starts no line of its own', () => {
    expect(systemdUnit({ ...spec, command: ['/bin/x', 'a\nExecStartPre=/bin/false'], description: 'a\nb' })).not.toMatch(/^ExecStartPre/m);
  });
});

it('the launchd agent says in XML what was meant', () => {
  const text = launchdPlist(spec, '/Users/me/Library/Logs/file-sync.log');
  const strings = texts(text, 'string');
  expect(strings).toEqual(expect.arrayContaining(['org.file-sync.file-sync', ...spec.command, '/Users/me/Library/Logs/file-sync.log']));
  if (spawnSync('python3', ['--version']).status !== 0) return;
  const read = spawnSync('python3', ['-c', 'import plistlib,sys,json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'], { input: text, encoding: 'utf8' });
  expect(JSON.parse(read.stdout)).toMatchObject({ Label: 'org.file-sync.file-sync', ProgramArguments: spec.command, RunAtLoad: true, KeepAlive: { SuccessfulExit: false } });
});

describe('the task of Windows', () => {
  it('says in XML what was meant', () => {
    const task = taskXml(spec, 'DESK\\me');
    expect(texts(task, 'Command')).toEqual(['/usr/bin/env']);
    expect(texts(task, 'UserId')).toEqual(['DESK\\me', 'DESK\\me']);
    expect(texts(task, 'ExecutionTimeLimit')).toEqual(['PT0S']);
    expect(texts(task, 'Arguments')[0]).toContain('watch --config');
  });

  it.each([
    ['plain', 'plain'],
    ['C:\\a b\\', '"C:\\a b\\\\"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['a\\"b', '"a\\\\\\"b"'],
    ['', '""'],
  ])('the argument %s is quoted for the C runtime', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });
});

describe('file-sync service', () => {
  const calls: string[] = [];
  const run: RunProgram = async (program, args) => {
    calls.push([program, ...args].join(' '));
    return { code: 0, out: args.includes('is-active') ? 'active\n' : '', err: '' };
  };
  const cli = (change: Parameters<typeof testCli>[0] = {}) => {
    calls.length = 0;
    const platform = nodePlatform();
    writeFileSync(join(folder, '.env'), `WATCH_DIR=${folder}\nBACKUP_DIR=/dst\n`);
    return testCli({ run, cwd: folder, env: {}, platform: { ...platform, home: { ...platform.home, platform: 'linux', homeDir: folder, env: {} } }, ...change });
  };
  const unit = () => join(folder, '.config/systemd/user/file-sync.service');

  it('install writes a unit that watches these settings, and starts it; remove takes it away', async () => {
    const first = cli();
    expect(await runCli(['service', 'install'], first.context)).toBe(0);
    expect(readFileSync(unit(), 'utf8')).toContain(`ExecStart="/usr/bin/node" "/opt/file-sync/cli.js" "watch" "--config" "${folder}/.env"`);
    expect(calls).toEqual(['systemctl --user daemon-reload', 'systemctl --user enable file-sync.service', 'systemctl --user restart file-sync.service']);
    expect(await runCli(['service', 'status', '--json'], cli().context)).toBe(0);
    expect(await runCli(['service', 'remove', '--json'], cli().context)).toBe(0);
    expect(calls).toEqual(['systemctl --user disable --now file-sync.service', 'systemctl --user daemon-reload']);
    expect(existsSync(unit())).toBe(false);
    const again = cli();
    expect(await runCli(['service', 'remove'], again.context)).toBe(0);
    expect(again.out()).toContain('There is no service file-sync');
  });

  it('--print only shows it', async () => {
    const shown = cli();
    expect(await runCli(['service', 'install', '--print', '--json'], shown.context)).toBe(0);
    expect(JSON.parse(shown.out())).toMatchObject({ system: 'systemd', installed: false, text: expect.stringContaining('[Service]') });
    expect(calls).toEqual([]);
    expect(existsSync(unit())).toBe(false);
  });

  it('says what to do where no systemd of the user runs', async () => {
    const failing = cli({ run: async () => ({ code: 1, out: '', err: 'Failed to connect to bus: No medium found\n' }) });
    expect(await runCli(['service', 'install'], failing.context)).toBe(1);
    expect(failing.err()).toContain('Failed to connect to bus');
    expect(failing.err()).toContain('loginctl enable-linger');
  });

  it.each([
    [['--name', 'a/b'], '--name takes letters'],
    [['--config', 'none.env'], 'a service needs a settings file'],
  ])('is refused with %s', async (argv, message) => {
    const refused = cli();
    expect(await runCli(['service', 'install', ...argv], refused.context)).toBe(2);
    expect(refused.err()).toContain(message);
    expect(calls).toEqual([]);
  });

  it.each([
    ['darwin', 'launchd', 'Library/LaunchAgents/org.file-sync.work.plist', ['id -u', 'launchctl bootout gui/501/org.file-sync.work', 'launchctl bootstrap gui/501 ']],
    ['win32', 'task-scheduler', 'File Sync\\services\\work.xml', ['schtasks /Create /F /TN \\File Sync\\work /XML ', 'schtasks /Run /TN \\File Sync\\work']],
  ] as const)('on %s hands it to %s', async (platform, system, file, expected) => {
    const asked: string[] = [];
    const files = new Map<string, string>();
    const handle = (path: string) => ({
      write: async (chunk: Uint8Array) => void files.set(path, new TextDecoder().decode(chunk)),
      sync: async () => undefined,
      close: async () => undefined,
      stat: async () => Promise.reject(new Error('not asked for')),
    });
    const real = nodePlatform();
    const fs = {
      ...real.fs,
      lstat: async () => null,
      mkdir: async () => undefined,
      create: async (path: string) => handle(path),
      rename: async (from: string, to: string) => {
        files.set(to, files.get(from) ?? '');
        files.delete(from);
      },
      syncFolder: async () => undefined,
    };
    const manager = serviceManager({
      fs,
      home: { ...real.home, platform, homeDir: folder, env: { LOCALAPPDATA: folder, USERNAME: 'me', USERDOMAIN: 'DESK' } },
      run: async (program, args) => {
        asked.push([program, ...args].join(' '));
        return { code: 0, out: program === 'id' ? '501\n' : '', err: '' };
      },
    });
    await manager.install({ ...spec, name: 'work' });
    expect(manager.system).toBe(system);
    const written = [...files.keys()];
    expect(written).toEqual([expect.stringContaining(file)]);
    expect(files.get(written[0] ?? '')).toBe(manager.describe({ ...spec, name: 'work' }));
    expect(asked.map((line, at) => line.startsWith(expected[at] ?? 'nothing'))).toEqual(expected.map(() => true));
  });

  it('knows no other systems', async () => {
    const real = nodePlatform();
    const other = cli({ platform: { ...real, home: { ...real.home, platform: 'aix' } } });
    expect(await runCli(['service', 'status'], other.context)).toBe(1);
    expect(other.err()).toContain('no services on aix');
  });
});
