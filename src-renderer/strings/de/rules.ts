import { formatNumber } from '../format.ts';
import { counted } from './counted.ts';

const among = (n: number): string => counted(n, 'Eintrag', 'Einträgen');

export const rules = {
  everywhere: 'In jedem Ordner auslassen',
  everywhereHint: 'Ein Muster je Zeile, wie in .gitignore. Sie kommen vor den Regeln eines Ordners, die eines mit „!“ zurücknehmen können.',
  inherited: (patterns: string) => `Außerdem ausgelassen, wie in jedem Ordner: ${patterns}`,
  preview: 'Worauf diese Regeln jetzt zutreffen',
  looking: 'Sieht den Ordner an',
  nothing: (looked: number) => `Von ${among(looked)} hier wird nichts ausgelassen.`,
  matches: (what: string, looked: number) => `Von ${among(looked)} hier ausgelassen: ${what}`,
  files: (n: number) => counted(n, 'Datei', 'Dateien'),
  folders: (n: number) => `${counted(n, 'Ordner', 'Ordner')} mit allem darin`,
  and: (a: string, b: string) => `${a} und ${b}`,
  more: (n: number) => `und ${formatNumber(n)} weitere`,
  partly: 'Der Ordner ist zu groß, um ganz angesehen zu werden: dies ist, was bisher zu sehen war.',
  overrides: 'Immer so bei bestimmten Dateien',
  overridesHint: 'Das erste Muster, das passt, entscheidet.',
  overrideLine: (pattern: string, policy: string) => `${pattern}: ${policy}`,
  removeOverride: (pattern: string) => `Die Regel für ${pattern} entfernen`,
} as const;
