// electron-builder's afterPack hook: a release is never made of the stand-in Electron, nor without the database of its system and processor.
import fs from 'node:fs';
import path from 'node:path';
import { Arch } from 'electron-builder';

export default async function afterPack({ appOutDir, arch, electronPlatformName, packager }) {
  const isStandIn = fs.existsSync(path.join(appOutDir, 'STAND-IN'));
  if (isStandIn && process.env.FILE_SYNC_PACKAGE_UNOFFICIAL !== '1') {
    throw new Error('This package would hold the stand-in Electron, which is for development and tests only. Build it where the declared Electron can be downloaded.');
  }
  const target = `${electronPlatformName}-${Arch[arch]}`;
  const databases = path.join(packager.getResourcesDir(appOutDir), 'app.asar.unpacked/node_modules/@libsql');
  const held = fs.existsSync(databases) ? fs.readdirSync(databases) : [];
  if (!held.some((name) => name === target || name.startsWith(`${target}-`))) {
    throw new Error(
      `This package for ${target} would hold no database that runs there, but ${held.join(', ') || 'none'}: npm installs it only on such a machine. Build it on one.`,
    );
  }
}
