export const command = {
  title: 'Als Befehl',
  hint: 'Er tut für den Ordner, was die App tut, mit allem, was hier gespeichert ist, solange die App nicht läuft. Nie gleichen zwei denselben Ordner ab.',
  secrets: 'Schlüssel und was verschlüsselte Dateien öffnet, kommen aus dem Schlüsselbund; sie stehen nie in einem Befehl.',
  session: 'Was nur für diese Sitzung behalten wird, kennt allein die App; ein Befehl findet, was im Schlüsselbund liegt.',
  settings: (command: string) => `Was davon in einer Einstellungsdatei stehen kann, mit Namen: ${command}`,
  copy: 'Kopieren',
  copied: 'Kopiert',
  label: 'Der Befehl',
} as const;
