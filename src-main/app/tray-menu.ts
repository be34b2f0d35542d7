import { PAUSE_LENGTHS, type PauseLength } from '../../src-preload/contract/channels.ts';
import type { AppState, PairView } from '../../src-preload/contract/model.ts';
import { formatAgo } from '../../src-renderer/strings/format.ts';
import { say } from '../../src-renderer/strings/say.ts';
import { alsoPressing, anywayWords, isCarrying, isQuiet, pairWords, stateWords } from '../../src-renderer/strings/words.ts';

/** What a click in the tray's menu asks for. */
export type TrayIntent =
  | { readonly kind: 'open' }
  /** In the file manager. */
  | { readonly kind: 'open-folder'; readonly pair: string }
  /** In our window. */
  | { readonly kind: 'open-pair'; readonly pair: string }
  | { readonly kind: 'pause'; readonly length: PauseLength }
  | { readonly kind: 'resume' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'reveal'; readonly pair: string; readonly path: string }
  | { readonly kind: 'settings' }
  | { readonly kind: 'quit' };

export type MenuItem =
  | { readonly kind: 'separator' }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'item'; readonly label: string; readonly intent: TrayIntent }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly MenuItem[] };

const RECENT_SHOWN = 10;
/** Longer lines make a menu as wide as the screen. */
const LABEL_LENGTH = 60;
/** A folder may have an outage to tell, and what else is open in it. */
const FOLDER_LENGTH = 90;
const SHORTEST_NAME = 20;

/** The tray's menu as data; tray.ts makes it a real one. Everything in it can be done from the window too. */
export function trayMenu(state: AppState, now: number): readonly MenuItem[] {
  const { pairs } = state;
  const separator: MenuItem = { kind: 'separator' };
  const paused = pairs.length > 0 && pairs.every((pair) => pair.paused);
  const work: readonly MenuItem[] = [
    paused
      ? item(say.tray.resume, { kind: 'resume' })
      : { kind: 'submenu', label: say.tray.pause, items: PAUSE_LENGTHS.map((length) => item(say.pauseLength[length], { kind: 'pause', length })) },
    ...(pairs.some((pair) => pair.paused) && !paused ? [item(say.tray.resume, { kind: 'resume' })] : []),
    ...(pairs.some((pair) => pair.paused) || !pairs.some(isQuiet) ? [] : [item(anywayWords(pairs, now), { kind: 'resume' })]),
    ...(paused ? [] : [item(say.tray.syncNow, { kind: 'sync' })]),
    { kind: 'submenu', label: say.tray.recent, items: recentItems(state) },
    separator,
  ];
  return [
    item(say.tray.open, { kind: 'open' }),
    separator,
    ...(pairs.length === 0 ? [label(say.headline['not-set-up'])] : pairs.map((pair) => folderItem(pair, now))),
    separator,
    ...(pairs.length === 0 ? [] : work),
    item(say.tray.settings, { kind: 'settings' }),
    item(say.tray.quit, { kind: 'quit' }),
  ];
}

/** Its state in the line itself, what can be done with it behind that. */
function folderItem(pair: PairView, now: number): MenuItem {
  // A menu that is open stays as it is, so it counts nothing.
  const words = isCarrying(pair) ? say.state.syncing : wordsOf(pair, now);
  return {
    kind: 'submenu',
    label: menuText(lineWithin(pair.name, words), FOLDER_LENGTH),
    items: [item(say.action.openFolder, { kind: 'open-folder', pair: pair.id }), item(say.tray.showFolder, { kind: 'open-pair', pair: pair.id })],
  };
}

/** The tooltip: the state in words, then the most pressing folders' own. */
export function trayTooltip(state: AppState, shown: AppState['overall'], now: number): string {
  const also = alsoPressing(state.pairs, shown);
  const told = [...state.pairs.filter((pair) => pair.state === shown).slice(0, also.length > 0 ? 2 : 3), ...also];
  const detail = told.slice(0, 3).map((pair) => lineWithin(pair.name, wordsOf(pair, now)));
  return say.tray.tooltip(stateWords(state, shown, now), detail.join('\n'));
}

/** A folder that is in step also says since when, where there is room, and one that is on its way how much of the bytes have moved: one large file is nothing of one for long. */
function wordsOf(pair: PairView, now: number): string {
  const words = pairWords(pair, now);
  const { progress } = pair;
  if (progress !== null && progress.totalBytes > 0 && isCarrying(pair)) return `${words}, ${say.words.share(Math.floor((100 * progress.bytes) / progress.totalBytes))}`;
  return pair.state === 'ok' && pair.pending === 0 && pair.lastSyncAt !== null && pair.quietPassedUntil === null ? `${words}, ${formatAgo(pair.lastSyncAt, now)}` : words;
}

/** One line that keeps its words whole: a long name is shortened first, then the last of several things to say is left out. */
function lineWithin(name: string, words: string): string {
  const line = say.tray.pairLine(name, words);
  const over = [...line].length - FOLDER_LENGTH;
  if (over <= 0) return line;
  const letters = [...name];
  if (letters.length - over > SHORTEST_NAME) return say.tray.pairLine(`${letters.slice(0, letters.length - over - 1).join('')}…`, words);
  const shorter = letters.length > SHORTEST_NAME ? `${letters.slice(0, SHORTEST_NAME - 1).join('')}…` : name;
  const parts = words.split(/(?=, | · )/);
  while (parts.length > 1 && [...say.tray.pairLine(shorter, `${parts.join('')}, …`)].length > FOLDER_LENGTH) parts.pop();
  const kept = parts.join('');
  return say.tray.pairLine(shorter, kept === words ? words : `${kept}, …`);
}

/** What was copied last, each file once, without those that were removed or moved away since. */
function filesStillThere(recent: AppState['recent']): AppState['recent'] {
  const told = new Set<string>();
  // The newest come first: what is told of a path by then came later.
  return recent.filter(({ pair, path, what, outcome }) => {
    const key = `${pair} ${path}`;
    if (outcome !== 'done' || told.has(key) || !/^(upload|download|remove-|move-|set-aside-)/.test(what)) return false;
    told.add(key);
    return what === 'upload' || what === 'download';
  });
}

function recentItems({ recent, pairs }: AppState): readonly MenuItem[] {
  const items = filesStillThere(recent)
    .slice(0, RECENT_SHOWN)
    .map((entry) => {
      const from = pairs.length > 1 ? ` (${pairs.find((pair) => pair.id === entry.pair)?.name ?? ''})` : '';
      return item(`${entry.path}${from}`, { kind: 'reveal', pair: entry.pair, path: entry.path });
    });
  return items.length === 0 ? [label(say.tray.nothingRecent)] : items;
}

function item(text: string, intent: TrayIntent): MenuItem {
  return { kind: 'item', label: menuText(text), intent };
}

function label(text: string): MenuItem {
  return { kind: 'label', label: menuText(text) };
}

/** Text as a menu shows it: `&` would mark an access key, control characters would break the line, and the end of a long path says more than its middle. */
export function menuText(text: string, length = LABEL_LENGTH): string {
  const plain = text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\u00b7');
  const characters = [...plain];
  const short = characters.length <= length ? plain : `${characters.slice(0, 20).join('')}…${characters.slice(-(length - 21)).join('')}`;
  return short.replaceAll('&', '&&');
}
