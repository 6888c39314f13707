import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page } from './types';
import { get, Refused } from './client';

export interface Loaded<T> {
  data: T | null;
  error: Refused | null;
  reload: () => void;
}

const asRefused = (e: unknown): Refused => (e instanceof Refused ? e : new Refused(0, 'Error', String(e)));

/**
 * Loads a URL, null for nothing, and again every so many milliseconds while the
 * page is visible (0: once). Data stays on screen while newer is fetched.
 */
export function useLoad<T>(url: string | null, every = 0): Loaded<T> {
  const [state, setState] = useState<{ url: string | null; data: T | null; error: Refused | null }>({ url, data: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (url === null) return;
    const abort = new AbortController();
    let timer = 0;
    let first = true; // is loaded even for a page that was opened in the background
    const load = async (): Promise<void> => {
      if (first || !document.hidden) {
        first = false;
        try {
          const data = await get<T>(url, abort.signal);
          setState({ url, data, error: null });
        } catch (e) {
          if (abort.signal.aborted) return;
          setState((old) => ({ url, data: old.url === url ? old.data : null, error: asRefused(e) }));
        }
      }
      if (every && !abort.signal.aborted) timer = window.setTimeout(() => void load(), every);
    };
    void load();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [url, every, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const current = state.url === url;
  return { data: current ? state.data : null, error: current ? state.error : null, reload };
}

export interface Pages<T> extends Loaded<T[]> {
  more: (() => void) | null;
}

/** A list by pages; the first is loaded again every so often until more are. */
export function usePages<T>(url: string | null, every = 0): Pages<T> {
  const [rest, setRest] = useState<{ url: string | null; items: T[]; next: string } | null>(null);
  const extended = rest !== null && rest.url === url;
  const first = useLoad<Page<T>>(url, extended ? 0 : every);
  const busy = useRef(false);
  const [error, setError] = useState<Refused | null>(null);
  const next = extended ? rest.next : (first.data?.next ?? '');
  const held = extended ? rest.items : (first.data?.items ?? null);
  const more = async (): Promise<void> => {
    if (!url || busy.current) return;
    busy.current = true;
    try {
      const page = await get<Page<T>>(`${url}${url.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`);
      setRest({ url, items: [...(held ?? []), ...page.items], next: page.next });
    } catch (e) {
      setError(asRefused(e));
    } finally {
      busy.current = false;
    }
  };
  const reload = (): void => {
    setRest(null);
    setError(null);
    first.reload();
  };
  return { data: held, error: error ?? first.error, reload, more: next ? () => void more() : null };
}

/** The time, ticking every second while it matters. */
export function useNow(ticking = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
