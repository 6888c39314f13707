import { expect, test } from 'vitest';
import { barsOf, ticks } from './bars';
import type { StateProgress, Step } from './fold';

const step = (start: number, end: number | null, more: Partial<Step> = {}): Step => ({
  id: start, state: 'A', type: 'Task', frame: 0, iteration: [], start, end, status: end === null ? 'running' : 'succeeded', attempts: [], events: [],
  exit: null, items: null, done: 0, broken: 0, holder: null, ...more,
});

const state = (steps: Step[]): StateProgress => ({ steps, open: 0, waiting: 0, retrying: 0, failed: 0 });

test('attempts that failed are bars of their own', () => {
  const attempts = [{ start: 0, end: 20, status: 'failed' as const }, { start: 50, end: 100, status: 'succeeded' as const }];
  expect(barsOf(state([step(0, 100, { attempts })]), 0, 100)).toEqual([{ from: 0, to: 0.2, tone: 'bad' }, { from: 0.5, to: 1, tone: 'ok' }]);
});

test('a step that runs ends now', () => {
  expect(barsOf(state([step(50, null)]), 0, 200)).toEqual([{ from: 0.25, to: 1, tone: 'run' }]);
});

test('many steps share bars, and bad news is not hidden', () => {
  const steps = Array.from({ length: 5000 }, (_, i) => step(i, i + 1, i === 2500 ? { status: 'failed' } : {}));
  const bars = barsOf(state(steps), 0, 5000);
  expect(bars.length).toBeLessThanOrEqual(3);
  expect(bars.map((b) => b.tone)).toEqual(['ok', 'bad', 'ok']);
});

test('axes have round times', () => {
  expect(ticks(2300)).toEqual([0, 500, 1000, 1500, 2000]);
  expect(ticks(1)).toEqual([0, 1]);
  expect(ticks(371_000)).toEqual([0, 120_000, 240_000, 360_000]);
});
