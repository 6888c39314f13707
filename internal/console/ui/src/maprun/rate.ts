// How fast a map run goes, from readings taken while the page is open.

export interface Reading {
  at: number;
  done: number;
}

const kept = 120;

export function addReading(readings: Reading[], next: Reading): Reading[] {
  const last = readings.at(-1);
  if (last && next.at <= last.at) return readings;
  return [...readings, next].slice(-kept);
}

/** Items a second between neighbouring readings. */
export function rates(readings: Reading[]): number[] {
  return readings.slice(1).map((r, i) => {
    const before = readings[i] ?? r;
    return r.at > before.at ? (1000 * Math.max(0, r.done - before.done)) / (r.at - before.at) : 0;
  });
}

/** Milliseconds that are left at the pace of the last readings, null while that says nothing. */
export function remaining(readings: Reading[], left: number): number | null {
  const recent = readings.slice(-30);
  const first = recent[0];
  const last = recent.at(-1);
  if (!first || !last || recent.length < 3 || last.done <= first.done) return null;
  return (left * (last.at - first.at)) / (last.done - first.done);
}
