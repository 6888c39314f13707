import { type ReactNode, useEffect, useState } from 'react';
import { address } from '../api/client';
import { useLoad, usePages } from '../api/load';
import type { Counts, ExecutionRow, MapRun } from '../api/types';
import { ExecutionTable } from '../executions/ExecutionTable';
import { StatusFilter } from '../executions/StatusFilter';
import { formatCount, formatDate, formatDuration, formatExact, formatPercent } from '../parts/format';
import { Icon } from '../parts/Icon';
import { CopyButton } from '../parts/Json';
import { Link, useParam } from '../parts/navigation';
import { pathOf } from '../parts/route';
import { Empty, Problem, Skeleton } from '../parts/states';
import { lookOf, StatusPill } from '../parts/status';
import type { StepStatus } from '../executions/fold';
import { addReading, rates, type Reading, remaining } from './rate';

/** A map run: how far it is, how fast it goes and what became of its items. */
export function MapRunPage({ arn }: { arn: string }): ReactNode {
  const [over, setOver] = useState(false);
  const { data: run, error, reload } = useLoad<MapRun>(address('map-run', { arn }), over ? 0 : 1000);
  const [readings, setReadings] = useState<Reading[]>([]);
  useEffect(() => {
    if (!run) return;
    setOver(run.stop !== null);
    setReadings((old) => addReading(old, { at: run.now, done: ended(run.items) }));
  }, [run]);
  if (error && !run) return <main className="page"><Problem error={error} retry={reload} /></main>;
  if (!run) return <main className="page"><Skeleton rows={8} /></main>;
  const label = /mapRun:[^/]+\/([^:]+):/.exec(arn)?.[1] ?? 'Map Run';
  return (
    <main className="page">
      <header className="page-head">
        <h1>{label}</h1>
        <StatusPill status={run.status} />
        <CopyButton text={run.arn} label="Copy ARN" />
        <span className="dim" title={formatExact(run.start)}>started {formatDate(run.start)}</span>
        <span className="grow" />
        <Link to={pathOf(run.executionArn) ?? ''} className="button">Open its execution</Link>
      </header>
      <Bar run={run} readings={readings} />
      <div className="figures two">
        <Throughput run={run} readings={readings} />
        <Limits run={run} />
      </div>
      <Children arn={arn} counts={run.executions} live={!over} />
    </main>
  );
}

const ended = (c: Counts): number => c.succeeded + c.failed + c.timedOut + c.aborted;

const shares: [keyof Counts, StepStatus][] = [['succeeded', 'succeeded'], ['failed', 'failed'], ['timedOut', 'timedOut'], ['aborted', 'aborted'], ['running', 'running']];

function Bar({ run, readings }: { run: MapRun; readings: Reading[] }): ReactNode {
  const c = run.items;
  const left = run.stop === null ? remaining(readings, c.total - ended(c)) : null;
  return (
    <section className="card progress" aria-label="Progress">
      <div className="progress-head">
        <strong>{formatPercent(ended(c), c.total)}</strong>
        <span className="dim">{formatCount(ended(c))} of {formatCount(c.total)} items</span>
        <span className="grow" />
        <span className="dim">{run.stop !== null ? <>took <b>{formatDuration(run.stop - run.start)}</b></> : left === null ? 'no estimate yet' : <>about <b>{formatDuration(left)}</b> left</>}</span>
      </div>
      <div className="stack" role="progressbar" aria-label="Items that ended" aria-valuemin={0} aria-valuemax={c.total} aria-valuenow={ended(c)}>
        {shares.map(([key, status]) => c[key] > 0 && (
          <i key={key} className={`s-${lookOf(status).tone}`} style={{ width: `max(3px, ${(100 * c[key]) / Math.max(1, c.total)}%)` }} />
        ))}
      </div>
      <div className="legend counts">
        {shares.map(([key, status]) => (
          <span key={key} className={`s-${lookOf(status).tone}`}><i><Icon name={lookOf(status).icon} size={10} weight={3.2} /></i>{lookOf(status).label} <b>{formatCount(c[key])}</b></span>
        ))}
        <span className="s-none"><i><Icon name="minus" size={10} weight={3.2} /></i>Pending <b>{formatCount(c.pending)}</b></span>
        <span className="grow" />
        <span>Results written <b>{formatCount(c.resultsWritten)}</b></span>
      </div>
    </section>
  );
}

function Throughput({ run, readings }: { run: MapRun; readings: Reading[] }): ReactNode {
  const done = ended(run.items);
  const mean = (1000 * done) / Math.max(1, (run.stop ?? run.now) - run.start);
  const speeds = rates(readings);
  const top = Math.max(1, ...speeds);
  const points = speeds.map((r, i) => `${((i + 1) * 400) / Math.max(1, speeds.length)},${58 - (54 * r) / top}`);
  return (
    <section className="card figure">
      <span className="label">Throughput</span>
      <strong>{formatCount(Math.round(run.stop === null && speeds.length ? (speeds.at(-1) ?? 0) : mean))} <small>items/s {run.stop === null ? 'now' : 'on average'}</small></strong>
      {run.stop === null && <span className="note">{formatCount(Math.round(mean))} items/s on average since its start</span>}
      {speeds.length > 2 && (
        <svg className="spark s-ok" viewBox="0 0 400 60" preserveAspectRatio="none" role="img" aria-label={`Items per second since this page was opened, at most ${Math.round(top)}`}>
          <polygon points={`${400 / speeds.length},60 ${points.join(' ')} 400,60`} />
          <polyline points={points.join(' ')} />
        </svg>
      )}
      {speeds.length > 2 && <span className="note">since this page was opened; top {formatCount(Math.round(top))} items/s</span>}
    </section>
  );
}

function Limits({ run }: { run: MapRun }): ReactNode {
  const c = run.items;
  const bad = c.failed + c.timedOut;
  const tolerated = run.toleratedFailureCount > 0 ? `${formatCount(run.toleratedFailureCount)} items`
    : run.toleratedFailurePercentage > 0 ? `${run.toleratedFailurePercentage}% of the items` : 'none';
  return (
    <section className="card figure">
      <span className="label">Limits</span>
      <dl className="facts-list">
        <div><dt>Concurrency</dt><dd>{run.maxConcurrency ? formatCount(run.maxConcurrency) : 'no limit of its own'} <span className="dim">· {formatCount(run.executions.running)} running</span></dd></div>
        <div><dt>Tolerated failures</dt><dd>{tolerated} <span className="dim">· {formatCount(bad)} failed ({formatPercent(bad, c.total)})</span></dd></div>
        <div><dt>Child executions</dt><dd>{formatCount(run.executions.total)} <span className="dim">for {formatCount(c.total)} items</span></dd></div>
        {run.redrives > 0 && <div><dt>Redrives</dt><dd>{run.redrives}</dd></div>}
      </dl>
    </section>
  );
}

function Children({ arn, counts, live }: { arn: string; counts: Counts; live: boolean }): ReactNode {
  const [status, setStatus] = useParam('status');
  const { data, error, reload, more } = usePages<ExecutionRow>(address('map-run/executions', { arn, status, limit: 50 }), live ? 2000 : 0);
  return (
    <section className="card">
      <header className="card-head"><h2>Child executions</h2><span className="dim">{formatCount(counts.total)}</span><span className="grow" /><StatusFilter value={status} onChange={setStatus} /></header>
      {error && !data ? <Problem error={error} retry={reload} /> : !data ? <Skeleton rows={8} />
        : data.length ? <ExecutionTable rows={data} /> : <Empty>{status ? 'No child execution has this status.' : 'No child execution was started yet.'}</Empty>}
      {more && <button type="button" className="button more" onClick={more}>Show more</button>}
    </section>
  );
}
