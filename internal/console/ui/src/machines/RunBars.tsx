import type { ReactNode } from 'react';
import type { ExecutionRow } from '../api/types';
import { formatDuration } from '../parts/format';
import { lookOf } from '../parts/status';

const slots = 30;
const height = 26;

/** The newest runs as bars, the newest at the right; heights are durations on a square-root scale. */
export function RunBars({ runs, now }: { runs: ExecutionRow[]; now: number }): ReactNode {
  const took = (x: ExecutionRow): number => (x.stop ?? now) - x.start;
  const longest = Math.max(1, ...runs.map(took));
  const failed = runs.filter((x) => x.status === 'FAILED' || x.status === 'TIMED_OUT').length;
  return (
    <svg className="runs" width={slots * 6} height={height} role="img" aria-label={`${runs.length} newest runs, ${failed} of them failed`}>
      {runs.map((x, i) => {
        const size = 4 + (height - 4) * Math.sqrt(took(x) / longest);
        const look = lookOf(x.status);
        return (
          <rect key={x.arn} className={`s-${look.tone}`} x={(slots - 1 - i) * 6} y={height - size} width={4} height={size} rx={1.5}>
            <title>{`${x.name} · ${look.label} · ${formatDuration(took(x))}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
