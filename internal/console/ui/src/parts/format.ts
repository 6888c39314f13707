// How times, sizes and numbers are written.

const count = new Intl.NumberFormat('en-US');

export const formatCount = (n: number): string => count.format(n);

/** 412 ms, 18.4 s, 4 m 12 s, 3 h 12 m, 2 d 4 h. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time of day to the millisecond. */
export const formatClock = (ms: number): string => `${clock.format(ms)}.${String(ms % 1000).padStart(3, '0')}`;

/** 20 Nov 2026, 18:02:11. */
export const formatDate = (ms: number): string => `${day.format(ms)}, ${clock.format(ms)}`;

/** For a tooltip: with the zone, and in UTC. */
export const formatExact = (ms: number): string => `${formatDate(ms)} ${zone}\n${new Date(ms).toISOString()}`;

/** How long ago a time is. */
export function formatAgo(ms: number, now: number): string {
  const ago = now - ms;
  if (ago < 5000) return 'just now';
  if (ago < 60_000) return `${Math.floor(ago / 1000)} s ago`;
  if (ago < 3_600_000) return `${Math.floor(ago / 60_000)} m ago`;
  if (ago < 86_400_000) return `${Math.floor(ago / 3_600_000)} h ago`;
  return `${Math.floor(ago / 86_400_000)} d ago`;
}

export function formatBytes(n: number): string {
  if (n < 1024) return `${n} B`;
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(1)} KiB`;
  return `${(n / 1024 / 1024).toFixed(1)} MiB`;
}

export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return '0%';
  const percent = (100 * part) / whole;
  return `${percent === 100 || percent === 0 ? percent : percent.toFixed(1)}%`;
}
