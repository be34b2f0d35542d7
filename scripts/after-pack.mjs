// electron-builder's afterPack hook: a release is never made of the stand-in Electron.
import fs from 'node:fs';
import path from 'node:path';

export default async function afterPack({ appOutDir }) {
  const isStandIn = fs.existsSync(path.join(appOutDir, 'STAND-IN'));
  if (isStandIn && process.env.FILE_SYNC_PACKAGE_UNOFFICIAL !== '1') {
    throw new Error('This package would hold the stand-in Electron, which is for development and tests only. Build it where the declared Electron can be downloaded.');
  }
}
