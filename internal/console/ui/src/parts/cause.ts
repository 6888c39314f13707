// What a cause says. Functions send theirs as JSON.

export interface Cause {
  message: string;
  /** Where the function failed, line by line; '' when it does not say. */
  trace: string;
}

export function readCause(cause: string): Cause {
  if (!cause.startsWith('{')) return { message: cause, trace: '' };
  try {
    const thrown = JSON.parse(cause) as { errorMessage?: unknown; stackTrace?: unknown };
    if (typeof thrown.errorMessage !== 'string') return { message: JSON.stringify(thrown, null, 2), trace: '' };
    const trace = Array.isArray(thrown.stackTrace) ? thrown.stackTrace.map(String).join('\n') : '';
    return { message: thrown.errorMessage, trace };
  } catch {
    return { message: cause, trace: '' };
  }
}
