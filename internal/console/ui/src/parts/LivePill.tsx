import type { ReactNode } from 'react';
import type { Connection } from '../api/history';

const words: Partial<Record<Connection, [tone: string, label: string]>> = {
  live: ['ok', 'Live'],
  loading: ['stop', 'Loading'],
  lost: ['warn', 'Reconnecting'],
  failed: ['bad', 'Not live'],
};

/** Whether what is on screen is kept up to date; nothing once an execution has ended. */
export function LivePill({ connection }: { connection: Connection }): ReactNode {
  const word = words[connection];
  return word ? <span className={`live s-${word[0]}`} role="status">{word[1]}</span> : null;
}
