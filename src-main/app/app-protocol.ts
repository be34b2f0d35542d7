import { extname, join, normalize, sep } from 'node:path';
import { net, protocol, type Session } from 'electron';
import { pathToFileURL } from 'node:url';
import type { Random } from '../platform/clock.ts';

const SCHEME = 'app';
const HOST = 'file-sync';
/** As `senderFrame.origin` and `location.origin` say it. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;
/** Stands in the page where the nonce of the response goes. */
const NONCE_MARK = '__CSP_NONCE__';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } }]);
}

/** Nothing but our own files; the nonce lets the component library put its colour variables into a style element. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Serves the built pages under app://file-sync/ from `folder`, and nothing outside it. */
export function servePages(session: Session, folder: string, random: Random): void {
  session.protocol.handle(SCHEME, async (request) => {
    const file = pageFile(request.url, folder);
    const type = file === null ? undefined : TYPES[extname(file)];
    if (request.method !== 'GET' || file === null || type === undefined) return new Response('not found', { status: 404 });
    const found = await net.fetch(pathToFileURL(file).href, { bypassCustomProtocolHandlers: true }).catch(() => null);
    if (found === null || !found.ok) return new Response('not found', { status: 404 });
    const nonce = random.id() + random.id();
    const headers = {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    };
    const isPage = type.startsWith('text/html');
    return new Response(isPage ? (await found.text()).replaceAll(NONCE_MARK, nonce) : found.body, { headers });
  });
}

/** The file a URL of ours names, or null. */
export function pageFile(url: string, folder: string): string | null {
  let path: string;
  try {
    const parsed = new URL(url);
    if (parsed.host !== HOST) return null;
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (/[\0\\:]/.test(path)) return null;
  const file = normalize(join(folder, path));
  return file.startsWith(folder + sep) ? file : null;
}
