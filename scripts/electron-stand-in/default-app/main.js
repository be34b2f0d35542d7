// Stands in for Electron's own resources/default_app.asar: `electron [flags] <folder or file> [app arguments]`.
import fs from 'node:fs';
import { Module } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const args = process.argv.slice(1);
const preloaded = [];
let file = null;
for (let i = 0; i < args.length && file === null; i++) {
  const arg = args[i];
  if (arg === '--version' || arg === '-v') {
    process.stdout.write(`v${process.versions.electron}\n`);
    process.exit(0);
  } else if (arg === '--require' || arg === '-r') preloaded.push(args[++i]);
  else if (!arg.startsWith('-')) file = arg;
}
if (preloaded.length > 0) Module._preloadModules(preloaded);

try {
  if (file === null) throw new Error('usage: electron [flags] <path to app>');
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const target = path.resolve(file);
  const manifest = path.join(target, 'package.json');
  let appPath = null;
  if (fs.existsSync(manifest)) {
    const pkg = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    if (pkg.version) app.setVersion(pkg.version);
    if (pkg.productName || pkg.name) app.name = pkg.productName || pkg.name;
    app.setDesktopName?.(pkg.desktopName || `${app.name}.desktop`);
    appPath = target;
  }
  const entry = Module._resolveFilename(target, null, true);
  app.setAppPath(appPath ?? path.dirname(entry));
  await import(pathToFileURL(entry).href);
} catch (error) {
  process.stderr.write(`The app could not be loaded\n${error?.stack ?? error}\n`);
  process.exit(1);
}
