import { type ContractResult, checkContract } from '../backends/check-contract.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import type { Printer } from './printer.ts';
import { loadConfig, lookerName, type Session } from './session.ts';

export interface VerifyBackendFlags {
  readonly quick?: boolean;
}

const MARKS = { passed: 'ok  ', weak: 'weak', failed: 'FAIL' } as const;

/** Runs the contract that every store must keep against the user's own, below a throw-away prefix. */
export async function verifyBackendCommand(session: Session, { quick = false }: VerifyBackendFlags): Promise<ExitCode> {
  const { context, printer } = session;
  const { platform, interrupt } = context;
  const config = await loadConfig(session);
  const id = platform.random.id();
  const first = await context.stores.open(config.backend, { client: await lookerName(session, config, 'first') });
  try {
    const second = await context.stores.open(config.backend, { client: await lookerName(session, config, 'second') });
    try {
      const results: ContractResult[] = [];
      const prefix = `.file-sync/check-${id}/`;
      printer.say(`Checks ${first.id}; everything it makes lies below ${prefix} and is removed again.`);
      for await (const result of checkContract(first, second, { prefix, quick, signal: interrupt })) {
        results.push(result);
        sayResult(printer, result);
      }
      return conclude(printer, { store: first.id, prefix, quick }, results);
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

function sayResult({ say, style }: Printer, { name, verdict, detail, matters }: ContractResult): void {
  const paint = { passed: style.green, weak: style.yellow, failed: style.red }[verdict];
  say(`${paint(MARKS[verdict])} ${name}`);
  if (detail !== null) say(`     seen:    ${detail}\n     matters: ${matters}`);
}

function conclude(printer: Printer, about: object, results: readonly ContractResult[]): ExitCode {
  const count = (verdict: ContractResult['verdict']): number => results.filter((result) => result.verdict === verdict).length;
  const counts = { passed: count('passed'), weak: count('weak'), failed: count('failed') };
  const exitCode = counts.failed > 0 ? EXIT.failed : EXIT.inSync;
  printer.document({ command: 'verify-backend', ok: exitCode === EXIT.inSync, exitCode, ...about, counts, checks: results });
  const { green, yellow, red } = printer.style;
  const bad = [
    counts.failed > 0 ? red(`${formatCount(counts.failed, 'check')} failed: do not keep files here that you cannot lose, and report it`) : '',
    counts.weak > 0
      ? yellow(`${formatCount(counts.weak, 'race')} lost: the store does not judge conditions, so a short window stays open when two devices save one file at once`)
      : '',
  ].filter((text) => text !== '');
  printer.say([bad.length === 0 ? green('Sound') : bad.join('; '), formatCount(counts.passed, 'check passed', 'checks passed')].join(': '));
  return exitCode;
}
