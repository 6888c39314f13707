import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { address, post, Refused } from '../api/client';
import type { ExecutionDetail, MachineRow } from '../api/types';
import { Dialog } from '../parts/Dialog';
import { formatBytes, formatDuration } from '../parts/format';
import { Icon } from '../parts/Icon';
import { indent } from '../parts/indent';
import { Json } from '../parts/Json';
import { navigate } from '../parts/navigation';
import { pathOf } from '../parts/route';
import { StatusPill } from '../parts/status';
import { inputProblem, nameProblem } from './input';

interface Props {
  machine: string;
  type: MachineRow['type'];
  input?: string;
  onClose: () => void;
}

interface Started {
  arn?: string;
  ended?: ExecutionDetail;
}

/** Starts an execution and opens it; an Express one is run here and shown. */
export function StartDialog({ machine, type, input = '{}', onClose }: Props): ReactNode {
  const [name, setName] = useState('');
  const [text, setText] = useState(() => indent(input));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refused | null>(null);
  const [ended, setEnded] = useState<ExecutionDetail | null>(null);
  const wrongInput = inputProblem(text);
  const wrongName = nameProblem(name);

  const start = async (): Promise<void> => {
    if (busy || wrongInput || wrongName) return;
    setBusy(true);
    setError(null);
    try {
      const started = await post<Started>(address(`machines/${encodeURIComponent(machine)}/run`), { name, input: text });
      if (started.ended) setEnded(started.ended);
      else if (started.arn) {
        onClose();
        navigate(pathOf(started.arn) ?? '');
      }
    } catch (e) {
      setError(e instanceof Refused ? e : new Refused(0, 'Error', String(e)));
    } finally {
      setBusy(false);
    }
  };
  const submitted = (e: FormEvent): void => {
    e.preventDefault();
    void start();
  };
  const pressed = (e: KeyboardEvent): void => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void start();
  };
  const tidy = (): void => setText(indent(text));

  return (
    <Dialog title={`Start ${machine}`} onClose={onClose}>
      <form onSubmit={submitted} onKeyDown={pressed}>
        <label htmlFor="start-name">Name <span className="dim">optional</span></label>
        <input id="start-name" className="field" value={name} onChange={(e) => setName(e.target.value)} placeholder="A UUID is given when this is empty"
          aria-invalid={wrongName !== ''} aria-describedby="start-name-help" autoComplete="off" spellCheck={false} />
        <p id="start-name-help" className="help bad" aria-live="polite">{wrongName}</p>
        <div className="label-row">
          <label htmlFor="start-input">Input</label>
          <button type="button" className="button small" onClick={tidy} disabled={wrongInput !== ''}>Format</button>
        </div>
        <textarea id="start-input" className="field code" rows={12} value={text} onChange={(e) => setText(e.target.value)} spellCheck={false}
          aria-invalid={wrongInput !== ''} aria-describedby="start-input-help" />
        <p id="start-input-help" className={`help ${wrongInput ? 'bad' : ''}`} aria-live="polite">
          {wrongInput || `Valid JSON, ${formatBytes(new Blob([text]).size)} of 256 KiB`}
        </p>
        {error && <p className="refusal" role="alert"><strong>{error.code}</strong> {error.message}</p>}
        {ended && <Outcome ended={ended} />}
        <footer>
          <span className="dim">Ctrl + Enter starts</span>
          <span className="grow" />
          <button type="button" className="button" onClick={onClose}>{ended ? 'Close' : 'Cancel'}</button>
          <button type="submit" className="button primary" disabled={busy || wrongInput !== '' || wrongName !== ''}>
            <Icon name="play" size={14} />{busy ? (type === 'EXPRESS' ? 'Running' : 'Starting') : ended ? 'Run again' : 'Start'}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Outcome({ ended }: { ended: ExecutionDetail }): ReactNode {
  return (
    <div className="outcome" aria-live="polite">
      <p><StatusPill status={ended.status} /> <span className="dim">in {formatDuration((ended.stop ?? ended.start) - ended.start)}; nothing is kept of an Express execution</span></p>
      {ended.error !== null && <p className="refusal"><strong>{ended.error}</strong> {ended.cause}</p>}
      {ended.output !== '' && <Json title="Output" source={ended.output} />}
    </div>
  );
}
