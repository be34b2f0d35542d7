import { afterEach, describe, expect, it } from 'vitest';
import { trayTooltip } from '../../src-main/app/tray-menu.ts';
import { appState, pairView } from '../../src-main/testing/app-state.ts';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import { groupWords } from '../views/tuning/tuning-words.ts';
import { english } from './english.ts';
import { formatAgo, formatBytes, formatDollars, formatDuration, formatNumber, formatRun, weekdayName } from './format.ts';
import { german } from './german.ts';
import { say, setLanguage } from './say.ts';
import { usageWords } from './storage-words.ts';
import { pairWords } from './words.ts';

/** What is filled in; each mark shows where it stands, and is the same in both languages. */
const MARKS = [5, 7, 9];

type Said = ReadonlyMap<string, { readonly text: string; readonly takes: number }>;

/** Every text of a catalogue by its path, functions called with marks. */
function said(value: unknown, path = '', takes = 0, into = new Map<string, { text: string; takes: number }>()): Said {
  if (typeof value === 'string' || typeof value === 'number') into.set(path, { text: String(value), takes });
  else if (typeof value === 'function') said(value(...MARKS.slice(0, value.length)), path, value.length, into);
  else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) said(inner, `${path}.${key}`, takes, into);
  else throw new TypeError(`${path} is no text`);
  return into;
}

const [here, there] = [said(english), said(german)];

describe('the German catalogue', () => {
  it('has the keys of the English one, no more and no fewer', () => {
    expect([...there.keys()].toSorted()).toEqual([...here.keys()].toSorted());
    expect(there.size).toBeGreaterThan(500);
  });

  it('fills in the same at every place', () => {
    for (const [path, { text, takes }] of here) {
      const other = there.get(path);
      expect(other?.takes, path).toBe(takes);
      for (const mark of MARKS.slice(0, takes)) expect(other?.text.includes(String(mark)), `${path}: ${mark} in “${other?.text}”`).toBe(text.includes(String(mark)));
    }
  });

  it('has plural forms', () => {
    expect([1, 2].map((n) => german.words.held(n))).toEqual(['1 Löschung zurückgehalten', '2 Löschungen zurückgehalten']);
    expect([1, 1_204].map((n) => german.subline.files(n, '3 GB'))).toEqual(['1 Datei, 3 GB', `${formatNumber(1_204)} Dateien, 3 GB`]);
    expect([1, 3].map((n) => german.history.restore.left(n))).toEqual(['1 Eintrag bleibt, wie er ist', '3 Einträge bleiben, wie sie sind']);
  });

  it('is translated, and bears none of the marks of a mistake', () => {
    const SAME = /^\.(app|settings\.(ignorePlaceholder|version)|tray\.(tooltip|pairLine)|appearance\.languages|protection\.key|storage\.signIns)/;
    for (const [path, { text }] of there) {
      if (path !== '.engineCard.title.running') expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/undefined|NaN|\[object|\s{2}|'|\b(the|your|is|files|folder)\b/);
      if (text.length > 20 && !SAME.test(path)) expect(text, path).not.toBe(here.get(path)?.text);
    }
  });
});

describe('in German', () => {
  afterEach(() => setLanguage('en'));
  const now = new Date(2026, 10, 23, 12, 0).getTime();

  it('numbers, sizes, money and times are written as there', () => {
    setLanguage('de');
    expect([formatNumber(1_204_000), formatBytes(1), formatBytes(999), formatBytes(1_500), formatBytes(5e12)]).toEqual([
      '1.204.000',
      '1\u00a0Byte',
      '999\u00a0Bytes',
      '1,5\u00a0KB',
      '5,0\u00a0TB',
    ]);
    expect([formatDollars(0.134), formatDollars(0.004)].map((text) => text.replaceAll('\u00a0', ' '))).toEqual(['0,13 $', 'unter 0,01 $']);
    expect([formatDuration(5_400), formatDuration(200_000), formatDuration(90_000)]).toEqual(['1\u00a0Std. 30\u00a0Min.', '2 Tage', '1 Tag']);
    expect([formatAgo(now - 1, now), formatAgo(now - 120_000, now)]).toEqual(['gerade eben', 'vor 2 Min.']);
    expect(formatAgo(now - 86_400_000, now)).toMatch(/^gestern um 12:00/);
    expect(formatAgo(now - 40 * 86_400_000, now)).toMatch(/^am 14\. Okt\. 2026/);
    expect(formatRun(now + 3 * 86_400_000, now)).toMatch(/^Donnerstag, 26\. Nov\.? um 12:00/);
    expect(weekdayName(0, 'long')).toBe('Sonntag');
  });

  it('what a bucket costs is told by the user’s own prices, or where to enter them', () => {
    setLanguage('de');
    const usage = { month: '2026-11', requests: { list: 2 }, bytesUp: 0, bytesDown: 0, cost: null };
    const said = ({ text, detail }: { readonly text: string; readonly detail: string }): string => `${text}. ${detail}`.replaceAll('\u00a0', ' ');
    expect(said(usageWords(usage))).toBe(
      '2 Anfragen in diesem Monat, Kosten unbekannt. Die Preise dieses Anbieters sind hier nicht bekannt. ' +
        'Tragen Sie in den Einstellungen dieses Ordners, oder für jeden Ordner, unter „Preise eines Buckets“ ein, was Sie zahlen.',
    );
    const cost = { provider: null, requests: 0, egress: 0, storage: 1.5, total: 1.5, note: null, source: null, asOf: null };
    expect(said(usageWords({ ...usage, cost }))).toBe(
      '2 Anfragen in diesem Monat, etwa 1,50 $. Eine Schätzung nach Ihren eigenen Preisen für dieses Gerät: Anfragen 0,00 $, Downloads 0,00 $, Speicher 1,50 $ im Monat.',
    );
    expect(groupWords('prices', { ...DEFAULT_TUNING, priceStorage: 0.0059, priceWrites: 0 }).replaceAll('\u00a0', ' ')).toBe(
      '0,0059 $ je GB Speicher, 0,00 $ für 1.000 Schreibzugriffe',
    );
  });

  it('window and tray say the same things', () => {
    setLanguage('de');
    expect(say.nav.settings).toBe('Einstellungen');
    const pair = pairView({ name: 'Dokumente', state: 'paused', holds: ['battery'] });
    expect(pairWords(pair, now)).toBe('Pausiert im Akkubetrieb');
    expect(trayTooltip(appState({ pairs: [pair] }), 'paused', now)).toBe('File Sync: Pausiert\nDokumente: Pausiert im Akkubetrieb');
    setLanguage('en');
    expect(pairWords(pair, now)).toBe('Paused while on battery');
  });
});
