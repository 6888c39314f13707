import type { ReactNode } from 'react';

const choices = [['', 'All'], ['RUNNING', 'Running'], ['SUCCEEDED', 'Succeeded'], ['FAILED', 'Failed'], ['TIMED_OUT', 'Timed out'], ['ABORTED', 'Aborted']] as const;

/** Chooses which executions are listed; '' is all. */
export function StatusFilter({ value, onChange }: { value: string; onChange: (status: string) => void }): ReactNode {
  return (
    <div className="segments" role="group" aria-label="Status">
      {choices.map(([status, label]) => (
        <button key={status} type="button" aria-pressed={value === status} onClick={() => onChange(status)}>{label}</button>
      ))}
    </div>
  );
}
