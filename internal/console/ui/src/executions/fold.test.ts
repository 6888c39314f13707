import { describe, expect, test } from 'vitest';
import type { EventRow } from '../api/types';
import { Progress, statusOf } from './fold';

type Draft = Partial<EventRow> & { type: string };

/** Events a second apart. */
const history = (...drafts: Draft[]): EventRow[] => drafts.map((d, i) => ({ id: i + 1, previous: i, time: 1000 * (i + 1), ...d }));

function fold(...drafts: Draft[]): Progress {
  const p = new Progress();
  // One by one, as they come live.
  for (const e of history(...drafts)) p.add([e]);
  return p;
}

const statuses = (p: Progress): Record<string, string | null> => Object.fromEntries([...p.states].map(([name, s]) => [name, statusOf(s)]));

const entered = (name: string, more: Partial<EventRow> = {}, type = 'Task'): Draft => ({ type: `${type}StateEntered`, name, ...more });
const exited = (name: string, more: Partial<EventRow> = {}, type = 'Task'): Draft => ({ type: `${type}StateExited`, name, ...more });

describe('progress', () => {
  test('follows a chain', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('A', {}, 'Pass'), exited('A', {}, 'Pass'), entered('B', {}, 'Wait'));
    expect(statuses(p)).toEqual({ A: 'succeeded', B: 'waiting' });
    expect([...p.taken]).toEqual(['A>B']);
    expect(p.states.get('A')?.steps[0]).toMatchObject({ start: 2000, end: 3000, exit: 3 });
  });

  test('counts attempts and marks a caught error', () => {
    const failed = { type: 'LambdaFunctionFailed', error: 'Busy', cause: 'later' };
    const run = [{ type: 'LambdaFunctionScheduled' }, { type: 'LambdaFunctionStarted' }];
    const before = fold({ type: 'ExecutionStarted' }, entered('A'), ...run, failed);
    expect(statuses(before)).toEqual({ A: 'retrying' });
    const p = fold({ type: 'ExecutionStarted' }, entered('A'), ...run, failed, ...run, failed, exited('A'), entered('B', {}, 'Fail'), { type: 'ExecutionFailed', error: 'No' });
    expect(statuses(p)).toEqual({ A: 'caught', B: 'failed' });
    expect(p.states.get('A')?.steps[0]?.attempts.map((a) => a.status)).toEqual(['failed', 'failed']);
    expect(p.states.get('B')?.steps[0]?.error).toBe('No');
  });

  test('an attempt that works makes up for those that failed', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('A'), { type: 'TaskScheduled' }, { type: 'TaskFailed', error: 'E' }, { type: 'TaskScheduled' },
      { type: 'TaskSucceeded' }, exited('A'));
    expect(statuses(p)).toEqual({ A: 'succeeded' });
  });

  test('tells branches apart and fails what holds a failure', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('P', {}, 'Parallel'), { type: 'ParallelStateStarted' },
      entered('A', { frame: 1, parent: 0 }), entered('B', { frame: 2, parent: 0 }, 'Wait'), { type: 'TaskScheduled', frame: 1 },
      { type: 'TaskFailed', frame: 1, error: 'E' }, { type: 'ParallelStateFailed' }, { type: 'ExecutionFailed', error: 'E' });
    expect(statuses(p)).toEqual({ P: 'failed', A: 'failed', B: 'aborted' });
  });

  test('a failed branch is caught by what holds it', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('P', {}, 'Parallel'), { type: 'ParallelStateStarted' },
      entered('A', { frame: 1 }), entered('B', { frame: 2 }, 'Wait'), { type: 'TaskScheduled', frame: 1 },
      { type: 'TaskFailed', frame: 1, error: 'E' }, { type: 'TaskStateAborted' }, { type: 'WaitStateAborted' }, exited('P', {}, 'Parallel'),
      entered('R', {}, 'Pass'));
    expect(statuses(p)).toEqual({ P: 'caught', A: 'failed', B: 'aborted', R: 'running' });
    expect([...p.taken]).toEqual(['P>R']);
  });

  test('a branch that ends in Fail is caught, too', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('P', {}, 'Parallel'), { type: 'ParallelStateStarted' },
      entered('F', { frame: 1 }, 'Fail'), exited('P', {}, 'Parallel'));
    expect(statuses(p)).toEqual({ P: 'caught', F: 'failed' });
  });

  test('counts the iterations of a map', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('M', {}, 'Map'), { type: 'MapStateStarted', length: 2 },
      { type: 'MapIterationStarted', frame: 1, index: 0, name: 'M' }, { type: 'MapIterationStarted', frame: 2, index: 1, name: 'M' },
      entered('X', { frame: 1 }, 'Pass'), exited('X', { frame: 1 }, 'Pass'), { type: 'MapIterationSucceeded', frame: 1, index: 0, name: 'M' },
      entered('X', { frame: 2 }, 'Pass'));
    expect(p.states.get('M')?.steps[0]).toMatchObject({ items: 2, done: 1, broken: 0 });
    expect(p.states.get('X')?.steps.map((s) => s.iteration)).toEqual([[0], [1]]);
    expect(statuses(p)).toEqual({ M: 'running', X: 'running' });
  });

  test('ends what is open when the execution is stopped', () => {
    const p = fold({ type: 'ExecutionStarted' }, entered('A'), { type: 'TaskScheduled' }, { type: 'ExecutionAborted' });
    expect(statuses(p)).toEqual({ A: 'aborted' });
    expect(p.states.get('A')?.steps[0]?.end).toBe(4000);
  });

  test('a redrive goes on where it failed', () => {
    const failing: Draft[] = [
      { type: 'ExecutionStarted' }, entered('P', {}, 'Parallel'), { type: 'ParallelStateStarted' }, entered('D', { frame: 1 }, 'Pass'),
      exited('D', { frame: 1 }, 'Pass'), entered('A', { frame: 1 }), entered('B', { frame: 2 }, 'Wait'), { type: 'TaskScheduled', frame: 1 },
      { type: 'TaskFailed', frame: 1, error: 'E' }, { type: 'TaskStateAborted' }, { type: 'WaitStateAborted' }, { type: 'ParallelStateFailed' },
      { type: 'ExecutionFailed', error: 'E' },
    ];
    expect(statuses(fold(...failing))).toEqual({ P: 'failed', D: 'succeeded', A: 'failed', B: 'aborted' });
    const again: Draft[] = [...failing, { type: 'ExecutionRedriven' }, { type: 'TaskScheduled', frame: 1 }];
    expect(statuses(fold(...again))).toEqual({ P: 'running', D: 'succeeded', A: 'running', B: 'waiting' });
    const p = fold(...again, exited('B', { frame: 2 }, 'Wait'), { type: 'TaskSucceeded', frame: 1 }, exited('A', { frame: 1 }),
      { type: 'ParallelStateSucceeded' }, exited('P', {}, 'Parallel'));
    expect(statuses(p)).toEqual({ P: 'succeeded', D: 'succeeded', A: 'succeeded', B: 'succeeded' });
    expect(p.states.get('A')?.steps[0]?.attempts.map((a) => a.status)).toEqual(['failed', 'succeeded']);
  });

  test('folds 25,000 events in time', () => {
    const drafts: Draft[] = [{ type: 'ExecutionStarted' }, entered('M', {}, 'Map'), { type: 'MapStateStarted', length: 6000 }];
    for (let i = 0; i < 6000; i++) {
      const frame = i + 1;
      drafts.push({ type: 'MapIterationStarted', frame, index: i, name: 'M' }, entered('X', { frame }), exited('X', { frame }),
        { type: 'MapIterationSucceeded', frame, index: i, name: 'M' });
    }
    const events = history(...drafts);
    const p = new Progress();
    const began = performance.now();
    p.add(events);
    expect(performance.now() - began).toBeLessThan(500);
    expect(p.states.get('M')?.steps[0]?.done).toBe(6000);
  });
});
