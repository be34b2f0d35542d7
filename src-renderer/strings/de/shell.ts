import type { PauseLength } from '../../../src-preload/contract/channels.ts';
import type { EngineHealth, PairState } from '../../../src-preload/contract/model.ts';
import { formatNumber } from '../format.ts';
import { counted, files, form, items } from './counted.ts';
import { system } from './system.ts';

export const shell = {
  app: 'File Sync',

  state: {
    'not-set-up': 'Nicht eingerichtet',
    ok: 'Auf dem neuesten Stand',
    syncing: 'Wird abgeglichen',
    paused: 'Pausiert',
    offline: 'Wartet auf das Backup',
    attention: 'Braucht Ihre Aufmerksamkeit',
    error: 'Angehalten',
  } satisfies Record<PairState, string>,

  headline: {
    'not-set-up': 'Noch wird kein Ordner abgeglichen',
    ok: 'Alles ist auf dem neuesten Stand',
    syncing: 'Wird abgeglichen',
    paused: 'Der Abgleich ist pausiert',
    offline: 'Wartet auf das Backup',
    attention: 'Etwas braucht Ihre Aufmerksamkeit',
    error: 'Ein Ordner wird nicht mehr abgeglichen',
  } satisfies Record<PairState, string>,

  words: {
    notYet: 'Noch nicht abgeglichen',
    pending: (n: number) => `${counted(n, 'Änderung wartet', 'Änderungen warten')}`,
    working: (done: number, total: number) => `Wird abgeglichen, ${formatNumber(done)} von ${formatNumber(total)}`,
    share: (percent: number) => `${percent}\u00a0%`,
    pendingUntil: (n: number, time: string) => (n === 1 ? `1 Änderung wartet bis ${time}` : `${formatNumber(n)} Änderungen warten bis ${time}`),
    moreFolders: (n: number) => counted(n, 'weiterer Ordner', 'weitere Ordner'),
    looking: 'Sucht nach Änderungen',
    offline: 'Wartet auf das Backup',
    offlineSince: (time: string) => `Wartet seit ${time} auf das Backup`,
    conflicts: (n: number, file: string) => (n === 1 && file !== '' ? `${file} hat zwei Versionen` : counted(n, 'Datei hat zwei Versionen', 'Dateien haben zwei Versionen')),
    held: (n: number) => counted(n, 'Löschung zurückgehalten', 'Löschungen zurückgehalten'),
    bursts: (n: number) => counted(n, 'verdächtige Änderung zurückgehalten', 'verdächtige Änderungen zurückgehalten'),
    failures: (n: number) => counted(n, 'Eintrag nicht abgeglichen', 'Einträge nicht abgeglichen'),
    somePaused: (n: number, of: number) => `${formatNumber(n)} von ${formatNumber(of)} Ordnern pausiert`,
  },

  subline: {
    lastSync: (when: string) => `Abgeglichen ${when}`,
    syncedBefore: (when: string) => `Zuletzt abgeglichen ${when}`,
    lastSyncAt: (time: string) => `Zuletzt ganz abgeglichen ${time}`,
    lastSyncExcept: (time: string, n: number) => `Zuletzt abgeglichen ${time}, bis auf ${items(n)}`,
    neverSynced: 'Noch nicht ganz abgeglichen',
    files: (n: number, size: string) => `${files(n)}, ${size}`,
    pausedUntil: (time: string) => `Pausiert bis ${time}`,
    somePausedUntil: (time: string) => `Pausiert, einige Ordner bis ${time}`,
    pausedUntilResumed: 'Pausiert, bis Sie fortsetzen',
    notSetUp: 'Fügen Sie einen Ordner hinzu, damit er mit einem Backup gleich bleibt.',
  },

  nav: {
    label: 'Ansichten',
    overview: 'Übersicht',
    folders: 'Ordner',
    conflicts: 'Konflikte',
    history: 'Verlauf',
    activity: 'Aktivität',
    settings: 'Einstellungen',
    waiting: (n: number) => `${formatNumber(n)} ${form(n, 'wartet', 'warten')}`,
  },

  tray: {
    tooltip: (state: string, detail: string) => (detail === '' ? `File Sync: ${state}` : `File Sync: ${state}\n${detail}`),
    open: 'File Sync öffnen',
    showFolder: 'In File Sync zeigen',
    pairLine: (name: string, state: string) => `${name}: ${state}`,
    pause: 'Abgleich pausieren',
    resume: 'Abgleich fortsetzen',
    syncNow: 'Jetzt abgleichen',
    recent: 'Zuletzt abgeglichen',
    nothingRecent: 'Zuletzt keine',
    settings: 'Einstellungen…',
    quit: 'Beenden',
    paths: (n: number) => items(n),
  },

  pauseLength: {
    'half-hour': 'Für 30 Minuten',
    hour: 'Für 1 Stunde',
    tomorrow: 'Bis morgen früh',
    'until-resumed': 'Bis ich fortsetze',
  } satisfies Record<PauseLength, string>,

  action: {
    addFolder: 'Ordner hinzufügen',
    pause: 'Pausieren',
    resume: 'Fortsetzen',
    syncNow: 'Jetzt abgleichen',
    openFolder: 'Ordner öffnen',
    openBackup: 'Backup-Ordner öffnen',
    cancel: 'Abbrechen',
    close: 'Schließen',
    save: 'Änderungen speichern',
    remove: 'Diesen Ordner nicht mehr abgleichen…',
    dismiss: 'Verstanden',
    quit: 'File Sync beenden',
    choose: 'Wählen…',
    change: 'Ändern…',
    retry: 'Noch einmal versuchen',
    more: 'Mehr anzeigen',
    reveal: 'Im Ordner zeigen',
    versions: 'Frühere Versionen',
    folderMenu: (name: string) => `Mehr zu ${name}`,
  },

  engineCard: {
    restarting: 'Der Abgleich ist unerwartet stehen geblieben und wird neu gestartet.',
    restarted: (time: string) => `Der Abgleich ist unerwartet stehen geblieben und wurde um ${time} neu gestartet. Nichts ging verloren; jeder Ordner wurde neu angesehen.`,
    stopped: 'Der Abgleich bleibt immer wieder stehen. Nichts wird abgeglichen.',
    title: { running: '', restarting: 'Wird neu gestartet', restarted: 'Der Abgleich wurde neu gestartet', stopped: 'Der Abgleich ist stehen geblieben' } satisfies Record<
      EngineHealth['kind'],
      string
    >,
  },

  noticeCard: {
    fault: system.faultCard,
    'settings-set-aside': {
      title: 'Ihre Einstellungen konnten nicht gelesen werden',
      text: (file: string) =>
        `Die App ist ohne sie gestartet. Die alte Datei liegt unter ${file}. Keine abgeglichene Datei wurde angerührt; fügen Sie Ihre Ordner wieder hinzu, um fortzufahren.`,
    },
    'keys-left': {
      title: 'Im Schlüsselbund sind Schlüssel übrig',
      text: (folder: string) =>
        `${folder} wird nicht mehr abgeglichen, aber der Schlüsselbund des Systems gab die Schlüssel nicht her. Entfernen Sie dort den Eintrag „File Sync“ von Hand.`,
    },
    'settings-unwritten': {
      title: 'Ihre Einstellungen können nicht gespeichert werden',
      text: (why: string) =>
        `Was Sie ändern, gilt, ist aber vergessen, wenn File Sync endet, falls es sich nicht vorher speichern lässt. ${why}: Schaffen Sie Platz, wo Ihre Einstellungen liegen, oder erlauben Sie File Sync, dort zu schreiben. Jede Minute wird es noch einmal versucht.`,
    },
    'settings-newer': {
      title: 'Ihre Einstellungen stammen von einer neueren Version',
      text: (file: string) => `Diese Version kann sie nicht lesen und ist ohne sie gestartet. Sie liegen unter ${file}. Installieren Sie die neuere Version, um sie zu verwenden.`,
    },
  },

  trayCard: {
    title: 'Diese Arbeitsumgebung zeigt keine Symbole im Infobereich',
    text: 'File Sync behält sein Fenster in der Taskleiste: Schließen verkleinert es nur, und der Abgleich geht weiter. Zum Beenden gibt es einen Knopf in den Einstellungen.',
  },

  notification: {
    conflict: (n: number, name: string, files: string) => ({
      title: n === 1 ? `${files === '' ? 'Eine Datei' : files} hat zwei Versionen` : `${formatNumber(n)} Dateien haben zwei Versionen`,
      body: `In ${name}${n === 1 || files === '' ? '' : `: ${files}`}. Beide Versionen sind sicher; entscheiden Sie, welche bleibt.`,
    }),
    burst: (n: number, name: string) => ({
      title: counted(n, 'verdächtige Änderung zurückgehalten', 'verdächtige Änderungen zurückgehalten'),
      body: `In ${name} sind viele Dateien auf einmal unlesbar geworden. Im Backup wird nichts geändert, bevor Sie es sagen.`,
    }),
    held: (n: number, name: string) => ({
      title: counted(n, 'Löschung zurückgehalten', 'Löschungen zurückgehalten'),
      body: `In ${name}. Nichts wird gelöscht, bevor Sie es sagen.`,
    }),
    error: (name: string, message: string) => ({ title: `${name} wird nicht mehr abgeglichen`, body: message }),
    settled: (file: string, body: string) => ({ title: `${file} wurde hier und anderswo geändert`, body }),
    settledAs: {
      both: (name: string) => `Beide bleiben in ${name}, die zweite unter einem anderen Namen.`,
      local: (name: string) => `In ${name} blieb die Version dieses Computers, wie es die Einstellungen sagen.`,
      remote: (name: string) => `In ${name} blieb die Version des Backups, wie es die Einstellungen sagen.`,
    },
    manySettled: (n: number, name: string) => ({
      title: counted(n, 'Datei hier und anderswo geändert', 'Dateien hier und anderswo geändert'),
      body: `Sie wurden erledigt, wie es die Einstellungen von ${name} sagen. Sie stehen unter Konflikte.`,
    }),
    failures: (n: number, name: string, files: string) => ({
      title: counted(n, 'Eintrag kann nicht abgeglichen werden', 'Einträge können nicht abgeglichen werden'),
      body: `In ${name}: ${files}.`,
    }),
    problems: (n: number, name: string, files: string) => ({
      title: counted(n, 'Eintrag kann nicht abgeglichen werden', 'Einträge können nicht abgeglichen werden'),
      body: `In ${name}: ${files}.`,
    }),
    andMore: (files: string, n: number) => `${files} und ${formatNumber(n)} weitere`,
    engine: { title: 'Der Abgleich ist stehen geblieben', body: 'Nichts wird abgeglichen. Öffnen Sie File Sync, um ihn wieder zu starten.' },
  },

  dialog: {
    chooseSource: 'Den Ordner wählen, der abgeglichen wird',
    chooseTarget: 'Den Backup-Ordner wählen',
    chooseMovedSource: 'Den abgeglichenen Ordner dort wählen, wo er jetzt ist',
    chooseMovedTarget: 'Den Backup-Ordner dort wählen, wo er jetzt ist',
    chooseRestore: 'Den Ordner wählen, in den zurückgeholt wird',
    chooseCa: 'Die Datei mit den Zertifikaten wählen',
    chooseEnv: 'Die Einstellungsdatei (.env) wählen',
    saveSheet: 'Das Wiederherstellungsblatt speichern',
    sheetFile: (name: string) => `Wiederherstellungsblatt ${name}.html`,
    button: 'Wählen',
  },
} as const;
