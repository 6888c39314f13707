import { type ReactNode, useState } from 'react';
import { address } from '../api/client';
import { useNow, usePages } from '../api/load';
import type { ExecutionRow, MachineRow } from '../api/types';
import { formatAgo, formatCount, formatDuration, formatExact, formatPercent } from '../parts/format';
import { Icon } from '../parts/Icon';
import { Link, useParam } from '../parts/navigation';
import { machinePath, pathOf } from '../parts/route';
import { Empty, Problem, Skeleton } from '../parts/states';
import { StatusPill } from '../parts/status';
import { RunBars } from './RunBars';
import { StartDialog } from './StartDialog';

/** All state machines and how their newest runs went. */
export function Overview(): ReactNode {
  const { data, error, reload, more } = usePages<MachineRow>(address('machines'), 3000);
  const [query, setQuery] = useParam('q');
  const [starting, setStarting] = useState<MachineRow | null>(null);
  const rows = data?.filter((m) => m.name.toLowerCase().includes(query.toLowerCase())) ?? null;
  return (
    <main className="page">
      <header className="page-head"><h1>Overview</h1></header>
      {data && data.length > 0 && <Figures machines={data} partial={more !== null} />}
      <section className="card">
        <header className="card-head">
          <h2>State machines</h2>
          {data && <span className="dim">{formatCount(data.length)}{more ? ' and more' : ''}</span>}
          <span className="grow" />
          <input type="search" className="field" placeholder="Filter by name" aria-label="Filter state machines by name" value={query}
            onChange={(e) => setQuery(e.target.value)} />
        </header>
        {error && !data ? <Problem error={error} retry={reload} /> : !rows ? <Skeleton rows={6} />
          : data?.length === 0 ? <FirstSteps />
            : rows.length === 0 ? <Empty>No state machine is named like “{query}”.</Empty>
              : <MachineTable rows={rows} onStart={setStarting} />}
        {more && <button type="button" className="button more" onClick={more}>Show more</button>}
      </section>
      {starting && <StartDialog machine={starting.name} type={starting.type} onClose={() => setStarting(null)} />}
    </main>
  );
}

/** Stopping an execution says nothing about whether it works. */
const judged = (x: ExecutionRow): boolean => x.status !== 'RUNNING' && x.status !== 'ABORTED';

const failed = (x: ExecutionRow): boolean => x.status === 'FAILED' || x.status === 'TIMED_OUT';

function Figures({ machines, partial }: { machines: MachineRow[]; partial: boolean }): ReactNode {
  const now = useNow();
  const recent = machines.flatMap((m) => m.recent ?? []);
  const over = recent.filter(judged);
  const bad = over.filter(failed);
  const running = machines.reduce((n, m) => n + m.running, 0);
  const newest = recent.reduce<ExecutionRow | null>((a, x) => (!a || x.start > a.start ? x : a), null);
  const worst = bad.reduce<ExecutionRow | null>((a, x) => (!a || x.start > a.start ? x : a), null);
  const busy = machines.filter((m) => m.running > 0).length;
  return (
    <div className="figures">
      <Figure label="Running now" value={formatCount(running) + (machines.some((m) => m.runningMore) || partial ? '+' : '')}
        note={busy === 1 ? 'in 1 state machine' : `in ${busy} state machines`} />
      <Figure label="Success rate" value={over.length ? formatPercent(over.filter((x) => x.status === 'SUCCEEDED').length, over.length) : '–'}
        note={`of the ${formatCount(over.length)} newest that were not stopped`} />
      <Figure label="Failed" value={formatCount(bad.length)} tone={bad.length ? 'bad' : ''}
        note={worst ? <>last <Link to={pathOf(worst.arn) ?? ''}>{formatAgo(worst.start, now)}</Link> in {worst.machine}</> : 'of the newest executions'} />
      <Figure label="Last start" value={newest ? formatAgo(newest.start, now) : '–'}
        note={newest ? <Link to={pathOf(newest.arn) ?? ''}>{newest.machine}</Link> : 'nothing was started yet'} />
    </div>
  );
}

function Figure({ label, value, note, tone = '' }: { label: string; value: string; note: ReactNode; tone?: string }): ReactNode {
  return (
    <div className={`card figure ${tone && `s-${tone}`}`}>
      <span className="label">{label}</span>
      <strong>{value}</strong>
      <span className="note">{note}</span>
    </div>
  );
}

function MachineTable({ rows, onStart }: { rows: MachineRow[]; onStart: (m: MachineRow) => void }): ReactNode {
  const now = useNow();
  return (
    <table className="table tall">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Newest runs</th>
          <th scope="col" className="right">Running</th>
          <th scope="col" className="right">Success</th>
          <th scope="col" className="right">Median</th>
          <th scope="col">Last run</th>
          <th scope="col"><span className="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>{rows.map((m) => <MachineLine key={m.arn} machine={m} now={now} onStart={onStart} />)}</tbody>
    </table>
  );
}

function MachineLine({ machine: m, now, onStart }: { machine: MachineRow; now: number; onStart: (m: MachineRow) => void }): ReactNode {
  const recent = m.recent ?? [];
  const over = recent.filter(judged);
  const good = over.filter((x) => x.status === 'SUCCEEDED');
  const times = over.map((x) => (x.stop ?? x.start) - x.start).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  const last = recent[0];
  return (
    <tr>
      <td className="name">
        <span className="badge" aria-hidden="true">{m.name.slice(0, 2).toUpperCase()}</span>
        <span className="stacked"><Link to={machinePath(m.name)}>{m.name}</Link><small>{m.type === 'EXPRESS' ? 'Express' : 'Standard'}</small></span>
      </td>
      {m.recent === null
        ? <td colSpan={5} className="dim">Express executions are not kept.</td>
        : (
          <>
            <td>{recent.length ? <RunBars runs={recent} now={now} /> : <span className="dim">none yet</span>}</td>
            <td className="right">{m.running ? <span className="count s-run">{formatCount(m.running)}{m.runningMore && '+'}</span> : <span className="dim">0</span>}</td>
            <td className={`right ${good.length < over.length ? 'bad' : ''}`}>{over.length ? formatPercent(good.length, over.length) : '–'}</td>
            <td className="right">{median === undefined ? '–' : formatDuration(median)}</td>
            <td>{last ? <Link to={pathOf(last.arn) ?? ''} className="last"><StatusPill status={last.status} /> <span className="dim" title={formatExact(last.start)}>{formatAgo(last.start, now)}</span></Link> : '–'}</td>
          </>
        )}
      <td className="right"><button type="button" className="button small" onClick={() => onStart(m)} aria-label={`Start ${m.name}`}><Icon name="play" size={13} />Start</button></td>
    </tr>
  );
}

function FirstSteps(): ReactNode {
  return (
    <Empty>
      <p>No state machine was created yet. Create one with the AWS CLI, an SDK or Terraform pointed at this server:</p>
      <pre className="json" tabIndex={0}>{`aws stepfunctions create-state-machine --name hello \\
  --endpoint-url ${location.origin} \\
  --role-arn arn:aws:iam::123456789012:role/any \\
  --definition '{"StartAt":"Hello","States":{"Hello":{"Type":"Pass","End":true}}}'`}</pre>
    </Empty>
  );
}
