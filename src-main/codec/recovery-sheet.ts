import { encode } from 'uqr';
import { Secret } from '../core/secret.ts';

export interface SheetFacts {
  /** What the user calls the vault, or where it lies. */
  readonly name: string;
  readonly vaultId: string;
  /** When it was made, for people: `26 November 2026`. */
  readonly date: string;
  /** 24 of them. */
  readonly words: readonly Secret[];
}

/**
 * A page to print: the words numbered, and the same as a QR code. It is the secret itself. It loads nothing, runs nothing and says so to the browser; colours and sizes hold on paper and on a screen.
 */
export function renderRecoverySheet({ name, vaultId, date, words }: SheetFacts): Secret {
  const items = words.map((word, i) => `<li><span>${i + 1}</span>${asText(word.reveal())}</li>`).join('\n');
  // Capitals fit the code's dense alphabet; File Sync reads words in any case.
  const code = qrPath(words.map((word) => word.reveal().toUpperCase()).join(' '));
  return new Secret(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Recovery sheet</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<p class="brand">File Sync</p>
<h1>Recovery sheet</h1>
<dl>
<div><dt>Vault</dt><dd>${asText(name)}</dd></div>
<div><dt>Made</dt><dd>${asText(date)}</dd></div>
<div><dt>Id</dt><dd class="id">${asText(vaultId)}</dd></div>
</dl>
</header>
<p class="warning"><strong>These 24 words open every file of this vault.</strong> Whoever has them needs nothing else. If every other key is lost, nothing else helps.</p>
<section class="secret">
<ol>
${items}
</ol>
<figure>
<svg viewBox="0 0 ${code.size} ${code.size}" role="img" aria-label="The 24 words as a QR code" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${code.size}v${code.size}H0z"/><path fill="#000" d="${code.path}"/></svg>
<figcaption>The same words</figcaption>
</figure>
</section>
<section class="advice">
<div>
<h2>To get your files back</h2>
<ol>
<li>Install File Sync and set up a folder with the same storage.</li>
<li>Where it asks for the key, type the words in this order, or put them into <code>ENCRYPTION_KEY</code>.</li>
<li>Then set a new passphrase: <code>file-sync keys add passphrase</code>.</li>
</ol>
<p>Without syncing, from a copy of the storage: <code>file-sync decrypt --tree COPY --out FOLDER</code>.</p>
</div>
<div>
<h2>Where to keep it</h2>
<ul>
<li>On paper, where you keep your passport; a second one in another house.</li>
<li>Not as a photo or a file, and never in the storage it opens.</li>
<li>If it may have been seen: <code>file-sync keys rotate --revoke</code>, then make a new sheet.</li>
</ul>
</div>
</section>
<footer><span>Kept at</span><span>Checked on</span></footer>
</main>
</body>
</html>
`);
}

/** The dark modules as one path, a rectangle for every run in a row; with the quiet zone of four that readers want. */
function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const runs = data.flatMap((row, y) => {
    const found: string[] = [];
    for (let x = 0; x < row.length; x++) {
      const start = x;
      while (row[x]) x++;
      if (x > start) found.push(`M${start} ${y}h${x - start}v1H${start}z`);
    }
    return found;
  });
  return { size, path: runs.join('') };
}

function asText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light; --ink: #16202c; --soft: #5a6675; --line: #c9d1da; --warn: #8a3b00; }
* { box-sizing: border-box; margin: 0; }
body { background: #e9edf1; color: var(--ink); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; padding: 24px; }
main { background: #fff; max-width: 190mm; margin: 0 auto; padding: 14mm; border-radius: 6px; box-shadow: 0 2px 14px rgb(0 0 0 / 14%); }
.brand { color: var(--soft); font-size: 13px; letter-spacing: .08em; text-transform: uppercase; }
h1 { font-size: 30px; line-height: 1.2; margin: 2px 0 14px; }
h2 { font-size: 15px; margin-bottom: 6px; }
dl { display: grid; grid-template-columns: 1.4fr 1fr; gap: 4px 24px; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 8px 0; }
dl div { display: flex; gap: 10px; min-width: 0; }
dl div:last-child { grid-column: 1 / -1; }
dt { color: var(--soft); flex: none; width: 64px; }
dd { overflow-wrap: anywhere; font-weight: 600; }
dd.id { font: 13px/1.6 ui-monospace, "SF Mono", Consolas, monospace; }
.warning { border: 2px solid var(--warn); border-radius: 4px; color: var(--warn); margin: 16px 0; padding: 9px 12px; }
.secret { display: flex; gap: 18px; align-items: flex-start; }
.secret ol { columns: 3; column-gap: 14px; flex: 1; list-style: none; padding: 0; }
.secret li { break-inside: avoid; border-bottom: 1px solid var(--line); font: 600 17px/1 ui-monospace, "SF Mono", Consolas, monospace; padding: 9px 0; white-space: nowrap; }
.secret li span { color: var(--soft); display: inline-block; font-size: 12px; font-weight: 400; margin-right: 10px; text-align: right; width: 20px; }
figure { flex: none; width: 44mm; text-align: center; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: 12px; }
.advice { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; margin-top: 20px; font-size: 13.5px; }
.advice ol, .advice ul { padding-left: 18px; }
.advice li, .advice p { margin-bottom: 4px; }
code { font: 12.5px ui-monospace, "SF Mono", Consolas, monospace; background: #f0f3f6; border-radius: 3px; padding: 1px 4px; overflow-wrap: anywhere; }
footer { display: grid; grid-template-columns: 2fr 1fr; gap: 24px; margin-top: 26px; color: var(--soft); font-size: 12px; }
footer span { border-top: 1px solid var(--line); padding-top: 4px; }
@media (max-width: 620px) {
  body { padding: 0; }
  main { border-radius: 0; padding: 18px; }
  .secret { flex-direction: column; }
  .secret ol { columns: 2; width: 100%; }
  figure { align-self: center; width: 62mm; }
  dl, .advice { grid-template-columns: 1fr; }
}
@page { size: auto; margin: 14mm; }
@media print {
  body { background: none; padding: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { box-shadow: none; max-width: none; padding: 0; }
  main, section { break-inside: avoid; }
}
`;
