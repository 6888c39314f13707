import { type KeyboardEvent, type ReactNode, useRef } from 'react';

interface Props {
  /** Names the row of tabs. */
  label: string;
  value: string;
  onChange: (tab: string) => void;
  tabs: readonly (readonly [key: string, label: string, count?: string])[];
}

/** A row of tabs; arrow keys go along it. */
export function Tabs({ label, value, onChange, tabs }: Props): ReactNode {
  const row = useRef<HTMLDivElement>(null);
  const pressed = (e: KeyboardEvent): void => {
    const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    const to = (tabs.findIndex(([key]) => key === value) + step + tabs.length) % tabs.length;
    const tab = tabs[to];
    if (tab) onChange(tab[0]);
    row.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={row} onKeyDown={pressed}>
      {tabs.map(([key, text, count]) => (
        <button key={key} type="button" role="tab" aria-selected={value === key} tabIndex={value === key ? 0 : -1} onClick={() => onChange(key)}>
          {text}{count !== undefined && <span className="count">{count}</span>}
        </button>
      ))}
    </div>
  );
}
