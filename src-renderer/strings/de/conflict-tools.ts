import { formatNumber } from '../format.ts';
import { counted } from './counted.ts';

export const conflictTools = {
  open: 'Beide öffnen',
  openHere: 'Die dieses Computers öffnen',
  openThere: 'Eine Kopie der des Backups öffnen',
  pictures: 'Beide Bilder',
  pictureHere: 'Bild auf diesem Computer',
  pictureThere: 'Bild im Backup',
  loses: {
    local: (side: string) => `Ersetzt die Version des Backups (${side}). Diese bleibt dort als alte Version und kann zurückgeholt werden.`,
    remote: (side: string) => `Ersetzt die Version dieses Computers (${side}). Diese kommt in den Papierkorb im Ordner und kann zurückgeholt werden.`,
    forGood: (side: string) => `Ersetzt die Version des Backups (${side}). Diese bleibt nicht: dieser Ordner behält keine alten Versionen.`,
    both: 'Nichts wird ersetzt: beide bleiben, unter zwei Namen.',
  },
  decided: {
    waiting: 'Entschieden. Der nächste Abgleich führt es aus.',
    local: (side: string) => `Fertig. Die Version des Backups (${side}) bleibt als alte Version dieser Datei.`,
    remote: (side: string) => `Fertig. Die Version dieses Computers (${side}) liegt im Papierkorb im Ordner.`,
    forGood: (side: string) => `Fertig. Die Version des Backups (${side}) ist nicht aufbewahrt: dieser Ordner behält keine alten Versionen.`,
    both: 'Fertig. Beide sind da: die Version dieses Computers bleibt unter einem neuen Namen neben der anderen.',
    all: {
      local: 'Entschieden. Die Versionen des Backups bleiben dort als alte Versionen ihrer Dateien.',
      remote: 'Entschieden. Die Versionen dieses Computers kommen in den Papierkorb in ihren Ordnern.',
    },
    again: 'Rückgängig machen holt sie neben die, die Sie behalten haben.',
    allAgain: 'Jede lässt sich neben die behaltene zurückholen, unter Verlauf, Rückgängig.',
    showRuns: 'Rückgängig zeigen',
    show: 'Ihre Versionen zeigen',
    undo: 'Rückgängig…',
  },
  newerLoses: 'Achtung: die Version, die ersetzt wird, ist die neuere.',
  always: (pattern: string) => `Immer so machen bei ${pattern}`,
  alwaysHint: 'Von da an wird bei solchen Dateien nicht mehr gefragt. Das lässt sich in den Einstellungen des Ordners ändern.',
  all: (n: number) => `Alle ${formatNumber(n)} entscheiden…`,
  allTitle: (n: number) => `${counted(n, 'Konflikt', 'Konflikte')} auf einmal entscheiden`,
  allText: 'Dieselbe Wahl für jede Datei der Liste. Was ersetzt wird, bleibt erhalten: im Backup als alte Version, hier im Papierkorb.',
  allForGood: 'Nicht alle diese Ordner behalten alte Versionen: dort ist weg, was im Backup ersetzt wird.',
  allLose: {
    local: 'Diese Versionen im Backup werden ersetzt:',
    remote: 'Diese Versionen auf diesem Computer werden ersetzt:',
    both: 'Nichts wird ersetzt. Jede Datei bekommt eine zweite neben sich.',
  },
  allButton: {
    local: (n: number) => `Bei allen ${formatNumber(n)} die dieses Computers behalten`,
    remote: (n: number) => `Bei allen ${formatNumber(n)} die des Backups behalten`,
    both: (n: number) => `Bei allen ${formatNumber(n)} beide behalten`,
  },
  more: (n: number) => `und ${formatNumber(n)} weitere`,
} as const;
