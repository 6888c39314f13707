// What the events of a history say together: the steps of an execution with
// their attempts, and what became of each state. Events are added as they come.

import type { EventRow } from '../api/types';

export type StepStatus = 'running' | 'waiting' | 'retrying' | 'succeeded' | 'caught' | 'failed' | 'timedOut' | 'aborted';

export interface Attempt {
  start: number;
  end: number | null;
  status: 'running' | 'succeeded' | 'failed' | 'timedOut';
  error?: string;
  cause?: string;
}

/** One run of a state. */
export interface Step {
  /** The event that entered it. */
  id: number;
  state: string;
  type: string;
  frame: number;
  /** Indices of the Map iterations around it, outermost first. */
  iteration: number[];
  start: number;
  end: number | null;
  status: StepStatus;
  attempts: Attempt[];
  error?: string;
  cause?: string;
  events: number[];
  /** The event that has its output. */
  exit: number | null;
  mapRun?: string;
  /** Of a Map state. */
  items: number | null;
  done: number;
  broken: number;
  holder: Step | null;
}

/** What became of a state, over all its steps. */
export interface StateProgress {
  steps: Step[];
  open: number;
  waiting: number;
  retrying: number;
  failed: number;
}

interface Frame {
  holder: Step | null;
  iteration: number | null;
  current: Step | null;
  last: Step | null;
}

const open = (s: Step): boolean => s.status === 'running' || s.status === 'waiting' || s.status === 'retrying';

const holds = (s: Step): boolean => s.type === 'Map' || s.type === 'Parallel';

export class Progress {
  readonly states = new Map<string, StateProgress>();
  readonly taken = new Set<string>();
  /** Steps by the number of each of their events. */
  readonly stepOf = new Map<number, Step>();
  first = 0;
  last = 0;
  private readonly frames = new Map<number, Frame>();

  add(events: EventRow[]): void {
    for (const e of events) {
      this.first ||= e.time;
      this.last = Math.max(this.last, e.time);
      this.apply(e);
    }
  }

  private apply(e: EventRow): void {
    if (e.type.endsWith('StateEntered')) return this.enter(e);
    if (e.type.startsWith('Execution')) return this.execution(e);
    if (e.type.startsWith('MapIteration')) return this.iteration(e);
    const step = this.frame(e).current;
    if (!step) return;
    this.note(step, e);
    if (e.type.endsWith('StateExited')) return this.exit(step, e);
    if (e.type.endsWith('StateAborted')) return this.cutShort(step, e);
    if (e.type === 'MapStateFailed' || e.type === 'ParallelStateFailed') return this.failContainer(step, e.time);
    if (/^(Map|Parallel)StateStarted$/.test(e.type)) this.begin(step, e);
    else if (e.type.startsWith('MapRun')) this.mapRun(step, e);
    else this.task(step, e);
  }

  private frame(e: EventRow): Frame {
    const id = e.frame ?? 0;
    let frame = this.frames.get(id);
    if (!frame) {
      const holder = id === 0 ? null : (this.frames.get(e.parent ?? 0)?.current ?? null);
      frame = { holder, iteration: e.type === 'MapIterationStarted' ? (e.index ?? null) : null, current: null, last: null };
      this.frames.set(id, frame);
    }
    return frame;
  }

  private note(step: Step, e: EventRow): void {
    step.events.push(e.id);
    this.stepOf.set(e.id, step);
  }

  private enter(e: EventRow): void {
    const frame = this.frame(e);
    const type = e.type.replace('StateEntered', '');
    const around = frame.holder?.iteration ?? [];
    const step: Step = {
      id: e.id, state: e.name ?? '', type, frame: e.frame ?? 0,
      iteration: frame.iteration === null ? around : [...around, frame.iteration],
      start: e.time, end: null, status: type === 'Wait' ? 'waiting' : 'running', attempts: [], events: [], exit: null,
      items: null, done: 0, broken: 0, holder: frame.holder,
    };
    if (frame.last) this.taken.add(`${frame.last.state}>${step.state}`);
    frame.current = step;
    frame.last = step;
    this.note(step, e);
    const state = this.state(step.state);
    state.steps.push(step);
    state.open++;
    if (step.status === 'waiting') state.waiting++;
  }

  private state(name: string): StateProgress {
    let state = this.states.get(name);
    if (!state) this.states.set(name, (state = { steps: [], open: 0, waiting: 0, retrying: 0, failed: 0 }));
    return state;
  }

  private set(step: Step, status: StepStatus): void {
    if (step.status === status) return;
    const state = this.state(step.state);
    const count = (of: StepStatus, by: number): void => {
      if (of === 'waiting') state.waiting += by;
      if (of === 'retrying') state.retrying += by;
      if (of === 'failed' || of === 'timedOut') state.failed += by;
    };
    count(step.status, -1);
    if (open(step)) state.open--;
    step.status = status;
    count(status, 1);
    if (open(step)) state.open++;
  }

  private close(step: Step, status: StepStatus, time: number): void {
    this.set(step, status);
    step.end ??= time;
    const attempt = step.attempts.at(-1);
    if (attempt) attempt.end ??= time;
    const frame = this.frames.get(step.frame);
    if (frame?.current === step) frame.current = null;
  }

  /** The state starts what it holds, for the first time or again. */
  private begin(step: Step, e: EventRow): void {
    for (const [id, frame] of this.frames) if (frame.holder === step) this.frames.delete(id);
    Object.assign(step, { items: e.length ?? null, done: 0, broken: 0 });
    delete step.error;
    delete step.cause;
    this.set(step, 'running');
  }

  /** A state that holds others tells of one of them that was cut short; the one that failed is told of first. */
  private cutShort(step: Step, e: EventRow): void {
    if (!holds(step)) return this.close(step, 'aborted', e.time);
    const type = e.type.replace('StateAborted', '');
    const cut = this.openInside(step).filter((s) => s.type === type);
    const victim = cut.find((s) => s.error !== undefined) ?? cut[0];
    if (!victim) return;
    if (victim.error !== undefined) step.error ??= victim.error;
    this.endOpen(victim, e.time, true);
  }

  private openInside(holder: Step): Step[] {
    const direct: Step[] = [];
    this.inside(holder, (s) => direct.push(s));
    return direct.flatMap((s) => [s, ...this.openInside(s)]);
  }

  private exit(step: Step, e: EventRow): void {
    step.exit = e.id;
    // What is still open inside ended with the failure that was caught.
    const left = this.openInside(step);
    if (left.length > 0) step.error ??= left.find((s) => s.error !== undefined)?.error ?? 'A branch failed';
    this.inside(step, (s) => this.endOpen(s, e.time, true));
    this.close(step, step.error === undefined ? 'succeeded' : 'caught', e.time);
  }

  private task(step: Step, e: EventRow): void {
    const kind = e.type.replace(/^(Task|LambdaFunction|Activity)/, '');
    const attempt = step.attempts.at(-1);
    switch (kind) {
      case 'Scheduled':
        step.attempts.push({ start: e.time, end: null, status: 'running' });
        delete step.error;
        delete step.cause;
        this.set(step, 'running');
        break;
      case 'Submitted':
        if (e.resource?.endsWith('.waitForTaskToken')) this.set(step, 'waiting');
        break;
      case 'Succeeded':
        if (attempt) Object.assign(attempt, { end: e.time, status: 'succeeded' });
        this.set(step, 'running');
        break;
      default:
        if (e.error === undefined && !/Failed$|TimedOut$/.test(kind)) return;
        this.failAttempt(step, e, kind === 'TimedOut' ? 'timedOut' : 'failed');
    }
  }

  private failAttempt(step: Step, e: EventRow, status: 'failed' | 'timedOut'): void {
    const error = { error: e.error ?? (status === 'timedOut' ? 'States.Timeout' : 'Error'), ...(e.cause === undefined ? {} : { cause: e.cause }) };
    const attempt = step.attempts.at(-1);
    if (attempt?.end === null) Object.assign(attempt, { end: e.time, status, ...error });
    Object.assign(step, error);
    this.set(step, 'retrying');
  }

  private mapRun(step: Step, e: EventRow): void {
    if (e.mapRunArn) step.mapRun = e.mapRunArn;
    if (e.type === 'MapRunFailed') Object.assign(step, { error: e.error ?? 'States.ExceedToleratedFailureThreshold', ...(e.cause ? { cause: e.cause } : {}) });
  }

  private iteration(e: EventRow): void {
    if (e.type === 'MapIterationStarted') {
      this.frame(e);
      return;
    }
    const frame = this.frame(e);
    const own = frame.iteration === e.index && frame.holder?.state === e.name;
    const holder = own ? frame.holder : frame.current;
    if (!holder) return;
    if (e.type === 'MapIterationSucceeded') holder.done++;
    else holder.broken++;
    if (e.type === 'MapIterationSucceeded' || e.index === undefined) return;
    const failed = e.type === 'MapIterationFailed';
    for (const f of this.frames.values()) {
      if (f.holder === holder && f.iteration === e.index && f.current) this.endOpen(f.current, e.time, failed);
    }
  }

  /** Ends a step and what it holds because what holds it has ended. */
  private endOpen(step: Step, time: number, failed: boolean): void {
    this.inside(step, (s) => this.endOpen(s, time, failed));
    const broke = failed && (step.error !== undefined || step.type === 'Fail');
    this.close(step, broke ? (step.attempts.at(-1)?.status === 'timedOut' ? 'timedOut' : 'failed') : 'aborted', time);
  }

  private inside(holder: Step, end: (s: Step) => void): void {
    if (!holds(holder)) return;
    for (const f of this.frames.values()) if (f.holder === holder && f.current) end(f.current);
  }

  private failContainer(step: Step, time: number): void {
    let reason: Step | null = null;
    this.inside(step, (s) => {
      if (s.error !== undefined) reason = s;
      this.endOpen(s, time, true);
    });
    step.error ??= (reason as Step | null)?.error ?? 'States.TaskFailed';
    this.set(step, 'retrying');
  }

  /** A redrive goes on in the steps that did not end by themselves. */
  private reopen(): void {
    for (const frame of this.frames.values()) {
      const step = frame.last;
      if (!step || step.exit !== null || (frame.holder && !open(frame.holder))) continue;
      step.end = null;
      step.broken = 0;
      delete step.error;
      delete step.cause;
      frame.current = step;
      this.set(step, step.type === 'Wait' ? 'waiting' : 'running');
    }
  }

  private execution(e: EventRow): void {
    if (e.type === 'ExecutionStarted') return;
    if (e.type === 'ExecutionRedriven') return this.reopen();
    for (const frame of this.frames.values()) {
      const step = frame.current;
      if (!step) continue;
      if (e.type === 'ExecutionTimedOut') this.close(step, 'timedOut', e.time);
      else if (e.type === 'ExecutionFailed' && frame.holder === null && (step.error === undefined || step.type === 'Fail')) {
        Object.assign(step, { ...(e.error ? { error: e.error } : {}), ...(e.cause ? { cause: e.cause } : {}) });
        this.close(step, 'failed', e.time);
      } else this.endOpen(step, e.time, e.type === 'ExecutionFailed');
    }
  }
}

/** The status that a state shows, null when it was never entered. */
export function statusOf(p: StateProgress | undefined): StepStatus | null {
  const last = p?.steps.at(-1);
  if (!p || !last) return null;
  if (p.open > 0) return p.retrying === p.open ? 'retrying' : p.waiting === p.open ? 'waiting' : 'running';
  return p.failed > 0 ? 'failed' : last.status;
}
