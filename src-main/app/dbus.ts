import type dbus from 'dbus-next';

/** Loaded when first needed: it takes longer to load than the tray to appear. */
export async function loadDbus(): Promise<typeof dbus> {
  return (await import('dbus-next')).default;
}
