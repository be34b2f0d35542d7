import { extname, join, normalize, sep } from 'node:path';

export const SCHEME = 'app';
const HOST = 'file-sync';
/** As `senderFrame.origin` and `location.origin` say it. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

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

export interface PageFile {
  readonly file: string;
  readonly type: string;
}

/** The file below `folder` that a URL of ours names, or null; nothing outside it can be named. */
export function pageFile(url: string, folder: string): PageFile | null {
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
  const type = TYPES[extname(file)];
  return file.startsWith(folder + sep) && type !== undefined ? { file, type } : null;
}
