import { counted, files, items } from './counted.ts';

export const restored = {
  button: 'Ich habe das Backup zurückgesetzt…',
  title: (name: string) => `Haben Sie das Backup von ${name} zurückgesetzt?`,
  text: 'Gehen Sie nur weiter, wenn Sie das Backup selbst auf einen älteren Stand gebracht haben. Wenn nicht, finden Sie zuerst heraus, wer es war.',
  looking: 'Vergleicht diesen Computer mit dem Backup',
  nothing: 'Das Backup hat, was dieser Computer dort zuletzt gesehen hat. Es ist nichts zu tun.',
  groups: {
    older: (n: number) => `${files(n)} dort älter: noch einmal gesendet, die ältere Version bleibt`,
    missing: (n: number) => `${items(n)} dort nicht mehr da: noch einmal gesendet`,
    differing: (n: number) => `${files(n)} dort anders: beide Versionen bleiben`,
  },
  safe: 'Auf keiner Seite wird etwas gelöscht. Was Sie seit dem Backup gelöscht haben, kommt zurück.',
  yes: 'Ja, auf den neuesten Stand bringen',
  working: 'Bringt das Backup auf den neuesten Stand',
  done: (n: number) => `Fertig: ${counted(n, 'Änderung', 'Änderungen')} übertragen.`,
  failed: (n: number) => `${counted(n, 'Eintrag konnte', 'Einträge konnten')} nicht übertragen werden; sie werden noch einmal versucht.`,
  others: 'Tun Sie dasselbe auf Ihren anderen Computern, falls auch sie ältere Versionen anzeigen.',
} as const;
