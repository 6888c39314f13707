import { type ReactNode, useMemo } from 'react';
import type { Refused } from '../api/client';
import type { History } from '../api/history';
import { useNow } from '../api/load';
import type { ExecutionDetail, MachineDetail } from '../api/types';
import { Canvas } from '../graph/Canvas';
import { layout } from '../graph/layout';
import { allStates, parseDefinition } from '../graph/model';
import { useParam } from '../parts/navigation';
import { Empty, Problem, Skeleton } from '../parts/states';
import { Icon } from '../parts/Icon';
import { lookOf } from '../parts/status';
import { Inspector } from './Inspector';
import { marksOf } from './marks';
import type { StepStatus } from './fold';
import { Timeline } from './Timeline';

interface Props {
  x: ExecutionDetail;
  machine: MachineDetail | null;
  error: Refused | null;
  history: History;
}

/** The graph with what happened on it, the timeline below and one step beside them. */
export function Steps({ x, machine, error, history }: Props): ReactNode {
  const running = x.stop === null;
  const now = useNow(running);
  const [selected, setSelected] = useParam('state');
  const scope = useMemo(() => (machine ? parseDefinition(machine.definition) : null), [machine]);
  const picture = useMemo(() => (scope ? layout(scope) : null), [scope]);
  const states = useMemo(() => (scope ? [...allStates(scope)] : []), [scope]);
  const { progress, version } = history;
  // The last event says what time it is to an execution that has ended.
  const clock = running ? Math.max(now, progress.last) : (x.stop ?? progress.last);
  const marks = useMemo(() => marksOf(progress, clock), [progress, version, clock]);
  const focus = useMemo(() => selected || firstOf(marks, 'failed') || firstOf(marks, 'running') || scope?.start || '', [version > 0, scope]);
  const chosen = states.find(({ state }) => state.name === selected)?.state;
  if (error) return <Problem error={error} />;
  if (!machine) return <Skeleton rows={8} />;
  if (!picture) return <Empty>The definition cannot be drawn; the events tell what happened.</Empty>;
  return (
    <div className="split">
      <div className="stage">
        <Canvas picture={picture} label={`Graph of ${x.name}`} marks={marks} taken={progress.taken} selected={selected} onSelect={setSelected} focus={focus} />
        <Legend />
        <Timeline states={states} progress={progress} from={x.start} to={Math.max(clock, x.start + 1)} selected={selected} onSelect={setSelected} />
      </div>
      {chosen && (
        <Inspector key={chosen.name} arn={x.arn} state={chosen} progress={progress} now={clock} last={history.events.at(-1)?.id ?? 0}
          onClose={() => setSelected('')} />
      )}
    </div>
  );
}

function firstOf(marks: ReturnType<typeof marksOf>, status: StepStatus): string {
  for (const [name, mark] of marks) if (mark.status === status) return name;
  return '';
}

const legend: StepStatus[] = ['succeeded', 'running', 'waiting', 'caught', 'failed', 'aborted'];

function Legend(): ReactNode {
  return (
    <div className="legend" aria-label="What the colours say">
      {legend.map((status) => {
        const look = lookOf(status);
        return <span key={status} className={`s-${look.tone}`}><i><Icon name={look.icon} size={10} weight={3.2} /></i>{look.label}</span>;
      })}
      <span className="s-none"><i><Icon name="minus" size={10} weight={3.2} /></i>Not started</span>
    </div>
  );
}
