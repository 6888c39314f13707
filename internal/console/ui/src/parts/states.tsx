import type { ReactNode } from 'react';
import type { Refused } from '../api/client';

/** What a page shows in place of what could not be loaded. */
export function Problem({ error, retry }: { error: Refused; retry?: () => void }): ReactNode {
  return (
    <div className="problem" role="alert">
      <strong>{error.status === 404 ? 'Not found' : error.code === 'Offline' ? 'No connection' : 'This could not be loaded'}</strong>
      <p>{error.message}</p>
      {retry && <button type="button" className="button" onClick={retry}>Try again</button>}
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }): ReactNode {
  return <div className="empty">{children}</div>;
}

/** Grey lines where rows will be. */
export function Skeleton({ rows }: { rows: number }): ReactNode {
  return (
    <div className="skeleton" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => <div key={i} />)}
    </div>
  );
}
