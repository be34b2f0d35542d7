import type { HoldReason } from '../../../src-preload/contract/desktop.ts';

export const system = {
  holds: {
    sleep: 'Pausiert, während der Computer schläft',
    battery: 'Pausiert im Akkubetrieb',
    metered: 'Pausiert bei getakteter Verbindung',
    quiet: 'Ruhezeit',
    disk: 'Angehalten: dieser Datenträger ist fast voll',
  } satisfies Record<HoldReason, string>,
  quietUntil: (time: string) => `Ruhezeit bis ${time}`,
  quietPassed: (time: string) => `Ruhezeit übergangen bis ${time}`,
  quietText: 'Was sich währenddessen ändert, wird danach abgeglichen.',
  anywayUntil: (time: string) => `Trotzdem abgleichen bis ${time}`,
  diskCard: {
    title: (name: string) => `${name} wartet auf Platz auf diesem Datenträger`,
    text: 'Auf diesem Computer ist weniger frei, als frei bleiben soll, daher wird nichts abgeglichen: ein voller Datenträger schadet jedem Programm. Schaffen Sie Platz, dann geht es von selbst weiter.',
  },
  faultCard: {
    title: 'In File Sync ist etwas schiefgegangen',
    text: (what: string) => `Ihre Ordner werden weiter abgeglichen. Was geschah, steht im Protokoll: ${what}`,
  },
  startFault: {
    title: 'File Sync konnte nicht starten',
    text: (what: string) => `${what}\nBis dahin wird nichts abgeglichen. Starten Sie es noch einmal, wenn das behoben ist.`,
  },
  pageFault: {
    title: 'Diese Seite ist auf einen Fehler gestoßen',
    text: 'Der Abgleich ist davon nicht berührt. Laden Sie die Seite neu; was geschah, steht im Protokoll.',
    again: 'Neu laden',
  },
  openFile: 'Öffnen',
  power: 'Strom, Netz und Datenträger',
  freeSpace: 'Anhalten, wenn weniger als das frei ist',
  freeSpaceHint: 'Ein voller Datenträger schadet jedem Programm. Der Abgleich geht von selbst weiter, sobald doppelt so viel frei ist.',
  pauseOnBattery: 'Im Akkubetrieb pausieren',
  pauseOnMetered: 'Bei getakteten Verbindungen pausieren',
  pauseOnMeteredHint: 'Ordner mit einem Bucket warten, solange die Verbindung nach Datenmenge bezahlt wird.',
  unknown: { battery: 'Dieses System sagt nicht, ob es mit Akku läuft.', metered: 'Dieses System sagt nicht, ob eine Verbindung getaktet ist.' },
  now: { battery: 'Es läuft gerade mit Akku.', metered: 'Die Verbindung ist gerade getaktet.' },
  offline: 'Dieser Computer ist mit keinem Netz verbunden. Der Abgleich geht weiter, sobald er es ist.',
} as const;
