import { say } from '../../src-renderer/strings/say.ts';
import { loadDbus } from './dbus.ts';
import type { Notification, NotifyIntent } from './notifier.ts';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
/** A daemon that is started by the first message needs a moment. */
const ANSWER_MS = 5_000;
const KEPT = 50;

/** Shows notifications by the system's own; false where it could not. */
export interface DesktopNotify {
  show(notification: Notification, onIntent: (intent: NotifyIntent) => void): Promise<boolean>;
}

/** On Linux over the session bus: Electron's own notifications have no buttons there, and take a file's name for markup. */
export function freedesktopNotify(appName: string, icon: string): DesktopNotify {
  let daemon: Promise<Daemon> | null = null;
  return {
    async show(notification, onIntent) {
      try {
        daemon ??= connect();
        await (await daemon).show(appName, icon, notification, onIntent);
        return true;
      } catch {
        // Another try with the next one: a desktop's daemon may come late, or be started again.
        daemon = null;
        return false;
      }
    },
  };
}

interface Daemon {
  show(appName: string, icon: string, notification: Notification, onIntent: (intent: NotifyIntent) => void): Promise<void>;
}

async function connect(): Promise<Daemon> {
  const dbus = await loadDbus();
  const bus = dbus.sessionBus();
  bus.on('error', () => undefined);
  const daemon = (await inTime(bus.getProxyObject(NAME, PATH))).getInterface(NAME);
  const call = (method: string, ...args: readonly unknown[]): Promise<unknown> => inTime((daemon[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args));
  const able = (await call('GetCapabilities')) as readonly string[];
  const open = new Map<number, (key: string) => void>();
  // A click may be read together with the answer that tells which notification it is.
  const early = new Map<number, string>();
  let asked = 0;
  daemon.on('ActionInvoked', (id: number, key: string) => {
    const act = open.get(id);
    if (act !== undefined) act(key);
    else if (asked > 0) early.set(id, key);
  });
  daemon.on('NotificationClosed', (id: number) => open.delete(id));
  return {
    async show(appName, icon, { title, body, button, onClick }, onIntent) {
      const actions = able.includes('actions') ? ['default', say.notifications.actions.open, ...(button === null ? [] : ['button', button.label])] : [];
      const hints = { 'desktop-entry': new dbus.Variant('s', 'file-sync'), urgency: new dbus.Variant('y', 1) };
      asked++;
      const id = (await call('Notify', appName, 0, icon, title, able.includes('body-markup') ? escapeMarkup(body) : body, actions, hints, -1).finally(() => asked--)) as number;
      const act = (key: string): void => onIntent(key === 'button' && button !== null ? button.intent : onClick);
      open.set(id, act);
      const key = early.get(id);
      if (asked === 0) early.clear();
      if (key !== undefined) act(key);
      for (const old of [...open.keys()].slice(0, -KEPT)) open.delete(old);
    },
  };
}

/** Names of files are text, not markup. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  return Promise.race([
    work,
    new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(new Error('the notification daemon does not answer')), { once: true })),
  ]);
}
