import { formatNumber } from '../format.ts';

const PLURAL = new Intl.PluralRules('de');

/** `1 Datei`, `3 Dateien`. */
export function counted(n: number, one: string, other: string): string {
  return `${formatNumber(n)} ${form(n, one, other)}`;
}

export function form(n: number, one: string, other: string): string {
  return PLURAL.select(n) === 'one' ? one : other;
}

export const files = (n: number): string => counted(n, 'Datei', 'Dateien');
export const folders = (n: number): string => counted(n, 'Ordner', 'Ordner');
export const items = (n: number): string => counted(n, 'Eintrag', 'Einträge');
