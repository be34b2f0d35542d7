import { counted } from './counted.ts';

export const numbers = {
  ageTitle: (name: string, age: string) => `${name} war zuletzt gleich: ${age}`,
  ageNever: (name: string) => `${name} war noch nie gleich`,
  ageText: 'Was sich seither geändert hat, liegt vielleicht nur an einem Ort. Sehen Sie nach, was im Weg steht, oder gleichen Sie jetzt ab.',
  rate: 'Übertragung',
  rateNow: (rate: string) => `${rate}/s`,
  rateMeasuring: 'wird gemessen…',
  rateNone: 'Nichts wird übertragen.',
  rateGraph: (now: string, peak: string) => `Übertragung der letzten zwei Minuten: jetzt ${now} je Sekunde, höchstens ${peak} je Sekunde`,
  peak: (rate: string) => `Spitze ${rate}/s in den letzten zwei Minuten`,
  month: 'Das Backup in diesem Monat',
  stored: 'Gespeichert',
  versions: (n: number, size: string) => `dazu ${counted(n, 'alte Version', 'alte Versionen')}, ${size}`,
  requests: 'Anfragen',
  cost: 'Kosten',
  costNotes: {
    list: 'Geschätzt nach Listenpreisen, für dieses Gerät.',
    own: 'Geschätzt nach Ihren eigenen Preisen, für dieses Gerät.',
    both: 'Geschätzt nach Listenpreisen und Ihren eigenen, für dieses Gerät.',
  },
  unknownCostNote: 'Preise sind nur von den großen Anbietern bekannt. Tragen Sie Ihre in den Einstellungen des Ordners ein.',
  unknownCost: 'unbekannt',
} as const;
