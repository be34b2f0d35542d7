import { pathToFileURL } from 'node:url';
import { net, protocol, type Session } from 'electron';
import type { Random } from '../platform/clock.ts';
import { contentSecurityPolicy, pageFile, SCHEME } from './app-pages.ts';

/** Stands in the page where the nonce of the response goes. */
const NONCE_MARK = '__CSP_NONCE__';

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } }]);
}

/** Serves the built pages under app://file-sync/ from `folder`, and nothing outside it. */
export function servePages(session: Session, folder: string, random: Random): void {
  session.protocol.handle(SCHEME, async ({ method, url }) => {
    const page = method === 'GET' ? pageFile(url, folder) : null;
    const found = page === null ? null : await net.fetch(pathToFileURL(page.file).href, { bypassCustomProtocolHandlers: true }).catch(() => null);
    if (page === null || found === null || !found.ok) return new Response('not found', { status: 404 });
    const nonce = random.id() + random.id();
    const headers = {
      'content-type': page.type,
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    };
    return new Response(page.type.startsWith('text/html') ? (await found.text()).replaceAll(NONCE_MARK, nonce) : found.body, { headers });
  });
}
