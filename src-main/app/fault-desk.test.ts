import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { FaultDesk, isClosedPipe, oneLine } from './fault-desk.ts';

function start() {
  const clock = new ManualClock();
  const lines: Readonly<Record<string, unknown>>[] = [];
  const told: string[] = [];
  const desk = new FaultDesk({ clock, log: (_, fields) => void lines.push(fields), onFault: (text) => void told.push(text) });
  return { clock, lines, told, desk };
}

describe('a mistake nobody caught', () => {
  it('is in the log with its stack, and is told', () => {
    const { desk, lines, told } = start();
    desk.record('main', new TypeError('x is not a function'));
    expect(lines).toMatchObject([{ place: 'main', error: 'x is not a function', repeated: 0 }]);
    expect(lines[0]?.['stack']).toContain('fault-desk.test');
    expect(told).toEqual(['x is not a function']);
  });

  it('that repeats fills neither log nor screen', async () => {
    const { clock, desk, lines, told } = start();
    for (let i = 0; i < 5_000; i++) desk.record('engine', new Error('again'));
    desk.record('engine', new Error('another'));
    expect(told).toEqual(['again', 'another']);
    await clock.advance(61_000);
    desk.record('engine', new Error('again'));
    expect(lines.at(-1)).toMatchObject({ error: 'again', repeated: 4_999 });
  });

  it('I9 says no secret that got into its message', () => {
    const { desk, lines, told } = start();
    desk.record('main', new Error('cannot sign with AKIAIOSFODNN7EXAMPLE, secretAccessKey=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'));
    expect(JSON.stringify([lines, told])).not.toMatch(/AKIAIOS|wJalrX/);
  });

  it('may be anything at all', () => {
    expect(oneLine(undefined)).toBe('undefined');
    expect(oneLine(new Error('a\n\tb'))).toBe('a b');
    expect(oneLine('x'.repeat(900))).toHaveLength(300);
  });

  it('is none where a reader only went away', () => {
    expect(isClosedPipe(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }))).toBe(true);
    expect(isClosedPipe(new Error('write EPIPE'))).toBe(false);
  });
});
