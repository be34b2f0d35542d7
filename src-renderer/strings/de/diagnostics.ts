export const diagnostics = {
  title: 'Diagnose',
  hint: 'Für jemanden, der Ihnen hilft: Versionen, was dieser Computer kann, Zahlen zu Ihren Ordnern und das Ende der Protokolle. Keine Dateiinhalte, keine Schlüssel, keine Passphrasen.',
  look: 'Ansehen, was darin steht…',
  names: 'Mit Namen von Dateien, Ordnern und Buckets',
  namesHint: 'Sie helfen zu finden, was nicht stimmt. Ohne sie bleiben nur Zahlen und unsere eigenen Wörter.',
  content: 'Was die Datei enthalten wird',
  copy: 'Kopieren',
  copied: 'Kopiert',
  save: 'Als Datei speichern…',
  saved: (file: string) => `Geschrieben nach ${file}, nur für Sie.`,
} as const;
