import type { NotifyEvent, NotifyLevel } from '../../../src-preload/contract/desktop.ts';
import { counted } from './counted.ts';

export const notifications = {
  levels: { all: 'Alles', attention: 'Wenn ich gebraucht werde', off: 'Nie' } satisfies Record<NotifyLevel, string>,
  tell: 'Mich benachrichtigen',
  which: 'Welche',
  events: {
    conflict: 'Eine Datei hat zwei Versionen',
    held: 'Löschungen oder verdächtige Änderungen sind zurückgehalten',
    error: 'Ein Ordner wird nicht mehr abgeglichen',
    failures: 'Dateien können nicht abgeglichen werden',
    disk: 'Dieser Datenträger ist fast voll',
    engine: 'Der Abgleich ist stehen geblieben',
    offline: 'Ein Backup ist nicht erreichbar',
    finished: 'Dateien wurden abgeglichen',
  } satisfies Record<NotifyEvent, string>,
  disk: (name: string) => ({ title: 'Dieser Datenträger ist fast voll', body: `${name} wartet, bis wieder Platz ist.` }),
  offline: (name: string) => ({ title: `${name} wartet auf sein Backup`, body: 'Es geht von selbst weiter, sobald es wieder da ist.' }),
  finished: (n: number, name: string) => ({ title: counted(n, 'Datei abgeglichen', 'Dateien abgeglichen'), body: `${name} ist auf dem neuesten Stand.` }),
  actions: { decide: 'Entscheiden', look: 'Ansehen', retry: 'Noch einmal versuchen', open: 'Öffnen' },
} as const;
