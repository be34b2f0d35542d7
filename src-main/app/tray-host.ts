import type dbus from 'dbus-next';
import { loadDbus } from './dbus.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
/** A session bus that does not answer in this time is none. */
const CONNECT_MS = 3_000;

/** Tells whether a desktop on Linux shows tray icons, now and whenever that changes. Null: there is no session bus to ask. Resolves to a stop function. */
export async function watchTrayHost(onHost: (present: boolean | null) => void): Promise<() => void> {
  let bus: dbus.MessageBus;
  try {
    bus = (await loadDbus()).sessionBus();
  } catch {
    onHost(null);
    return () => undefined;
  }
  bus.on('error', () => onHost(null));
  try {
    const daemon = (await withinTime(bus.getProxyObject('org.freedesktop.DBus', '/org/freedesktop/DBus'))).getInterface('org.freedesktop.DBus');
    daemon.on('NameOwnerChanged', (name: string, _old: string, owner: string) => {
      if (name === WATCHER) onHost(owner !== '');
    });
    onHost((await daemon['NameHasOwner']?.(WATCHER)) === true);
  } catch {
    onHost(null);
  }
  return () => bus.disconnect();
}

function withinTime<T>(work: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(CONNECT_MS);
  return Promise.race([work, new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(new Error('the session bus does not answer')), { once: true }))]);
}
