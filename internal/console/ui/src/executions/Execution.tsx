import { type ReactNode, useEffect, useState } from 'react';
import { address } from '../api/client';
import { useHistory } from '../api/history';
import { useLoad, useNow } from '../api/load';
import type { ExecutionDetail, MachineDetail } from '../api/types';
import { StartDialog } from '../machines/StartDialog';
import { ErrorBand } from '../parts/ErrorBand';
import { formatCount, formatDate, formatDuration, formatExact } from '../parts/format';
import { Icon } from '../parts/Icon';
import { CopyButton, Json } from '../parts/Json';
import { Link, useParam } from '../parts/navigation';
import { pathOf } from '../parts/route';
import { LivePill } from '../parts/LivePill';
import { Problem, Skeleton } from '../parts/states';
import { StatusPill } from '../parts/status';
import { Tabs } from '../parts/Tabs';
import { EventTable } from './EventTable';
import { RedriveDialog, StopDialog } from './dialogs';
import { Steps } from './Steps';

/** An execution while it runs and afterwards. */
export function Execution({ arn }: { arn: string }): ReactNode {
  const express = arn.includes(':express:');
  const [over, setOver] = useState(false);
  // An Express execution has no history that could be followed: it is asked again.
  const loaded = useLoad<ExecutionDetail>(address('execution', { arn }), express && !over ? 1000 : 0);
  useEffect(() => setOver(loaded.data?.stop != null), [loaded.data]);
  const machine = useLoad<MachineDetail>(address('execution/definition', { arn }));
  const [round, setRound] = useState(0);
  const history = useHistory(express ? null : arn, round);
  const redriven = (): void => {
    setRound((n) => n + 1);
    loaded.reload();
  };
  const [tab, setTab] = useParam('tab');
  const x = history.ended ?? loaded.data;
  if (loaded.error && !x) return <main className="page"><Problem error={loaded.error} retry={loaded.reload} /></main>;
  if (!x) return <main className="page"><Skeleton rows={8} /></main>;
  const shown = tab || (express ? 'data' : 'steps');
  const tabs: [string, string, string?][] = [['data', 'Input & output']];
  if (!express) tabs.unshift(['steps', 'Steps']), tabs.push(['events', 'Events', formatCount(history.events.length)]);
  tabs.push(['definition', 'Definition']);
  return (
    <main className="page full">
      <Head x={x} machine={machine.data} events={express ? null : history.events.length} onRedriven={redriven} live={express ? null : <LivePill connection={history.connection} />} />
      <div className="head-tabs"><Tabs label="Parts of the execution" value={shown} onChange={setTab} tabs={tabs} /></div>
      {history.error && <Problem error={history.error} />}
      {shown === 'steps' && !express && <Steps x={x} machine={machine.data} error={machine.error} history={history} />}
      {shown === 'events' && !express && <EventTable arn={arn} history={history} />}
      {shown === 'data' && <Payloads x={x} express={express} />}
      {shown === 'definition' && (
        <div className="scroll padded">
          {machine.data ? <Json title="Definition that runs" source={machine.data.definition} tall /> : machine.error ? <Problem error={machine.error} /> : <Skeleton rows={8} />}
        </div>
      )}
    </main>
  );
}

interface HeadProps {
  x: ExecutionDetail;
  machine: MachineDetail | null;
  events: number | null;
  onRedriven: () => void;
  live: ReactNode;
}

function Head({ x, machine, events, onRedriven, live }: HeadProps): ReactNode {
  const now = useNow(x.stop === null);
  const [dialog, setDialog] = useState<'stop' | 'again' | 'redrive' | null>(null);
  const child = x.mapRunArn !== undefined;
  return (
    <header className="head untabbed">
      <div className="title-row">
        <h1>{x.name}</h1>
        <StatusPill status={x.status} />
        {live}
        <CopyButton text={x.arn} label="Copy ARN" />
        <span className="grow" />
        {x.status === 'RUNNING' && !x.express && <button type="button" className="button danger" onClick={() => setDialog('stop')}><Icon name="stop" size={13} />Stop</button>}
        {x.redrivable && <button type="button" className="button" onClick={() => setDialog('redrive')}><Icon name="redrive" size={15} />Redrive</button>}
        {!child && <button type="button" className="button primary" onClick={() => setDialog('again')}><Icon name="play" size={14} />New execution</button>}
      </div>
      <dl className="fact-row">
        <Fact label="Started"><span title={formatExact(x.start)}>{formatDate(x.start)}</span></Fact>
        <Fact label={x.stop === null ? 'Elapsed' : 'Duration'}>{formatDuration((x.stop ?? now) - x.start)}</Fact>
        {x.stop !== null && <Fact label="Ended"><span title={formatExact(x.stop)}>{formatDate(x.stop)}</span></Fact>}
        {events !== null && <Fact label="Events">{formatCount(events)} <span className="dim">of 25,000</span></Fact>}
        {x.mapRunArn && <Fact label="Map Run"><Link to={pathOf(x.mapRunArn) ?? ''}>{x.label}</Link></Fact>}
        {x.items ? <Fact label="Items">{formatCount(x.items)}</Fact> : null}
        {x.redrives ? <Fact label="Redrives">{x.redrives}</Fact> : null}
        {x.aliasArn && <Fact label="Alias">{x.aliasArn.split(':').pop()}</Fact>}
        {x.versionArn && <Fact label="Version">{x.versionArn.split(':').pop()}</Fact>}
      </dl>
      {x.error !== null && <ErrorBand name={x.error} cause={x.cause} />}
      {dialog === 'stop' && <StopDialog x={x} onClose={() => setDialog(null)} />}
      {dialog === 'redrive' && <RedriveDialog x={x} onDone={onRedriven} onClose={() => setDialog(null)} />}
      {dialog === 'again' && <StartDialog machine={x.machine} type={machine?.type ?? 'STANDARD'} input={x.input} onClose={() => setDialog(null)} />}
    </header>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}

function Payloads({ x, express }: { x: ExecutionDetail; express: boolean }): ReactNode {
  return (
    <div className="scroll padded">
      {express && <p className="hint">Express executions keep no history, so there are no steps to show.</p>}
      <div className="pair">
        <Json title="Input" source={x.input} tall />
        {x.output ? <Json title="Output" source={x.output} tall />
          : <section className="data"><header><h3>Output</h3></header><p className="dim">{x.status === 'RUNNING' ? 'The execution has not ended yet.' : 'There is none: the execution did not succeed.'}</p></section>}
      </div>
    </div>
  );
}
