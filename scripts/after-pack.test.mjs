import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Arch } from 'electron-builder';
import { afterEach, beforeEach, expect, it } from 'vitest';
import afterPack from './after-pack.mjs';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-package-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const pack = (electronPlatformName, arch) => afterPack({ appOutDir: folder, arch, electronPlatformName, packager: { getResourcesDir: (out) => path.join(out, 'resources') } });
const hold = (name) => fs.mkdirSync(path.join(folder, 'resources/app.asar.unpacked/node_modules/@libsql', name), { recursive: true });

it('a package holds the database of its own system and processor', async () => {
  for (const name of ['linux-x64-gnu', 'linux-x64-musl', 'darwin-arm64']) hold(name);
  await pack('linux', Arch.x64);
  await pack('darwin', Arch.arm64);
  await expect(pack('linux', Arch.arm64)).rejects.toThrow('linux-arm64 would hold no database that runs there, but darwin-arm64, linux-x64-gnu, linux-x64-musl');
  await expect(pack('darwin', Arch.x64)).rejects.toThrow('darwin-x64');
});

it('a package without any, or of the stand-in Electron, is refused', async () => {
  await expect(pack('win32', Arch.x64)).rejects.toThrow('but none');
  hold('win32-x64-msvc');
  await pack('win32', Arch.x64);
  fs.writeFileSync(path.join(folder, 'STAND-IN'), '');
  await expect(pack('win32', Arch.x64)).rejects.toThrow('stand-in');
});
