import { type ReactNode, useState } from 'react';
import { address } from '../api/client';
import { useLoad } from '../api/load';
import type { EventDetail } from '../api/types';
import type { StateModel } from '../graph/model';
import { formatClock, formatCount, formatDuration, formatExact } from '../parts/format';
import { ErrorBand } from '../parts/ErrorBand';
import { Icon, typeIcon } from '../parts/Icon';
import { Json } from '../parts/Json';
import { Link, useParam } from '../parts/navigation';
import { pathOf } from '../parts/route';
import { Problem, Skeleton } from '../parts/states';
import { lookOf, StatusPill } from '../parts/status';
import { Tabs } from '../parts/Tabs';
import type { Attempt, Progress, Step } from './fold';

interface Props {
  arn: string;
  state: StateModel;
  progress: Progress;
  now: number;
  /** The newest event there is. */
  last: number;
  onClose: () => void;
}

/** One step of a state: what went in, what came out, and what was tried. */
export function Inspector({ arn, state, progress, now, last, onClose }: Props): ReactNode {
  const steps = progress.states.get(state.name)?.steps ?? [];
  const [visit, setVisit] = useParam('step');
  const [tab, setTab] = useState('');
  const chosen = visit ? steps.findIndex((s) => s.id === Number(visit)) : -1;
  const index = chosen >= 0 ? chosen : steps.length - 1;
  const step = steps[index];
  const choose = (i: number): void => setVisit(String(steps[i]?.id ?? ''));
  const shown = tab || (step?.error !== undefined && step.attempts.length > 0 ? 'attempts' : 'data');
  const tabs: [string, string, string?][] = [['data', 'Data']];
  if (step && step.attempts.length > 0) tabs.push(['attempts', 'Attempts', String(step.attempts.length)]);
  tabs.push(['definition', 'Definition']);
  return (
    <aside className="inspector" aria-label={`State ${state.name}`}>
      <header className="inspector-head">
        <span className={`tile t-${typeIcon(state.type)}`}><Icon name={typeIcon(state.type)} size={18} /></span>
        <div><h2>{state.name}</h2><p className="dim">{state.type}{state.subtitle !== state.type && ` · ${state.subtitle}`}</p></div>
        {step && <StatusPill status={step.status} />}
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}><Icon name="close" /></button>
      </header>
      {steps.length > 1 && <Picker steps={steps} index={index} onChoose={choose} />}
      <Tabs label={`Parts of ${state.name}`} value={shown} onChange={setTab} tabs={tabs} />
      <div className="inspector-body">
        {!step ? shown !== 'definition' && <p className="dim">The execution has not come to this state.</p> : (
          <>
            {step.error !== undefined && shown === 'data' && <ErrorBand name={step.error} cause={step.cause} />}
            {shown === 'data' && <Data key={step.id} arn={arn} step={step} now={now} last={last} />}
            {shown === 'attempts' && <Attempts step={step} now={now} />}
          </>
        )}
        {shown === 'definition' && <Json title="This state" source={JSON.stringify(state.source)} tall />}
      </div>
    </aside>
  );
}

function Picker({ steps, index, onChoose }: { steps: Step[]; index: number; onChoose: (i: number) => void }): ReactNode {
  const step = steps[index];
  const failed = (from: number): number => {
    const after = steps.findIndex((s, i) => i > from && s.error !== undefined);
    return after >= 0 ? after : steps.findIndex((s) => s.error !== undefined);
  };
  const next = failed(index);
  return (
    <div className="picker">
      <button type="button" className="icon-button" aria-label="Earlier run" disabled={index <= 0} onClick={() => onChoose(index - 1)}><Icon name="left" /></button>
      <label>Run <input className="field" type="number" min={1} max={steps.length} value={index + 1}
        onChange={(e) => onChoose(Math.max(0, Math.min(steps.length - 1, Number(e.target.value) - 1)))} /> of {formatCount(steps.length)}</label>
      <button type="button" className="icon-button" aria-label="Later run" disabled={index >= steps.length - 1} onClick={() => onChoose(index + 1)}><Icon name="right" /></button>
      {step && step.iteration.length > 0 && <span className="chip">Iteration #{step.iteration.join(' / #')}</span>}
      <span className="grow" />
      {next >= 0 && <button type="button" className="button small" onClick={() => onChoose(next)}>Next with an error</button>}
    </div>
  );
}

function Data({ arn, step, now, last }: { arn: string; step: Step; now: number; last: number }): ReactNode {
  const [known] = useState(Math.max(last, step.exit ?? 0));
  const input = useLoad<EventDetail>(address('execution/event', { arn, id: step.id, last: known }));
  const output = useLoad<EventDetail>(step.exit === null ? null : address('execution/event', { arn, id: step.exit, last: Math.max(known, step.exit) }));
  return (
    <>
      <dl className="facts-list">
        <div><dt>Started</dt><dd title={formatExact(step.start)}>{formatClock(step.start)}</dd></div>
        <div><dt>{step.end === null ? 'Since' : 'Took'}</dt><dd>{formatDuration((step.end ?? now) - step.start)}</dd></div>
        {step.items !== null && <div><dt>Items</dt><dd>{formatCount(step.done + step.broken)} of {formatCount(step.items)}{step.broken > 0 && `, ${formatCount(step.broken)} not succeeded`}</dd></div>}
        {step.mapRun && <div><dt>Map Run</dt><dd><Link to={pathOf(step.mapRun) ?? ''}>Open its items</Link></dd></div>}
      </dl>
      {input.error ? <Problem error={input.error} retry={input.reload} /> : !input.data ? <Skeleton rows={3} />
        : input.data.payload !== null && <Json title="Input" source={input.data.payload} />}
      {step.exit !== null && (output.error ? <Problem error={output.error} retry={output.reload} /> : !output.data ? <Skeleton rows={3} /> : (
        <>
          {output.data.payload !== null && <Json title="Output" source={output.data.payload} />}
          {Object.entries(output.data.assigned ?? {}).map(([name, json]) => <Json key={name} title={`Variable ${name}`} source={json} />)}
        </>
      ))}
      {step.exit === null && step.end === null && <p className="dim">The output comes when the step has ended.</p>}
    </>
  );
}

function Attempts({ step, now }: { step: Step; now: number }): ReactNode {
  return (
    <ol className="attempts">
      {step.attempts.map((a, i) => <AttemptLine key={i} attempt={a} number={i + 1} wait={waitBefore(step.attempts, i)} now={now} />)}
    </ol>
  );
}

function waitBefore(attempts: Attempt[], i: number): number | null {
  const before = attempts[i - 1]?.end;
  const here = attempts[i]?.start;
  return before != null && here !== undefined ? here - before : null;
}

function AttemptLine({ attempt: a, number, wait, now }: { attempt: Attempt; number: number; wait: number | null; now: number }): ReactNode {
  const look = lookOf(a.status);
  return (
    <li className={`s-${look.tone}`}>
      <i className="mark"><Icon name={look.icon} size={12} weight={3} className={a.status === 'running' && a.end === null ? 'spin' : ''} /></i>
      <div><strong>Attempt {number}</strong> {a.error ? <span className="bad">{a.error}</span> : <span className="dim">{look.label}</span>}{a.cause && <p className="dim">{a.cause}</p>}</div>
      <span className="num dim">{formatDuration((a.end ?? now) - a.start)}{wait !== null && ` · after ${formatDuration(wait)}`}</span>
    </li>
  );
}
