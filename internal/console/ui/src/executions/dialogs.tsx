import { type ReactNode, useState } from 'react';
import { address, post, Refused } from '../api/client';
import type { ExecutionDetail } from '../api/types';
import { Dialog } from '../parts/Dialog';
import { Icon, type IconName } from '../parts/Icon';

interface Props {
  x: ExecutionDetail;
  onClose: () => void;
}

/** Asks before an execution is aborted. */
export function StopDialog({ x, onClose }: Props): ReactNode {
  const [cause, setCause] = useState('');
  return (
    <Dialog title={`Stop ${x.name}`} onClose={onClose}>
      <p>Running tasks are told to stop; work already done stays done. A stopped execution can be redriven.</p>
      <label htmlFor="stop-cause">Cause <span className="dim">optional, shown with the execution</span></label>
      <input id="stop-cause" className="field" value={cause} onChange={(e) => setCause(e.target.value)} />
      <Confirm label="Stop execution" icon="stop" tone="danger" onClose={onClose} act={() => post(address('execution/stop', { arn: x.arn }), cause ? { cause } : {})} />
    </Dialog>
  );
}

/** Asks before an execution goes on where it failed. */
export function RedriveDialog({ x, onDone, onClose }: Props & { onDone: () => void }): ReactNode {
  const redrive = async (): Promise<void> => {
    await post(address('execution/redrive', { arn: x.arn }), {});
    onDone();
  };
  return (
    <Dialog title={`Redrive ${x.name}`} onClose={onClose}>
      <p>The execution goes on where it failed, with the same definition and the same input. States that succeeded keep their results and do not run again.</p>
      <Confirm label="Redrive execution" icon="redrive" tone="primary" onClose={onClose} act={redrive} />
    </Dialog>
  );
}

interface ConfirmProps {
  label: string;
  icon: IconName;
  tone: 'danger' | 'primary';
  act: () => Promise<unknown>;
  onClose: () => void;
}

function Confirm({ label, icon, tone, act, onClose }: ConfirmProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refused | null>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await act();
      onClose();
    } catch (e) {
      setError(e instanceof Refused ? e : new Refused(0, 'Error', String(e)));
      setBusy(false);
    }
  };
  return (
    <>
      {error && <p className="refusal" role="alert"><strong>{error.code}</strong> {error.message}</p>}
      <footer>
        <span className="grow" />
        <button type="button" className="button" onClick={onClose}>Cancel</button>
        <button type="button" className={`button ${tone}`} disabled={busy} onClick={() => void confirm()}><Icon name={icon} size={14} />{label}</button>
      </footer>
    </>
  );
}
