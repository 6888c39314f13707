// Every view has an address. The address is the only state of navigation.

export type Route =
  | { page: 'overview' }
  | { page: 'machine'; name: string }
  | { page: 'executions' }
  | { page: 'execution'; arnTail: string }
  | { page: 'mapRun'; arnTail: string }
  | { page: 'functions' }
  | { page: 'function'; name: string }
  | { page: 'unknown' };

export const base = '/console';

/** Reads a path under base. */
export function readRoute(path: string): Route {
  const parts = path.replace(base, '').split('/').filter(Boolean).map(decode);
  const [first, second, third, fourth] = parts;
  if (first === undefined) return { page: 'overview' };
  switch (`${first} ${parts.length}`) {
    case 'machines 1': return { page: 'overview' };
    case 'machines 2': return { page: 'machine', name: second ?? '' };
    case 'executions 1': return { page: 'executions' };
    case 'executions 3': return { page: 'execution', arnTail: `execution:${second}:${third}` };
    case 'executions 4': return { page: 'execution', arnTail: `${fourth?.includes(':') ? 'express' : 'execution'}:${second}/${third}:${fourth}` };
    case 'map-runs 4': return { page: 'mapRun', arnTail: `mapRun:${second}/${third}:${fourth}` };
    case 'functions 1': return { page: 'functions' };
    case 'functions 2': return { page: 'function', name: second ?? '' };
    case 'arn 2': return readArn(second ?? '');
    default: return { page: 'unknown' };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function readArn(arn: string): Route {
  return readRoute(pathOf(arn) ?? `${base}/?`);
}

const path = (...parts: string[]): string => `${base}/${parts.map(encodeURIComponent).join('/')}`;

export const machinePath = (name: string): string => path('machines', name);
export const functionPath = (name: string): string => path('functions', name);

/** The page of what an ARN names, null when there is none. */
export function pathOf(arn: string): string | null {
  const [, , service, , , kind, name = '', ...rest] = arn.split(':');
  if (service === 'lambda' && kind === 'function') return functionPath(name);
  if (service !== 'states') return null;
  const [machine = '', label] = name.split('/');
  const inner = label === undefined ? [machine] : [machine, label];
  switch (kind) {
    case 'stateMachine': return machinePath(machine);
    case 'execution': case 'express': return path('executions', ...inner, rest.join(':'));
    case 'mapRun': return path('map-runs', ...inner, rest.join(':'));
    default: return null;
  }
}
