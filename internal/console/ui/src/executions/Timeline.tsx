import { type ReactNode, useState } from 'react';
import type { StateModel } from '../graph/model';
import { formatCount, formatDuration } from '../parts/format';
import { Icon, typeIcon } from '../parts/Icon';
import { barsOf, ticks } from './bars';
import { type Progress, type StateProgress, statusOf } from './fold';

interface Props {
  states: { state: StateModel; depth: number }[];
  progress: Progress;
  from: number;
  to: number;
  selected: string;
  onSelect: (state: string) => void;
}

/** When the states ran, in the order of the definition; a row is a state with all its steps. */
export function Timeline({ states, progress, from, to, selected, onSelect }: Props): ReactNode {
  const [failedOnly, setFailedOnly] = useState(false);
  const rows = states.flatMap(({ state, depth }) => {
    const p = progress.states.get(state.name);
    return p && (!failedOnly || p.failed > 0 || p.steps.some((s) => s.error !== undefined)) ? [{ state, depth, p }] : [];
  });
  const axis = ticks(to - from);
  return (
    <section className="timeline" aria-label="Timeline">
      <header>
        <h2>Timeline</h2>
        <span className="dim">0 s – {formatDuration(to - from)}</span>
        <span className="grow" />
        <button type="button" className="button small toggle" aria-pressed={failedOnly} onClick={() => setFailedOnly(!failedOnly)}>Failed only</button>
      </header>
      <div className="axis" aria-hidden="true">
        <span>State</span>
        <div>{axis.map((t) => <i key={t} style={{ left: `${(100 * t) / (to - from)}%` }}>{axisLabel(t)}</i>)}</div>
      </div>
      <div className="rows" tabIndex={-1}>
        {rows.map(({ state, depth, p }) => (
          <Row key={state.name} state={state} depth={depth} p={p} from={from} to={to} chosen={selected === state.name} onSelect={onSelect} />
        ))}
        {rows.length === 0 && <p className="dim none">{failedOnly ? 'Nothing failed.' : 'No state was entered yet.'}</p>}
      </div>
    </section>
  );
}

const axisLabel = (ms: number): string => (ms === 0 ? '0 s' : formatDuration(ms).replace('.0 s', ' s').replace(' m 00 s', ' m').replace(' h 0 m', ' h'));

interface RowProps {
  state: StateModel;
  depth: number;
  p: StateProgress;
  from: number;
  to: number;
  chosen: boolean;
  onSelect: (state: string) => void;
}

function Row({ state, depth, p, from, to, chosen, onSelect }: RowProps): ReactNode {
  const last = p.steps.at(-1);
  const note = p.steps.length > 1 ? `${formatCount(p.steps.length)} runs` : last ? formatDuration((last.end ?? to) - last.start) : '';
  return (
    <button type="button" className="trow" aria-pressed={chosen} onClick={() => onSelect(state.name)}
      aria-label={`${state.name}, ${statusOf(p) ?? 'not started'}, ${note}`}>
      <span className="who" style={{ paddingLeft: 16 + 16 * depth }}>
        <i className={`t-${typeIcon(state.type)}`}><Icon name={typeIcon(state.type)} size={12} /></i>{state.name}
      </span>
      <span className="bars">
        {barsOf(p, from, to).map((b, i) => (
          <i key={i} className={`s-${b.tone}`} style={{ left: `min(${100 * b.from}%, 100% - 3px)`, width: `${100 * (b.to - b.from)}%` }} />
        ))}
      </span>
      <span className="note">{note}</span>
    </button>
  );
}
