// The shapes that the console's server sends.

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Page<T> {
  items: T[];
  next: string;
}

export interface ExecutionRow {
  arn: string;
  machine: string;
  label?: string;
  name: string;
  status: Status;
  start: number;
  stop: number | null;
  mapRunArn?: string;
  items?: number;
  redrives?: number;
  express?: boolean;
}

export interface ExecutionDetail extends ExecutionRow {
  input: string;
  output: string;
  error: string | null;
  cause: string | null;
  versionArn?: string;
  aliasArn?: string;
  redrivable: boolean;
}

export interface MachineRow {
  arn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  created: number;
  recent: ExecutionRow[] | null;
  running: number;
  runningMore: boolean;
}

export interface MachineDetail {
  arn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  definition: string;
  deleting: boolean;
  role: string;
  created: number | null;
  updated: number | null;
  revision: string;
  label: string;
}

export interface EventRow {
  id: number;
  previous: number;
  type: string;
  time: number;
  frame?: number;
  parent?: number;
  name?: string;
  error?: string;
  cause?: string;
  resource?: string;
  resourceType?: string;
  mapRunArn?: string;
  index?: number;
  length?: number;
  bytes?: number;
}

export interface EventDetail extends EventRow {
  payload: string | null;
  assigned?: Record<string, string>;
  timeoutSeconds?: number;
  heartbeatSeconds?: number;
  role?: string;
  worker?: string;
  location?: string;
}

export interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
}

export interface MapRun {
  arn: string;
  executionArn: string;
  status: Status;
  start: number;
  stop: number | null;
  now: number;
  maxConcurrency: number;
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  redrives: number;
  items: Counts;
  executions: Counts;
}

export interface FunctionRow {
  name: string;
  arn: string;
  runtime: string;
  handler: string;
  state: string;
  stateReason?: string;
  memoryMB: number;
  timeoutSeconds: number;
  modified: string;
  processes: number;
  idle: number;
  waiting: number;
}

export interface LogLine {
  time: string;
  stream: string;
  message: string;
}
