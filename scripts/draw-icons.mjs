// Draws every image in assets/ from assets/icons.svg: `node scripts/draw-icons.mjs`. The images are committed; run it after a change to the drawing.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const assets = join(import.meta.dirname, '..', 'assets');
const source = readFileSync(join(assets, 'icons.svg'), 'utf8');

const STATES = ['ok', 'syncing', 'paused', 'offline', 'attention', 'error', 'not-set-up'];
/** What lies behind the icon: `light` is for light panels. Two states carry a colour of their own as well, readable on both. */
const INK = { light: '#1f2933', dark: '#f5f7fa' };
const OWN_INK = { attention: { light: '#c77700', dark: '#ffb224' }, error: { light: '#d92d20', dark: '#ff6b5f' } };
const LINUX_SIZES = [16, 22, 32];
const ICO_SIZES = [16, 20, 24, 32, 40, 48];

const symbols = new Map([...source.matchAll(/<symbol id="([^"]+)" viewBox="([^"]+)">([\s\S]*?)<\/symbol>/g)].map(([, id, viewBox, body]) => [id, { viewBox, body }]));

/** A symbol as PNG bytes, `size` pixels square. */
function draw(id, size, ink) {
  const { viewBox, body } = symbols.get(id) ?? fail(`no symbol ${id}`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${size}" height="${size}" color="${ink}">${body}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
}

/** The Windows icon format: a folder of images, each a PNG (allowed since Vista). */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let at = head.length;
  images.forEach(({ size, png }, i) => {
    const entry = 6 + 16 * i;
    head.writeUInt8(size >= 256 ? 0 : size, entry);
    head.writeUInt8(size >= 256 ? 0 : size, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += png.length;
  });
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

function fail(message) {
  throw new Error(message);
}

rmSync(join(assets, 'tray'), { recursive: true, force: true });
mkdirSync(join(assets, 'tray'), { recursive: true });
const put = (name, bytes) => writeFileSync(join(assets, name), bytes);

for (const state of STATES) {
  for (const theme of ['light', 'dark']) {
    const ink = OWN_INK[state]?.[theme] ?? INK[theme];
    for (const size of LINUX_SIZES) {
      put(`tray/${state}-${theme}-${size}.png`, draw(state, size, ink));
      put(`tray/${state}-${theme}-${size}@2x.png`, draw(state, size * 2, ink));
    }
    put(`tray/${state}-${theme}.ico`, ico(ICO_SIZES.map((size) => ({ size, png: draw(state, size, ink) }))));
  }
  // macOS recolours template images itself; only their shape counts.
  put(`tray/${state}Template.png`, draw(state, 16, '#000000'));
  put(`tray/${state}Template@2x.png`, draw(state, 32, '#000000'));
}
put('icon.png', draw('app', 512, '#000000'));
put('icon.ico', ico([16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: draw('app', size, '#000000') }))));
console.log(`drew ${STATES.length} tray states and the app icon`);
