import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { address } from '../api/client';
import type { History } from '../api/history';
import { useLoad } from '../api/load';
import type { EventDetail, EventRow } from '../api/types';
import { formatBytes, formatClock, formatCount, formatDuration, formatExact } from '../parts/format';
import { ErrorBand } from '../parts/ErrorBand';
import { Icon } from '../parts/Icon';
import { Json } from '../parts/Json';
import { useParam } from '../parts/navigation';
import { Problem, Skeleton } from '../parts/states';
import { VirtualRows } from '../parts/VirtualRows';
import { bad, matches, toneOf } from './events';

/** All events of a history, live, with one of them whole beside it. */
export function EventTable({ arn, history }: { arn: string; history: History }): ReactNode {
  const [query, setQuery] = useState('');
  const [failures, setFailures] = useState(false);
  const [chosen, setChosen] = useParam('event');
  const text = useDeferredValue(query.toLowerCase());
  const { events, progress, version } = history;
  const rows = useMemo(
    () => (text || failures ? events.filter((e) => (!failures || bad(e)) && matches(e, progress.stepOf.get(e.id)?.state ?? '', text)) : events),
    [events, progress, version, text, failures],
  );
  const selected = chosen ? rows.findIndex((e) => e.id === Number(chosen)) : -1;
  const row = (i: number): ReactNode => {
    const e = rows[i];
    return e ? <EventCells event={e} state={progress.stepOf.get(e.id)?.state ?? ''} from={progress.first} /> : null;
  };
  return (
    <div className="split">
      <div className="events">
        <div className="bar">
          <input type="search" className="field" placeholder="Filter by type, state or error" aria-label="Filter events" value={query} onChange={(e) => setQuery(e.target.value)} />
          <button type="button" className="button small toggle" aria-pressed={failures} onClick={() => setFailures(!failures)}>Failures only</button>
          <span className="grow" />
          <span className="dim" aria-live="polite">{rows.length === events.length ? '' : `${formatCount(rows.length)} of `}{formatCount(events.length)} events</span>
        </div>
        <VirtualRows count={rows.length} rowHeight={30} label="Events" follow={history.connection !== 'ended' && !text}
          head={<><span role="columnheader">Id</span><span role="columnheader">Time</span><span role="columnheader">After</span><span role="columnheader">Type</span><span role="columnheader">State</span><span role="columnheader">Details</span></>}
          row={row} selected={selected} onSelect={(i) => setChosen(String(rows[i]?.id ?? ''))} />
      </div>
      {chosen && <Event arn={arn} id={Number(chosen)} last={events.at(-1)?.id ?? 0} onClose={() => setChosen('')} />}
    </div>
  );
}

function EventCells({ event: e, state, from }: { event: EventRow; state: string; from: number }): ReactNode {
  const tone = toneOf(e);
  return (
    <>
      <span role="gridcell" className="num">{e.id}</span>
      <span role="gridcell" className="num" title={formatExact(e.time)}>{formatClock(e.time)}</span>
      <span role="gridcell" className="num dim">+{formatDuration(e.time - from)}</span>
      <span role="gridcell"><i className={`dot s-${tone}`} aria-hidden="true" />{e.type}</span>
      <span role="gridcell">{e.name ?? state}{e.index !== undefined && <span className="dim"> #{e.index}</span>}</span>
      <span role="gridcell" className="about">{e.error !== undefined ? <><b className="bad">{e.error}</b> {e.cause}</> : aboutOf(e)}</span>
    </>
  );
}

function aboutOf(e: EventRow): string {
  const parts = [e.resourceType ? `${e.resourceType} ${e.resource ?? ''}` : e.resource, e.length === undefined ? '' : `${formatCount(e.length)} items`, e.bytes ? formatBytes(e.bytes) : ''];
  return parts.filter(Boolean).join(' · ');
}

function Event({ arn, id, last, onClose }: { arn: string; id: number; last: number; onClose: () => void }): ReactNode {
  const [known] = useState(last); // a hint only: it must not load the event again
  const { data, error, reload } = useLoad<EventDetail>(address('execution/event', { arn, id, last: Math.max(known, id) }));
  return (
    <aside className="inspector" aria-label={`Event ${id}`}>
      <header className="inspector-head">
        <div><h2>{data?.type ?? 'Event'}</h2><p className="dim">Event {id}{data ? ` · after event ${data.previous}` : ''}</p></div>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="inspector-body">{error ? <Problem error={error} retry={reload} /> : data ? <EventFacts event={data} /> : <Skeleton rows={4} />}</div>
    </aside>
  );
}

function EventFacts({ event: e }: { event: EventDetail }): ReactNode {
  const facts: [string, ReactNode][] = [['Time', formatExact(e.time).replace('\n', ' · ')]];
  if (e.name) facts.push(['State', e.name]);
  if (e.resource) facts.push(['Resource', e.resource]);
  if (e.timeoutSeconds) facts.push(['Timeout', `${e.timeoutSeconds} s`]);
  if (e.heartbeatSeconds) facts.push(['Heartbeat', `${e.heartbeatSeconds} s`]);
  if (e.worker) facts.push(['Worker', e.worker]);
  if (e.role) facts.push(['Role', e.role]);
  if (e.location) facts.push(['Field', e.location]);
  return (
    <>
      <dl className="facts-list">{facts.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      {e.error !== undefined && <ErrorBand name={e.error} cause={e.cause} />}
      {e.payload !== null && <Json title={e.type.endsWith('Exited') || e.type.endsWith('Succeeded') ? 'Output' : e.type.endsWith('Scheduled') ? 'Parameters' : 'Input'} source={e.payload} />}
      {Object.entries(e.assigned ?? {}).map(([name, json]) => <Json key={name} title={`$${name}`} source={json} />)}
    </>
  );
}
