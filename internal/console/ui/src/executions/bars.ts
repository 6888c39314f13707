// The bars of a timeline row: attempts of steps, merged where many share a place.

import type { Step, StateProgress } from './fold';

export type BarTone = 'run' | 'ok' | 'bad' | 'late' | 'warn' | 'wait' | 'stop';

/** Start and end as parts of the whole, 0 to 1. */
export interface Bar {
  from: number;
  to: number;
  tone: BarTone;
}

const tones = {
  running: 'run', waiting: 'wait', retrying: 'warn', succeeded: 'ok', caught: 'warn', failed: 'bad', timedOut: 'late', aborted: 'stop',
} as const;

/** A row is never cut finer than this. */
const columns = 400;

export function barsOf(state: StateProgress, from: number, to: number): Bar[] {
  const part = (time: number): number => Math.max(0, Math.min(1, (time - from) / (to - from)));
  const bars: Bar[] = [];
  for (const step of state.steps) {
    for (const [start, end, tone] of pieces(step, to)) bars.push({ from: part(start), to: part(end), tone });
  }
  return bars.length > columns ? merge(bars) : bars;
}

function pieces(step: Step, now: number): [start: number, end: number, tone: BarTone][] {
  const failed = step.attempts.slice(0, -1).filter((a) => a.status !== 'running');
  const first = failed.map((a): [number, number, BarTone] => [a.start, a.end ?? now, a.status === 'timedOut' ? 'late' : 'bad']);
  const last = step.attempts.length > 1 ? (step.attempts.at(-1)?.start ?? step.start) : step.start;
  return [...first, [last, step.end ?? now, tones[step.status]]];
}

/** Bad news hides good news, never the other way round. */
const weight: Record<BarTone, number> = { bad: 6, late: 5, run: 4, warn: 3, wait: 2, stop: 1, ok: 0 };

function merge(bars: Bar[]): Bar[] {
  const cells = new Array<BarTone | undefined>(columns);
  for (const bar of bars) {
    const end = Math.max(Math.floor(bar.from * columns) + 1, Math.ceil(bar.to * columns));
    for (let i = Math.floor(bar.from * columns); i < Math.min(columns, end); i++) {
      const old = cells[i];
      if (!old || weight[bar.tone] > weight[old]) cells[i] = bar.tone;
    }
  }
  const merged: Bar[] = [];
  cells.forEach((tone, i) => {
    if (!tone) return;
    const last = merged.at(-1);
    if (last && last.tone === tone && Math.abs(last.to - i / columns) < 1e-9) last.to = (i + 1) / columns;
    else merged.push({ from: i / columns, to: (i + 1) / columns, tone });
  });
  return merged;
}

/** Round times for an axis, at most five of them. */
export function ticks(span: number): number[] {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5, 1728e5, 6048e5, 2592e6, 7776e6, 31536e6];
  const step = steps.find((s) => span / s <= 5) ?? span;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => i * step);
}
