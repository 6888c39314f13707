import type { ReactNode } from 'react';
import { useNow } from '../api/load';
import type { ExecutionRow } from '../api/types';
import { formatAgo, formatDuration, formatExact } from '../parts/format';
import { Link } from '../parts/navigation';
import { machinePath, pathOf } from '../parts/route';
import { StatusPill } from '../parts/status';

/** Executions, newest first. */
export function ExecutionTable({ rows, machines }: { rows: ExecutionRow[]; machines?: boolean }): ReactNode {
  const now = useNow();
  const longest = Math.max(1, ...rows.map((x) => (x.stop ?? now) - x.start));
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          {machines && <th scope="col">State machine</th>}
          <th scope="col">Status</th>
          <th scope="col">Started</th>
          <th scope="col" className="right">Duration</th>
          <th scope="col" className="wide"><span className="hidden">Duration compared</span></th>
        </tr>
      </thead>
      <tbody>
        {rows.map((x) => {
          const took = (x.stop ?? now) - x.start;
          return (
            <tr key={x.arn}>
              <td className="name"><Link to={pathOf(x.arn) ?? ''}>{x.name}</Link></td>
              {machines && <td><Link to={machinePath(x.machine)} className="quiet">{x.machine}</Link></td>}
              <td><StatusPill status={x.status} /></td>
              <td title={formatExact(x.start)}>{formatAgo(x.start, now)}</td>
              <td className="right">{formatDuration(took)}</td>
              <td className="wide"><Share part={took / longest} running={x.stop === null} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Share({ part, running }: { part: number; running: boolean }): ReactNode {
  return (
    <svg className={`share ${running ? 's-run' : ''}`} width="100%" height="6" aria-hidden="true">
      <rect width="100%" height="6" rx="3" className="track" />
      <rect width={`${Math.max(1.5, 100 * Math.min(1, part))}%`} height="6" rx="3" className="fill" />
    </svg>
  );
}
