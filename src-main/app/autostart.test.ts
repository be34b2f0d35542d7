import { describe, expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { quoteArgument, startedBy, xdgAutostart } from './autostart.ts';

const ENTRY = { id: 'file-sync', name: 'File Sync', command: ['/opt/File Sync/file-sync', '--hidden'] };

/** A disk on which starting at login is written so. */
function entryOf(text: string) {
  const disk = new FakeFs({ clock: new ManualClock() });
  const file = '/conf/autostart/file-sync.desktop';
  disk.edit.write(file, text);
  return { disk, file, autostart: xdgAutostart(disk.view(), { homeDir: '/home/a', env: { XDG_CONFIG_HOME: '/conf' } }, ENTRY) };
}

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

  it.each([
    ['another AppImage', 'Exec=/home/a/file-sync-0.1.AppImage --hidden'],
    ['an empty line', 'Exec='],
    ['spaces', 'Exec = /old'],
  ])('starts this program again where it is on and says %s; the rest of the entry stays', async (_, line) => {
    const { disk, autostart, file } = entryOf(`[Desktop Entry]\n${line}\nX-GNOME-Autostart-Delay=60\n# mine\n`);
    await autostart.renew();
    expect(disk.edit.read(file)).toBe('[Desktop Entry]\nExec="/opt/File Sync/file-sync" --hidden\nX-GNOME-Autostart-Delay=60\n# mine\n');
    disk.edit.setMtime(file, 5n);
    await autostart.renew();
    expect(await disk.view().lstat(file)).toMatchObject({ mtimeNs: 5n });
  });

  it('leaves an entry alone that the session switched off, and makes none', async () => {
    const off = '[Desktop Entry]\nExec=/old\nHidden=true\n';
    const { disk, autostart, file } = entryOf(off);
    await autostart.renew();
    expect(disk.edit.read(file)).toBe(off);
    disk.edit.remove(file);
    await autostart.renew();
    expect(disk.edit.exists(file)).toBe(false);
  });

  it.each([
    ['none', '/opt/x/file-sync', {}, '/opt/x/file-sync'],
    ['its own', '/tmp/.mount_a/file-sync', { APPIMAGE: '/home/a/new.AppImage', APPDIR: '/tmp/.mount_a' }, '/home/a/new.AppImage'],
    ['its own, by another way', '/private/tmp/.mount_a/file-sync', { APPIMAGE: '/home/a/new.AppImage', APPDIR: '/tmp/.mount_a' }, '/home/a/new.AppImage'],
    ['one that does not say where it lies', '/tmp/.mount_a/file-sync', { APPIMAGE: '/home/a/new.AppImage' }, '/home/a/new.AppImage'],
    ['that of the terminal it is started from', '/opt/x/file-sync', { APPIMAGE: '/home/a/editor.AppImage', APPDIR: '/tmp/.mount_e' }, '/opt/x/file-sync'],
    ['a neighbour', '/tmp/.mount_ab/file-sync', { APPIMAGE: '/home/a/editor.AppImage', APPDIR: '/tmp/.mount_a' }, '/tmp/.mount_ab/file-sync'],
  ])('knows what starts it: with an AppImage that is %s', (_, executable, env, program) => {
    expect(startedBy(executable, env, (path) => path.replace(/^\/tmp\//, '/private/tmp/'))).toBe(program);
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
