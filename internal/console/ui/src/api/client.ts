// Calls to the console's server.

const root = '/console/api/v1';

/** What the server refused, in its words. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

export function address(path: string, parameters: Record<string, string | number | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return `${root}/${path}${text ? `?${text}` : ''}`;
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const error = (body as { error?: { code?: string; message?: string } } | null)?.error;
  throw new Refused(response.status, error?.code ?? 'Error', error?.message ?? `The server answered ${response.status}.`);
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Refused(0, 'Offline', 'The server does not answer. Is pawl serve still running?');
  }
  return read<T>(response);
}

export const get = <T,>(url: string, signal?: AbortSignal): Promise<T> => request<T>(url, signal ? { signal } : {});

export const post = <T,>(url: string, body: unknown): Promise<T> =>
  request<T>(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
