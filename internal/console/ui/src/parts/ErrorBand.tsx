import type { ReactNode } from 'react';
import { readCause } from './cause';
import { Icon } from './Icon';

/** Why something failed: loud, and all of it. */
export function ErrorBand({ name, cause }: { name: string; cause: string | null | undefined }): ReactNode {
  const { message, trace } = readCause(cause ?? '');
  return (
    <div className="error-band s-bad">
      <Icon name="cross" size={16} weight={2.6} />
      <div>
        <strong>{name || 'Error'}</strong>
        {message && <p>{message}</p>}
        {trace && <details><summary>Stack trace</summary><pre tabIndex={0}>{trace}</pre></details>}
      </div>
    </div>
  );
}
