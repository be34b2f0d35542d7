import { describe, expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { quoteArgument, xdgAutostart } from './autostart.ts';

const ENTRY = { id: 'file-sync', name: 'File Sync', command: ['/opt/File Sync/file-sync', '--hidden'] };

describe('XDG autostart', () => {
  it('writes a desktop entry and takes it away again', async () => {
    const disk = new FakeFs({ clock: new ManualClock() });
    disk.edit.mkdir('/home/a');
    const autostart = xdgAutostart(disk.view(), { homeDir: '/home/a', env: {} }, ENTRY);
    const file = '/home/a/.config/autostart/file-sync.desktop';
    expect(await autostart.isOn()).toBe(false);
    await autostart.set(true);
    expect(await autostart.isOn()).toBe(true);
    expect(disk.edit.read(file)).toBe(
      '[Desktop Entry]\nType=Application\nVersion=1.0\nName=File Sync\nExec="/opt/File Sync/file-sync" --hidden\nTerminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\nX-GNOME-Autostart-Delay=5\n',
    );
    await autostart.set(false);
    await autostart.set(false);
    expect(disk.edit.exists(file)).toBe(false);
  });

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])('respects %s, the session’s own switch', async (line) => {
    const disk = new FakeFs({ clock: new ManualClock() });
    const autostart = xdgAutostart(disk.view(), { homeDir: '/home/a', env: { XDG_CONFIG_HOME: '/conf' } }, ENTRY);
    disk.edit.write('/conf/autostart/file-sync.desktop', `[Desktop Entry]\n${line}\n`);
    expect(await autostart.isOn()).toBe(false);
  });

  it('ignores a relative XDG_CONFIG_HOME, as the specification says', async () => {
    const disk = new FakeFs({ clock: new ManualClock() });
    disk.edit.mkdir('/home/a');
    await xdgAutostart(disk.view(), { homeDir: '/home/a', env: { XDG_CONFIG_HOME: 'conf' } }, ENTRY).set(true);
    expect(disk.edit.exists('/home/a/.config/autostart/file-sync.desktop')).toBe(true);
  });

  it.each([
    ['plain', 'plain'],
    ['', '""'],
    ['with space', '"with space"'],
    ['a"b', '"a\\\\"b"'],
    ['$HOME', '"\\\\$HOME"'],
    ['back\\slash', '"back\\\\\\\\slash"'],
    ['100%', '"100%%"'],
  ])('quotes %j as %s', (argument, quoted) => {
    expect(quoteArgument(argument)).toBe(quoted);
  });
});
