import { app, type Session } from 'electron';
import { APP_ORIGIN } from './app-pages.ts';

/** Must run before the app is ready: every renderer in the OS sandbox. Chromium has none for root, who must start it with --no-sandbox; there the call would only make its processes crash. */
export function enableSandbox(): void {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
}

/** Every page, whoever made it, stays where it is, opens nothing and embeds nothing. */
export function confinePages(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** No permission is given and no request leaves the app: it has no use for either. */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwn(details.url) }));
  session.on('will-download', (event) => event.preventDefault());
}

function isOwn(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`) || url.startsWith('devtools:') || url.startsWith('data:image/');
}
