import type { Mark } from '../graph/Node';
import { formatCount, formatDuration } from '../parts/format';
import { type Progress, type StateProgress, statusOf } from './fold';

/** What the graph shows of an execution's progress at a time. */
export function marksOf(progress: Progress, now: number): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const [name, state] of progress.states) {
    const mark = markOf(state, now);
    if (mark) marks.set(name, mark);
  }
  return marks;
}

function markOf(state: StateProgress, now: number): Mark | null {
  const status = statusOf(state);
  const last = state.steps.at(-1);
  if (!status || !last) return null;
  const many = state.steps.length > 1;
  const note = !many ? formatDuration((last.end ?? now) - last.start)
    : state.open > 0 ? `${formatCount(state.open)} now` : `${formatCount(state.steps.length)} runs`;
  return {
    status, note, attempts: many ? 0 : last.attempts.length,
    done: last.done, broken: last.broken, total: many ? 0 : (last.items ?? 0),
  };
}
