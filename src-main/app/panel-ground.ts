export type Ground = 'light' | 'dark';

/** What a tray icon lies on, as far as it can be known: the system's own colours, never the app's theme. GNOME's bar is dark whatever the theme is. */
export function panelGround(platform: string, desktop: string | undefined, systemIsDark: boolean): Ground {
  const isGnome = platform === 'linux' && (desktop ?? '').split(':').includes('GNOME');
  return isGnome || systemIsDark ? 'dark' : 'light';
}
