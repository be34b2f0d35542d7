import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { end, type Launched, launch, newPlace, type Place, ROOT } from './support/launch.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

let host: TrayHost;
let place: Place;
let launched: Launched;

test.beforeAll(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place);
  await launched.page.getByRole('heading', { level: 1 }).waitFor();
});
test.afterAll(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

/** What the kernel says about each renderer process of this app. */
function renderers(): readonly string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.includes('--type=renderer') && command.includes(place.home) ? [fs.readFileSync(`/proc/${pid}/status`, 'utf8')] : [];
      } catch {
        return [];
      }
    });
}

test('every renderer is in the OS sandbox', () => {
  const found = renderers();
  expect(found.length).toBeGreaterThan(0);
  for (const status of found) {
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status.match(/^NSpid:\t(.*)$/m)?.[1]?.split('\t').length).toBeGreaterThan(1);
  }
});

test('the window has no way around the bridge', async () => {
  const { app, page } = launched;
  const preferences = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => (window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()),
  );
  expect(preferences.length).toBe(1);
  for (const each of preferences) {
    expect(each).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
  }
  expect(await page.evaluate(() => [typeof globalThis.process, typeof (globalThis as { require?: unknown }).require, Object.keys(window.fileSync).sort()])).toEqual([
    'undefined',
    'undefined',
    ['on', 'request'],
  ]);
});

test('only our own files, scripts and styles run', async () => {
  const { page } = launched;
  expect(page.url()).toBe('app://file-sync/index.html');
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = ':root { --inline-style: 1 }';
    document.body.append(style);
    return [(window as { inlineRan?: boolean }).inlineRan === true, getComputedStyle(document.documentElement).getPropertyValue('--inline-style')];
  });
  expect(ran).toEqual([false, '']);
  // String evaluation is refused by the page itself, however it is reached.
  expect(
    await page.evaluate(() => {
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.handlerRan = true');
      document.body.append(button);
      button.click();
      return (window as { handlerRan?: boolean }).handlerRan === true;
    }),
  ).toBe(false);
  expect(refused.length).toBeGreaterThan(0);
});

test('nothing leaves the app', async () => {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const results = await launched.page.evaluate(async (base) => {
    const load = (element: HTMLImageElement | HTMLScriptElement | HTMLIFrameElement): Promise<string> =>
      new Promise((resolve) => {
        element.onload = () => resolve(element instanceof HTMLIFrameElement && element.contentDocument !== null ? 'blocked' : 'loaded');
        element.onerror = () => resolve('blocked');
        document.body.append(element);
        setTimeout(() => resolve('blocked'), 1_000);
      });
    const fetched = await fetch(`${base}/fetch`).then(
      () => 'loaded',
      () => 'blocked',
    );
    const socket = await new Promise<string>((resolve) => {
      try {
        const opened = new WebSocket(`${base.replace('http', 'ws')}/socket`);
        opened.onopen = () => resolve('loaded');
        opened.onerror = () => resolve('blocked');
      } catch {
        resolve('blocked');
      }
    });
    const image = await load(Object.assign(new Image(), { src: `${base}/image` }));
    const script = await load(Object.assign(document.createElement('script'), { src: `${base}/script` }));
    const frame = await load(Object.assign(document.createElement('iframe'), { src: `${base}/frame` }));
    return { fetched, socket, image, script, frame };
  }, url);
  server.close();
  expect(results).toMatchObject({ fetched: 'blocked', socket: 'blocked', image: 'blocked', script: 'blocked' });
  expect(asked).toEqual([]);
});

test('the window stays where it is and opens nothing', async () => {
  const { app, page } = launched;
  await page.evaluate(() => {
    location.href = 'https://example.com/';
    window.open('https://example.com/');
    const link = Object.assign(document.createElement('a'), { href: 'https://example.com/', target: '_blank' });
    document.body.append(link);
    link.click();
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.com/');
    document.body.append(view);
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('app://file-sync/index.html');
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().map((contents) => contents.getURL()))).toEqual(['app://file-sync/index.html']);
});

test('no file outside the pages is served', async () => {
  const status = (url: string) =>
    launched.app.evaluate(
      async ({ session }, address) =>
        (
          await session
            .fromPartition('window')
            .fetch(address)
            .catch(() => ({ status: 0 }))
        ).status,
      url,
    );
  expect(await status('app://file-sync/index.html')).toBe(200);
  for (const url of ['app://file-sync/../main/main.js', 'app://file-sync/%2e%2e/main/main.js', 'app://file-sync/..%2f..%2fpackage.json', 'app://other/index.html']) {
    expect(await status(url), url).not.toBe(200);
  }
});

test('permissions are refused', async () => {
  const state = await launched.page.evaluate(async () => ({
    notifications: (await navigator.permissions.query({ name: 'notifications' })).state,
    geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
    media: await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'given',
      () => 'refused',
    ),
  }));
  expect(state).toEqual({ notifications: 'denied', geolocation: 'denied', media: 'refused' });
});

test('a request from another page with the same preload is refused', async () => {
  const answer = await launched.app.evaluate(
    async ({ BrowserWindow, session }, preload) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true, session: session.fromPartition('window') } });
      await other.loadURL('app://file-sync/index.html');
      const result: unknown = await other.webContents.executeJavaScript("fileSync.request('app/state', null)");
      other.destroy();
      return result;
    },
    path.join(ROOT, 'out/preload/preload.cjs'),
  );
  expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } });
});

test('what is not in the contract is refused before anything happens', async () => {
  const ask = (channel: string, input: unknown) =>
    launched.page.evaluate(
      async ([name, value]) => {
        const request = window.fileSync.request as unknown as (channel: string, input: unknown) => Promise<unknown>;
        return request(name as string, value).catch((error: unknown) => String(error));
      },
      [channel, input] as const,
    );
  expect(await ask('app/exec', {})).toContain('no such request');
  expect(await ask('__proto__', {})).toContain('no such request');
  for (const [channel, input] of [
    ['pair/add', { source: '/etc', target: '/tmp', name: 'x', conflictPolicy: 'manual' }],
    ['pair/remove', { pair: '../x' }],
    ['app/set', { theme: 'dark', path: '/etc/passwd' }],
    ['activity/list', null],
  ] as const) {
    expect(await ask(channel, input), channel).toMatchObject({ ok: false, error: { code: 'usage' } });
  }
  // A token nobody was given names no folder.
  expect(await ask('pair/check', { source: '0123456789abcdef', target: '0123456789abcdef' })).toMatchObject({ ok: false, error: { code: 'usage' } });
});
