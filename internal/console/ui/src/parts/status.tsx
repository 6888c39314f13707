import type { ReactNode } from 'react';
import type { Status } from '../api/types';
import type { StepStatus } from '../executions/fold';
import { Icon, type IconName } from './Icon';

/** A status as it looks: one word for colours (s-…), an icon and its name. */
export interface Look {
  tone: 'run' | 'ok' | 'bad' | 'late' | 'warn' | 'wait' | 'stop';
  icon: IconName;
  label: string;
}

const looks: Record<StepStatus, Look> = {
  running: { tone: 'run', icon: 'ring', label: 'Running' },
  waiting: { tone: 'wait', icon: 'hourglass', label: 'Waiting' },
  retrying: { tone: 'warn', icon: 'triangle', label: 'Retrying' },
  succeeded: { tone: 'ok', icon: 'tick', label: 'Succeeded' },
  caught: { tone: 'warn', icon: 'triangle', label: 'Caught error' },
  failed: { tone: 'bad', icon: 'cross', label: 'Failed' },
  timedOut: { tone: 'late', icon: 'clock', label: 'Timed out' },
  aborted: { tone: 'stop', icon: 'barred', label: 'Aborted' },
};

const statuses: Record<Status, StepStatus> = {
  RUNNING: 'running', SUCCEEDED: 'succeeded', FAILED: 'failed', TIMED_OUT: 'timedOut', ABORTED: 'aborted',
};

export const lookOf = (status: Status | StepStatus): Look => looks[status in statuses ? statuses[status as Status] : (status as StepStatus)];

export function StatusPill({ status }: { status: Status | StepStatus }): ReactNode {
  const look = lookOf(status);
  return (
    <span className={`pill s-${look.tone}`}>
      <Icon name={look.icon} size={13} weight={2.6} className={look.tone === 'run' ? 'spin' : ''} />
      {look.label}
    </span>
  );
}
