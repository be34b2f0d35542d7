import type { TestAnswer } from '../../../src-preload/contract/storage.ts';
import { formatNumber } from '../format.ts';

export const folders = {
  folder: {
    title: 'Ordner',
    intro: 'Jeder Ordner auf diesem Computer wird mit seinem Backup gleich gehalten.',
    empty: 'Noch wird kein Ordner abgeglichen.',
    source: 'Auf diesem Computer',
    target: 'Backup-Ordner',
    watchEvents: 'Änderungen werden sofort bemerkt',
    watchResting: 'Änderungen warten, bis der Abgleich weitergeht',
    settings: 'Einstellungen dieses Ordners',
    edit: 'Ordner-Einstellungen…',
    name: 'Name',
    dropTitle: 'Schließen, ohne zu speichern?',
    dropText: 'Was Sie hier eingegeben haben, ist noch nicht gespeichert.',
    drop: 'Schließen und verwerfen',
    keepEditing: 'Hier weitermachen',
    removeTitle: (name: string) => `${name} nicht mehr abgleichen?`,
    removeText: 'Nichts wird gelöscht. Ihre Dateien bleiben auf diesem Computer und im Backup genau so, wie sie sind; sie folgen einander nur nicht mehr.',
    removeAgain: 'Sie können denselben Ordner und dasselbe Backup jederzeit wieder hinzufügen; gleiche Dateien werden erkannt und nichts wird doppelt kopiert.',
    removeButton: 'Nicht mehr abgleichen',
    saved: 'Gespeichert',
  },

  add: {
    title: 'Ordner hinzufügen',
    step: (n: number, of: number) => `Schritt ${formatNumber(n)} von ${formatNumber(of)}`,
    back: 'Zurück',
    next: 'Weiter',
    kindTitle: 'Wo soll die zweite Kopie liegen?',
    kinds: {
      folder: { title: 'In einem Ordner', text: 'Auf einem anderen Laufwerk, einem NAS oder einem USB-Stick.' },
      s3: { title: 'In einem S3-Bucket', text: 'Amazon S3, Cloudflare R2, Backblaze B2, Ihr eigenes MinIO und andere. Mehrere Computer können es teilen.' },
    },
    foldersTitle: 'Welche zwei Ordner?',
    source: 'Ordner auf diesem Computer',
    sourceHint: 'Der Ordner, in dem Sie arbeiten.',
    target: 'Backup-Ordner',
    targetHint: 'Ein Ordner auf einem anderen Laufwerk, einem NAS oder einem USB-Stick.',
    none: 'Noch kein Ordner gewählt',
    union: 'Wenn in beiden Ordnern Dateien liegen, werden sie zusammengeführt: auf keiner Seite wird etwas gelöscht oder überschrieben.',
    button: 'Abgleich beginnen',
    startAtLogin: 'File Sync bei der Anmeldung starten',
    startAtLoginHint: 'Sonst wird nach einem Neustart nichts abgeglichen, bis Sie es öffnen.',
    unfit: { both: 'Diese zwei Ordner passen nicht zusammen', one: 'Dieser Ordner kann nicht verwendet werden' },
    checking: 'Prüft beide Ordner',
    checked: 'Diese beiden Ordner passen zusammen.',
    oneDisk: 'Dieselbe Platte: das hilft gegen Versehen, nicht wenn die Platte ausfällt.',
    sourceTitle: 'Welcher Ordner auf diesem Computer?',
    sourceChecked: 'Dieser Ordner kann mit dem Bucket abgeglichen werden.',
    first: {
      nothing: 'Im Bucket liegt dort noch nichts: die Dateien Ihres Ordners werden hineinkopiert.',
      files:
        'Im Bucket liegen schon Dateien. Sie werden mit denen Ihres Ordners zusammengeführt: auf keiner Seite wird etwas gelöscht oder überschrieben. Wo eine Datei auf beiden Seiten liegt und sich unterscheidet, bleiben beide Versionen.',
      vault:
        'Ein anderes Gerät gleicht schon mit diesem Ort ab. Seine Dateien kommen auf diesen Computer und Ihre dorthin: nichts wird gelöscht oder überschrieben. Wo eine Datei auf beiden Seiten liegt und sich unterscheidet, bleiben beide Versionen.',
    } satisfies Record<TestAnswer['holds'], string>,
  },
} as const;
