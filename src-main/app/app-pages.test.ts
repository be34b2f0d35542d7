import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, pageFile } from './app-pages.ts';

describe('pages of the app', () => {
  it('are the files of one folder', () => {
    expect(pageFile('app://file-sync/index.html', '/app/out/renderer')).toEqual({ file: '/app/out/renderer/index.html', type: 'text/html; charset=utf-8' });
    expect(pageFile('app://file-sync/assets/a.js?x#y', '/app/out/renderer')?.file).toBe('/app/out/renderer/assets/a.js');
  });

  it.each([
    'app://other/index.html',
    'app://file-sync/',
    'app://file-sync/../main/main.js',
    'app://file-sync/..%2fmain%2fmain.js',
    'app://file-sync/%2e%2e/%2e%2e/etc/passwd.html',
    'app://file-sync/..%5c..%5cmain.js',
    'app://file-sync/C:%5cx.js',
    'app://file-sync/a%00.js',
    'app://file-sync/assets/a.map',
    'app://file-sync/%',
    'not a url',
  ])('are never %s', (url) => {
    const page = pageFile(url, '/app/out/renderer');
    // The URL parser resolves dots itself; what is left must lie inside.
    expect(page === null || page.file.startsWith('/app/out/renderer/')).toBe(true);
    if (!url.includes('/..') && !url.includes('%2e')) expect(page).toBeNull();
  });

  it('allow nothing but themselves', () => {
    const policy = contentSecurityPolicy('abc');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'nonce-abc'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });
});
