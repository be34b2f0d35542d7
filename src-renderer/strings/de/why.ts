export const why = {
  open: 'Warum fehlt eine Datei?',
  title: (name: string) => `Warum wird eine Datei von ${name} nicht abgeglichen?`,
  field: 'Datei oder Ordner',
  hint: 'Der Pfad im Ordner, zum Beispiel Briefe/Vermieter.odt.',
  look: 'Nachsehen',
  looking: 'Sieht auf beiden Seiten nach',
  ignored:
    'Eine Regel lässt den Eintrag aus: in den Einstellungen dieses Ordners, in denen für jeden Ordner, in einer Datei .syncignore oder in der Liste dessen, was Editoren und Systeme hinterlassen. Er bleibt, wo er ist.',
  problem: (side: string, reason: string) => `Der Eintrag kann nicht abgeglichen werden (${side}). ${reason}`,
  above: (path: string, reason: string) => `Der Eintrag liegt in ${path}, das nicht abgeglichen werden kann. ${reason}`,
  conflict: 'Es gibt zwei Fassungen. Entscheiden Sie unter Konflikte, welche bleibt.',
  held: 'Der Eintrag ist zurückgehalten, bis Sie entscheiden. Die Übersicht sagt, warum.',
  failed: (message: string) => `Es wurde versucht und ist fehlgeschlagen: ${message} Es wird von selbst noch einmal versucht.`,
  pending: 'Der Eintrag wartet: der nächste Abgleich überträgt ihn.',
  agreed: 'Der Eintrag ist abgeglichen: beide Seiten haben dasselbe.',
  nowhere: 'Der Eintrag ist auf keiner Seite. Prüfen Sie den Namen.',
  folder: (state: string) => `Der ganze Ordner: ${state}.`,
} as const;
