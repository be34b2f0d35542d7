// `npm run package:dir`: the packaged app as a folder below release/, for this system. With the stand-in Electron only where FILE_SYNC_PACKAGE_UNOFFICIAL=1 says so: for tests of the package, never to give away.
import fs from 'node:fs';
import path from 'node:path';
import { ensureElectron } from './electron-dist.mjs';
import { ensureBuild, ensureModules, main, run, SetupError, say, tool } from './setup.mjs';

await main(async () => {
  ensureModules();
  ensureBuild();
  const { dist, standIn } = await ensureElectron();
  if (standIn && process.env.FILE_SYNC_PACKAGE_UNOFFICIAL !== '1') {
    throw new SetupError(
      'Only the stand-in Electron can be had here, and a release is never made of it. FILE_SYNC_PACKAGE_UNOFFICIAL=1 npm run package:dir makes an unofficial package for tests.',
    );
  }
  if (standIn) say('packaging the stand-in Electron: unofficial, for tests only');
  const version = fs.readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  run(...tool('electron-builder', '--dir', '--publish', 'never', `-c.electronDist=${dist}`, `-c.electronVersion=${version}`));
});
