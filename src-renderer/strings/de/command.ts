export const command = {
  title: 'Als Befehl',
  hint: 'Er tut für den Ordner, was die App tut, solange die App nicht läuft. Nie gleichen zwei denselben Ordner ab.',
  short: (command: string) => `Mit allem, was hier gespeichert ist, auch den Regeln für Konflikte: ${command}`,
  keys: 'Der Zugangsschlüssel kommt aus der Umgebung (AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY); er steht nie in einem Befehl.',
  secret: 'Was die verschlüsselten Dateien öffnet, kommt aus dem Schlüsselbund.',
  copy: 'Kopieren',
  copied: 'Kopiert',
  label: 'Der Befehl',
} as const;
