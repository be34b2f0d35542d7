import type { ErrorCode, ProblemReason } from '../../../src-preload/contract/model.ts';
import { formatNumber } from '../format.ts';
import { counted, files, form, items } from './counted.ts';

export const overview = {
  overview: {
    title: 'Übersicht',
    attention: 'Braucht Ihre Aufmerksamkeit',
    waiting: 'Wartet',
    folders: 'Ordner',
    recent: 'Zuletzt geschehen',
    allActivity: 'Alle Aktivität',
    welcomeTitle: 'Einen Ordner an einem zweiten Ort sicher aufbewahren',
    welcomeText:
      'File Sync beobachtet einen Ordner auf diesem Computer und hält ihn mit einem Backup gleich: einem Ordner auf einem anderen Laufwerk oder NAS oder einem eigenen S3-Bucket. Nichts wird überschrieben oder gelöscht, ohne dass eine Kopie bleibt.',
    nothingRecent: 'Hier erscheinen Dateien, sobald sie abgeglichen werden.',
  },

  conflictCard: {
    title: (n: number, files: string, folder: string | null) =>
      `${n === 1 ? (files === '' ? 'Eine Datei' : files) : `${formatNumber(n)} Dateien`}${folder === null ? '' : ` in ${folder}`} ${n === 1 ? 'hat' : 'haben'} zwei Versionen`,
    text: (n: number, files: string) =>
      `${n === 1 ? 'Sie wurde' : `${files === '' ? 'Sie' : files} wurden`} hier und anderswo geändert. Beide Versionen sind sicher, bis Sie entscheiden.`,
    button: 'Entscheiden',
  },

  heldCard: {
    title: (n: number, name: string) => `${counted(n, 'Löschung', 'Löschungen')} zurückgehalten in ${name}`,
    text: {
      local: 'Sie sind aus dem Backup verschwunden. Auf diesem Computer sind sie noch da, und nichts wird gelöscht, bevor Sie es sagen.',
      remote: 'Sie sind von diesem Computer verschwunden. Im Backup sind sie noch da, und nichts wird dort gelöscht, bevor Sie es sagen.',
    },
    wentBack:
      'Das Backup ist auf einen älteren Stand zurückgegangen, sie fehlen also vielleicht nur darin. Falls Sie es selbst zurückgesetzt haben, sagen Sie es, dann wird es von hier aus auf den neuesten Stand gebracht.',
    burstTitle: (n: number, name: string) => `${counted(n, 'verdächtige Änderung', 'verdächtige Änderungen')} zurückgehalten in ${name}`,
    burst: {
      scrambled: {
        local: 'Viele Dateien im Backup sind auf einmal unlesbar geworden.',
        remote:
          'Viele Dateien auf diesem Computer sind auf einmal unlesbar geworden: so etwas hinterlässt ein Erpressungstrojaner. Das Backup hat sie noch, wie sie waren, und nichts wird dort geändert, bevor Sie es sagen.',
      },
      'renamed-alike': {
        local:
          'Anderswo wurden viele Dateien durch andere mit ein und derselben fremden Endung ersetzt: so etwas tut ein Erpressungstrojaner. Ihre sind auf diesem Computer noch da, und nichts wird gelöscht, bevor Sie es sagen.',
        remote:
          'Viele Dateien auf diesem Computer wurden durch andere mit ein und derselben fremden Endung ersetzt: so etwas tut ein Erpressungstrojaner. Das Backup hat sie noch, wie sie waren, und nichts wird dort geändert, bevor Sie es sagen.',
      },
    },
    wentOver: (n: number) => `${counted(n, 'Datei war', 'Dateien waren')} schon übertragen, bevor das auffiel; „Zurückholen…“ schließt sie ein.`,
    restGoesOn: 'Alles andere wird inzwischen weiter abgeglichen.',
    burstAdvice: 'Waren Sie das nicht selbst, dann halten Sie zuerst an, was es tut, und holen danach die Dateien zurück.',
    bringBack: 'Zurückholen…',
    meant: 'Das war ich: abgleichen…',
    meantAll: (n: number) => `Alle ${formatNumber(n)} zurückgehaltenen Änderungen dieses Ordners waren ich: abgleichen…`,
    meantTitle: (n: number) => `${counted(n, 'Änderung', 'Änderungen')} durchlassen?`,
    names: (n: number) => `${form(n, 'Der', 'Die')} ${counted(n, 'Name', 'Namen')}, alt und neu`,
    meantText: (days: number) => `Was ersetzt wird, bleibt als alte Version und kann ${counted(days, 'Tag', 'Tage')} lang zurückgeholt werden.`,
    meantSure: 'Durchlassen',
    tooMany: 'So viele auf einmal können ein Versehen sein.',
    emptied: 'Der ganze Ordner sieht leer aus. Falls ein Laufwerk fehlt, schließen Sie es wieder an.',
    otherwise: 'Falls das ein Versehen ist, holen Sie sie zurück.',
    list: (n: number) => `${form(n, 'Der', 'Die')} ${items(n)}`,
    notShown: (n: number) => `und ${formatNumber(n)} weitere`,
    confirm: (n: number, where: string) => `${n === 1 ? '' : `Alle ${formatNumber(n)} `}${where} löschen…`,
    where: { local: 'auf diesem Computer', remote: 'im Backup', both: 'auf beiden Seiten' },
    confirmTitle: (n: number) => `${items(n)} löschen?`,
    confirmText: {
      local: (days: number) => `Sie kommen in den Papierkorb im Ordner und können ${counted(days, 'Tag', 'Tage')} lang zurückgeholt werden.`,
      remote: (days: number) => `Sie bleiben als alte Versionen im Backup und können ${counted(days, 'Tag', 'Tage')} lang zurückgeholt werden.`,
    },
    sure: 'Löschen',
    keepWaiting: 'Nicht jetzt',
    going: 'Sie haben zugestimmt. Es wird ausgeführt.',
  },

  errorCard: {
    title: (name: string) => `${name} wird nicht mehr abgeglichen`,
    offlineTitle: (name: string) => `${name} wartet auf sein Backup`,
    backupGone: (path: string) =>
      `Der Backup-Ordner ${path} ist nicht da, oder er ist leer: vielleicht ist sein Laufwerk nicht angeschlossen, oder der Ordner wurde verschoben, umbenannt oder gelöscht.`,
    connect: 'Schließen Sie das Laufwerk an, und der Abgleich geht von selbst weiter.',
    connectInRest: 'So war es beim letzten Nachsehen. Schließen Sie das Laufwerk an; danach gesucht wird wieder, sobald der Abgleich weitergeht.',
    moved:
      'Wurde der Ordner verschoben oder umbenannt, dann wählen Sie ihn neu. Beide Seiten werden dann neu verglichen, und nichts wird gelöscht oder überschrieben; was inzwischen auf einer Seite gelöscht wurde, kommt wieder. Die Listen der bisherigen Aktivität und der Läufe zum Rückgängigmachen fangen leer an.',
    chooseAgain: 'Den Ordner neu wählen…',
    offlineText: 'Der Abgleich geht von selbst weiter, sobald es wieder da ist.',
    triedAfterRest: 'Versucht wird es, sobald der Abgleich weitergeht.',
    waitingSince: (time: string) => `Wartet seit ${time}`,
    stoppedSince: (time: string) => `Angehalten seit ${time}`,
    stillAway: (time: string) => `Um ${time} noch einmal nachgesehen: immer noch nicht da`,
    stillSo: (time: string) => `Um ${time} noch einmal versucht: unverändert`,
    nextTry: (time: string) => `Nächster Versuch um ${time}`,
  },

  deniedCard: {
    may: {
      write: (action: string) => `Der Zugriffsschlüssel darf nicht in diesen Bucket schreiben (${action}).`,
      read: (action: string) => `Der Zugriffsschlüssel darf nicht aus diesem Bucket lesen (${action}).`,
      remove: (action: string) => `Der Zugriffsschlüssel darf in diesem Bucket nichts löschen (${action}).`,
      list: (action: string) => `Der Zugriffsschlüssel darf nicht sehen, was in diesem Bucket liegt (${action}).`,
      other: (action: string) => `Der Zugriffsschlüssel darf in diesem Bucket nicht alles, was der Abgleich braucht (${action}).`,
    },
    remedy: 'Ändern Sie die Rechte des Schlüssels oder die Anmeldung; dann geht es von selbst weiter.',
  },

  failureCard: {
    title: (n: number, name: string) => `${counted(n, 'Eintrag kann', 'Einträge können')} in ${name} nicht abgeglichen werden`,
    attempts: (n: number) => (n === 1 ? 'einmal versucht' : `${formatNumber(n)}-mal versucht`),
    text: { soon: 'Jeder wird von selbst noch einmal versucht.', later: 'Jeder wird noch einmal versucht, sobald der Abgleich weitergeht.' },
    hopeless: 'Es noch einmal zu versuchen hilft nicht: jeder braucht, was daneben steht, und ist bis dahin nicht im Backup.',
    some: {
      soon: 'Bei denen mit einem Rat daneben hilft es nicht, es noch einmal zu versuchen; bei den anderen geschieht es von selbst.',
      later: 'Bei denen mit einem Rat daneben hilft es nicht, es noch einmal zu versuchen; bei den anderen geschieht es, sobald der Abgleich weitergeht.',
    },
    restGoesOn: 'Alles andere geht weiter.',
    advice: {
      'name-too-long': 'Der Pfad ist zu lang für das Backup: kürzen Sie den Namen oder den eines Ordners, in dem der Eintrag liegt.',
      'name-not-allowed': 'Die andere Seite kann diesen Namen nicht aufnehmen: benennen Sie den Eintrag um.',
      'not-supported': 'Die andere Seite kann so etwas nicht aufnehmen: nehmen Sie es aus dem Ordner oder lassen Sie es durch eine Regel aus.',
    } satisfies Partial<Record<ErrorCode, string>> as Readonly<Record<string, string>>,
  },

  problemCard: {
    title: (n: number, name: string) => `${counted(n, 'Eintrag kann', 'Einträge können')} in ${name} nicht abgeglichen werden`,
    text: (n: number) => (n === 1 ? 'Er bleibt, wo er ist, unangetastet.' : 'Sie bleiben, wo sie sind, unangetastet.'),
    side: { local: 'auf diesem Computer', remote: 'im Backup' },
    reason: {
      unreadable: 'Sie dürfen das nicht lesen, daher wird es nicht kopiert. Ändern Sie die Rechte.',
      changing: 'Wird ständig geschrieben.',
      'special-file': 'Ist weder eine Datei noch ein Ordner.',
      'invalid-utf8-name': 'Der Name ist kein gültiger Text (UTF-8). Benennen Sie den Eintrag um.',
      'unsafe-name': 'Der Name könnte aus dem Ordner hinaus zeigen.',
      'name-not-allowed': 'Die andere Seite kann diesen Namen nicht aufnehmen. Benennen Sie den Eintrag um.',
      'name-too-long': 'Der Name ist zu lang für die andere Seite.',
      'name-collision': 'Unterscheidet sich von einem anderen Namen nur durch Groß- und Kleinschreibung oder Akzente.',
      'other-file-system': 'Liegt auf einem anderen Laufwerk, das im Ordner eingehängt ist.',
      'nested-pair': 'Ist selbst ein abgeglichener Ordner.',
      'file-and-folder': 'Ist Datei und Ordner mit demselben Namen.',
      'symlink-not-supported': 'Ist eine Verknüpfung, die die andere Seite nicht aufnehmen kann.',
      'too-large': 'Ist zu groß für die andere Seite.',
      corrupt: 'Ist im Backup beschädigt.',
      'not-sealed':
        'Liegt ungeschützt in einem geschützten Backup: ein anderes Programm hat es dorthin gelegt. Nehmen Sie es heraus und legen Sie es stattdessen in diesen Ordner.',
      'foreign-name': 'Hat im Backup einen Namen, den Ihr Schlüssel nicht gemacht hat: ein anderes Programm hat es dorthin gelegt.',
      'other-key': 'Lässt sich mit dem Schlüssel dieses Ordners nicht öffnen: es wurde verändert oder gehört zu einem anderen Backup.',
      misplaced: 'Wurde im Backup von einem anderen Programm verschoben oder vertauscht.',
      'rolled-back':
        'Im Backup ist eine ältere Version zurückgekehrt. Die neuere hier bleibt. Falls Sie das Backup selbst zurückgesetzt haben, sagen Sie es unten, dann wird es auf den neuesten Stand gebracht.',
      failed: 'Konnte nicht angesehen werden.',
    } satisfies Record<ProblemReason, string>,
  },

  progress: {
    label: (name: string) => `Fortschritt von ${name}`,
    looking: (n: number) => (n === 0 ? 'Sucht nach Änderungen' : `Sucht nach Änderungen, bisher ${files(n)}`),
    planning: 'Vergleicht beide Seiten',
    working: (done: number, total: number) => `${formatNumber(done)} von ${counted(total, 'Eintrag', 'Einträgen')}`,
    bytes: (done: string, total: string) => `${done} von ${total}`,
    rate: (rate: string) => `${rate}/s`,
    limited: (rate: string) => `begrenzt auf ${rate}`,
    eta: (time: string) => `noch ${time}`,
    up: 'zum Backup',
    down: 'vom Backup',
  },
} as const;
