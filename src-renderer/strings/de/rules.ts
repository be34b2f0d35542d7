import { formatNumber } from '../format.ts';
import { counted } from './counted.ts';

export const rules = {
  everywhere: 'In jedem Ordner auslassen',
  everywhereHint: 'Ein Muster je Zeile, wie in .gitignore. Sie kommen vor den Regeln eines Ordners, die eines mit „!“ zurücknehmen können.',
  inherited: (patterns: string) => `Außerdem ausgelassen, wie in jedem Ordner: ${patterns}`,
  preview: 'Worauf diese Regeln jetzt zutreffen',
  looking: 'Zählt…',
  nothing: (total: number) => `Von ${counted(total, 'Datei', 'Dateien')} hier wird nichts ausgelassen.`,
  matches: (files: number, total: number) => `Ausgelassen: ${formatNumber(files)} von ${counted(total, 'Datei', 'Dateien')} hier`,
  emptyFolders: (n: number) => `Ausgelassen: ${counted(n, 'Ordner', 'Ordner')}, ohne eine Datei darin`,
  hopeless: (patterns: string) => `Das kann auf nichts zutreffen: ${patterns}. Ein „[“ braucht sein „]“, und keine Zeile darf auf „\\“ enden.`,
  moreOfThem: 'und weitere',
  partly: 'Der Ordner ist zu groß, um ganz angesehen zu werden: dies ist, was bisher zu sehen war.',
  overrides: 'Immer so bei bestimmten Dateien',
  overridesHint: 'Das erste Muster, das passt, entscheidet.',
  overrideLine: (pattern: string, policy: string) => `${pattern}: ${policy}`,
  removeOverride: (pattern: string) => `Die Regel für ${pattern} entfernen`,
} as const;
