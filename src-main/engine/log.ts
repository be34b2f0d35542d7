export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One structured line a decision (STYLE rule 15). Fields never hold secrets or file contents. */
export interface EngineLog {
  line(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void;
}

export const silentLog: EngineLog = { line: () => undefined };
