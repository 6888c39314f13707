import { type ReactNode, useMemo, useState } from 'react';
import { address } from '../api/client';
import { useLoad, usePages } from '../api/load';
import type { ExecutionRow, MachineDetail } from '../api/types';
import { ExecutionTable } from '../executions/ExecutionTable';
import { StatusFilter } from '../executions/StatusFilter';
import { Canvas } from '../graph/Canvas';
import { layout } from '../graph/layout';
import { allStates, parseDefinition } from '../graph/model';
import { formatDate, formatExact } from '../parts/format';
import { Icon } from '../parts/Icon';
import { CopyButton, Json } from '../parts/Json';
import { useParam } from '../parts/navigation';
import { Empty, Problem, Skeleton } from '../parts/states';
import { Tabs } from '../parts/Tabs';
import { StartDialog } from './StartDialog';

/** A state machine: its executions, and its definition as a graph and as text. */
export function Machine({ name }: { name: string }): ReactNode {
  const { data: machine, error, reload } = useLoad<MachineDetail>(address(`machines/${encodeURIComponent(name)}`));
  const [tab, setTab] = useParam('tab');
  const [starting, setStarting] = useState(false);
  if (error && !machine) return <main className="page"><Problem error={error} retry={reload} /></main>;
  const shown = tab || (machine?.type === 'EXPRESS' ? 'definition' : 'executions');
  return (
    <main className="page full">
      <header className="head">
        <div className="title-row">
          <h1>{name}</h1>
          {machine && <span className="chip">{machine.type === 'EXPRESS' ? 'Express' : 'Standard'}</span>}
          {machine?.deleting && <span className="chip s-warn">Being deleted</span>}
          {machine && <CopyButton text={machine.arn} label="Copy ARN" />}
          <span className="grow" />
          <button type="button" className="button primary" disabled={!machine || machine.deleting} onClick={() => setStarting(true)}><Icon name="play" size={14} />Start</button>
        </div>
        {machine?.updated != null && <p className="facts dim" title={formatExact(machine.updated)}>Changed {formatDate(machine.updated)}</p>}
        <Tabs label="Parts of the state machine" value={shown} onChange={setTab} tabs={[['executions', 'Executions'], ['definition', 'Definition']]} />
      </header>
      {!machine ? <Skeleton rows={6} /> : shown === 'definition' ? <Definition machine={machine} /> : <Runs machine={machine} />}
      {starting && machine && <StartDialog machine={name} type={machine.type} onClose={() => setStarting(false)} />}
    </main>
  );
}

function Runs({ machine }: { machine: MachineDetail }): ReactNode {
  const [status, setStatus] = useParam('status');
  const express = machine.type === 'EXPRESS';
  const url = address(`machines/${encodeURIComponent(machine.name)}/runs`, { status, limit: 50 });
  const { data, error, reload, more } = usePages<ExecutionRow>(express ? null : url, 2000);
  if (express) return <Empty>Executions of Express state machines are not kept. Start one to see what it answers.</Empty>;
  return (
    <div className="scroll padded">
      <section className="card">
        <header className="card-head"><h2>Executions</h2><span className="grow" /><StatusFilter value={status} onChange={setStatus} /></header>
        {error && !data ? <Problem error={error} retry={reload} /> : !data ? <Skeleton rows={8} />
          : data.length ? <ExecutionTable rows={data} /> : <Empty>{status ? 'No execution has this status.' : 'This state machine was not started yet.'}</Empty>}
        {more && <button type="button" className="button more" onClick={more}>Show more</button>}
      </section>
    </div>
  );
}

const none = new Set<string>();

function Definition({ machine }: { machine: MachineDetail }): ReactNode {
  const scope = useMemo(() => parseDefinition(machine.definition), [machine.definition]);
  const picture = useMemo(() => (scope ? layout(scope) : null), [scope]);
  const [selected, setSelected] = useParam('state');
  const state = scope && selected ? [...allStates(scope)].find((s) => s.state.name === selected)?.state : undefined;
  return (
    <div className="split">
      {picture
        ? <Canvas picture={picture} label={`Graph of ${machine.name}`} marks={null} taken={none} selected={selected} onSelect={setSelected} focus={scope?.start ?? ''} />
        : <Empty>The definition cannot be drawn.</Empty>}
      <aside className="inspector" aria-label="Definition">
        <div className="inspector-body">
          {state && <Json title={state.name} source={JSON.stringify(state.source)} />}
          <Json title="Definition" source={machine.definition} tall />
        </div>
      </aside>
    </div>
  );
}
