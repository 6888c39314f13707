// What an event is, in a table.

import type { EventRow } from '../api/types';

/** Tells of something that went wrong. */
export const bad = (e: EventRow): boolean => e.error !== undefined || /(Failed|TimedOut|Aborted)$/.test(e.type);

export type EventTone = 'ok' | 'bad' | 'late' | 'stop' | 'run' | 'none';

export function toneOf(e: EventRow): EventTone {
  if (e.type.endsWith('TimedOut')) return 'late';
  if (e.type.endsWith('Aborted')) return 'stop';
  if (bad(e)) return 'bad';
  if (/(Succeeded|Exited)$/.test(e.type)) return 'ok';
  return /(Entered|Started|Scheduled)$/.test(e.type) ? 'run' : 'none';
}

/** Whether an event of a state has a text (lower case) in what the table shows of it. */
export function matches(e: EventRow, state: string, text: string): boolean {
  return `${e.id} ${e.type} ${e.name ?? state} ${e.error ?? ''} ${e.cause ?? ''} ${e.resource ?? ''}`.toLowerCase().includes(text);
}
