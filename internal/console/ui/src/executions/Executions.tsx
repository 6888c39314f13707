import type { ReactNode } from 'react';
import { address } from '../api/client';
import { useLoad } from '../api/load';
import type { ExecutionRow, Page } from '../api/types';
import { useParam } from '../parts/navigation';
import { Empty, Problem, Skeleton } from '../parts/states';
import { ExecutionTable } from './ExecutionTable';
import { StatusFilter } from './StatusFilter';

/** The newest executions of all state machines. */
export function Executions(): ReactNode {
  const [status, setStatus] = useParam('status');
  const { data, error, reload } = useLoad<Page<ExecutionRow>>(address('executions', { status, limit: 100 }), 3000);
  return (
    <main className="page">
      <header className="page-head">
        <h1>Executions</h1>
        <span className="dim">the newest 100 of all state machines</span>
        <span className="grow" />
        <StatusFilter value={status} onChange={setStatus} />
      </header>
      <section className="card">
        {error && !data ? <Problem error={error} retry={reload} /> : !data ? <Skeleton rows={8} />
          : data.items.length ? <ExecutionTable rows={data.items} machines />
            : <Empty>{status ? 'No execution has this status.' : 'No execution was started yet. Open a state machine to start one.'}</Empty>}
      </section>
    </main>
  );
}
