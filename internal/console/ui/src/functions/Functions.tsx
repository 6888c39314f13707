import type { ReactNode } from 'react';
import { address } from '../api/client';
import { useLoad, usePages } from '../api/load';
import type { FunctionRow, LogLine, Page } from '../api/types';
import { formatClock, formatCount, formatExact } from '../parts/format';
import { Link, useParam } from '../parts/navigation';
import { functionPath } from '../parts/route';
import { Empty, Problem, Skeleton } from '../parts/states';

/** The functions that run on this machine. */
export function Functions(): ReactNode {
  const { data, error, reload, more } = usePages<FunctionRow>(address('functions'), 3000);
  return (
    <main className="page">
      <header className="page-head"><h1>Functions</h1><span className="dim">local processes behind Lambda’s API</span></header>
      <section className="card">
        {error && !data ? <Problem error={error} retry={reload} /> : !data ? <Skeleton rows={6} />
          : data.length === 0 ? <Empty>There are no functions. Put each in a folder of its own under ./functions, or create them through Lambda’s API on this port.</Empty>
            : <FunctionTable rows={data} />}
        {more && <button type="button" className="button more" onClick={more}>Show more</button>}
      </section>
    </main>
  );
}

function FunctionTable({ rows }: { rows: FunctionRow[] }): ReactNode {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Name</th><th scope="col">Runtime</th><th scope="col">State</th><th scope="col" className="right">Processes</th>
          <th scope="col" className="right">Busy</th><th scope="col" className="right">Queued</th><th scope="col" className="right">Memory</th><th scope="col" className="right">Timeout</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((f) => (
          <tr key={f.arn}>
            <td className="name"><Link to={functionPath(f.name)}>{f.name}</Link></td>
            <td>{f.runtime || 'program'}</td>
            <td title={f.stateReason}>{f.state}</td>
            <td className="right">{formatCount(f.processes)}</td>
            <td className="right">{formatCount(f.processes - f.idle)}</td>
            <td className="right">{formatCount(f.waiting)}</td>
            <td className="right">{formatCount(f.memoryMB)} MB</td>
            <td className="right">{f.timeoutSeconds} s</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The newest lines of a function's log. */
export function FunctionLog({ name }: { name: string }): ReactNode {
  const { data, error, reload } = useLoad<Page<LogLine>>(address(`functions/${encodeURIComponent(name)}/log`, { limit: 500 }), 2000);
  const [query, setQuery] = useParam('q');
  const lines = data?.items.filter((l) => l.message.toLowerCase().includes(query.toLowerCase()));
  return (
    <main className="page full">
      <header className="page-head inset">
        <h1>{name}</h1><span className="dim">the newest 500 lines of its log</span><span className="grow" />
        <input type="search" className="field" placeholder="Filter lines" aria-label="Filter log lines" value={query} onChange={(e) => setQuery(e.target.value)} />
      </header>
      <div className="scroll padded">
        {error && !data ? <Problem error={error} retry={reload} /> : !lines ? <Skeleton rows={8} />
          : lines.length === 0 ? <Empty>{query ? 'No line has this text.' : 'The function has logged nothing.'}</Empty> : (
            <ol className="log" tabIndex={0} aria-label={`Log of ${name}`}>
              {lines.map((l, i) => {
                const at = new Date(l.time).getTime();
                return <li key={i}><time title={formatExact(at)}>{formatClock(at)}</time><span>{l.message}</span></li>;
              })}
            </ol>
          )}
      </div>
    </main>
  );
}
