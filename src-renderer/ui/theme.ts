import { type CSSVariablesResolver, createTheme } from '@mantine/core';
import { say } from '../strings/say.ts';

/** One design language: Inter, one blue, quiet greys; colour only where a state has to be told. Made for the language that is set. */
export const themeOf = () =>
  createTheme({
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
    primaryColor: 'brand',
    primaryShade: { light: 6, dark: 7 },
    defaultRadius: 'md',
    cursorType: 'pointer',
    respectReducedMotion: true,
    colors: {
      brand: ['#edf3ff', '#d9e5ff', '#b0c9ff', '#84aaff', '#5f8ffb', '#4079f2', '#2563eb', '#1d54d0', '#1946b0', '#123588'],
      dark: ['#dfe3e8', '#b9c0c9', '#939ca8', '#6c7683', '#3d4550', '#2c333d', '#232931', '#1a1f26', '#14181d', '#0e1115'],
    },
    components: {
      Button: { defaultProps: { radius: 'md' } },
      // Beside the words, so that those of every option stand in one line.
      Select: { defaultProps: { checkIconPosition: 'right' } },
      Paper: { defaultProps: { radius: 'lg', withBorder: true } },
      Modal: {
        defaultProps: {
          radius: 'lg',
          centered: true,
          lockScroll: false,
          padding: 'lg',
          closeButtonProps: { 'aria-label': say.action.close },
          styles: { title: { fontWeight: 650, fontSize: 18 } },
          overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        },
      },
      // In place rather than in a portal, so that a menu belongs to the landmark it is opened from.
      Menu: { defaultProps: { radius: 'md', shadow: 'md', withinPortal: false, withInitialFocusPlaceholder: false } },
    },
  });

/** Text colours that keep a contrast of 4.5 on every ground they are used on. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#57606b',
    '--mantine-color-placeholder': '#68717d',
    '--mantine-color-default-border': '#e1e5ea',
    '--app-ground': '#f5f6f8',
    '--app-card': '#ffffff',
    '--app-good': '#0b7a5e',
    '--app-busy': '#1d54d0',
    '--app-warn': '#8a5300',
    '--mantine-color-error': '#b42318',
    '--app-bad': '#b42318',
    '--app-quiet': '#57606b',
    '--app-good-ground': '#e1f5ee',
    '--app-busy-ground': '#e6eeff',
    '--app-warn-ground': '#fff3dc',
    '--app-bad-ground': '#fdeae8',
    '--app-quiet-ground': '#e9ecf0',
    '--app-added': '#dff3e6',
    '--app-removed': '#e3ebff',
  },
  dark: {
    // Of buttons that are links.
    '--mantine-color-brand-light-color': 'var(--app-busy)',
    '--mantine-color-dimmed': '#a3acb8',
    '--mantine-color-placeholder': '#8f99a6',
    '--mantine-color-default-border': '#2c333d',
    '--app-ground': '#14181d',
    '--app-card': '#1a1f26',
    '--app-good': '#5fd0ac',
    '--app-busy': '#8fb2ff',
    '--app-warn': '#f5b94d',
    '--mantine-color-error': '#ff9488',
    '--app-bad': '#ff9488',
    '--app-quiet': '#a3acb8',
    '--app-good-ground': '#12352b',
    '--app-busy-ground': '#1a2c52',
    '--app-warn-ground': '#3a2c10',
    '--app-bad-ground': '#431c19',
    '--app-quiet-ground': '#2a3038',
    '--app-added': '#16382a',
    '--app-removed': '#1c2f57',
  },
});
