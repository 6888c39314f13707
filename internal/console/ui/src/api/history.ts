import { useEffect, useState } from 'react';
import { Progress } from '../executions/fold';
import { address, Refused } from './client';
import type { EventRow, ExecutionDetail } from './types';

export type Connection = 'loading' | 'live' | 'lost' | 'ended' | 'failed';

/** An execution's history as far as it has come. */
export interface History {
  events: EventRow[];
  progress: Progress;
  /** Changes with every batch; events and progress are changed in place. */
  version: number;
  connection: Connection;
  ended: ExecutionDetail | null;
  error: Refused | null;
}

const empty = (): History => ({ events: [], progress: new Progress(), version: 0, connection: 'loading', ended: null, error: null });

/** Follows an execution's history, again in every round; null follows nothing. */
export function useHistory(arn: string | null, round: number): History {
  const [history, setHistory] = useState(empty);
  useEffect(() => {
    setHistory(empty());
    if (arn === null) return;
    return follow(arn, setHistory);
  }, [arn, round]);
  return history;
}

function follow(arn: string, show: (h: History) => void): () => void {
  const history = empty();
  let frame = 0;
  let pending: EventRow[] = [];
  // All that arrives between two frames is one change of the page.
  const change = (apply: () => void): void => {
    apply();
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const fresh = pending.filter((e) => e.id > (history.events.at(-1)?.id ?? 0));
      pending = [];
      history.events.push(...fresh);
      history.progress.add(fresh);
      history.version++;
      show({ ...history });
    });
  };
  const source = new EventSource(address('execution/stream', { arn }));
  const data = <T,>(e: Event): T => JSON.parse((e as MessageEvent<string>).data) as T;
  source.addEventListener('open', () => change(() => (history.connection = 'live')));
  source.addEventListener('events', (e) => change(() => pending.push(...data<{ events: EventRow[] }>(e).events)));
  source.addEventListener('end', (e) => {
    source.close();
    change(() => {
      history.ended = data<ExecutionDetail>(e);
      history.connection = 'ended';
    });
  });
  source.addEventListener('failed', (e) => {
    source.close();
    const { code, message } = data<{ code: string; message: string }>(e);
    change(() => Object.assign(history, { connection: 'failed', error: new Refused(0, code, message) }));
  });
  // The browser comes back by itself and says which event it has.
  source.addEventListener('error', () => change(() => (history.connection = source.readyState === EventSource.CLOSED ? 'failed' : 'lost')));
  return () => {
    source.close();
    cancelAnimationFrame(frame);
  };
}
