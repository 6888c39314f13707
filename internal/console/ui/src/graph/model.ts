// A definition as the canvas needs it: scopes of states in visiting order, and
// where each state leads. It reads any definition, a broken one too: what it
// does not know it leaves out.

export type EdgeKind = 'start' | 'next' | 'choice' | 'default' | 'catch' | 'end';

export interface Exit {
  to: string;
  kind: EdgeKind;
  label?: string;
  /** On the straight way through the scope. */
  main: boolean;
}

export interface StateModel {
  name: string;
  type: string;
  /** What it calls or does, in a few words. */
  subtitle: string;
  exits: Exit[];
  /** It is the last of its scope. */
  ends: boolean;
  /** Branches of a Parallel state, the processor of a Map state. */
  scopes: Scope[];
  distributed: boolean;
  /** The state's own JSON. */
  source: Fields;
}

export interface Scope {
  start: string;
  states: Map<string, StateModel>;
}

export type Fields = Record<string, unknown>;

export const isFields = (v: unknown): v is Fields => typeof v === 'object' && v !== null && !Array.isArray(v);
const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const list = (v: unknown): Fields[] => (Array.isArray(v) ? v.filter(isFields) : []);

/** Reads a definition; null when the text is no JSON object. */
export function parseDefinition(source: string): Scope | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    return null;
  }
  return isFields(parsed) ? readScope(parsed) : null;
}

function readScope(machine: Fields): Scope {
  const sources = isFields(machine.States) ? machine.States : {};
  const start = text(machine.StartAt);
  const states = new Map<string, StateModel>();
  for (const name of visitOrder(sources, start)) {
    const source = sources[name];
    if (isFields(source)) states.set(name, readState(name, source));
  }
  return { start, states };
}

function readState(name: string, source: Fields): StateModel {
  const type = text(source.Type) || 'State';
  const processor = isFields(source.ItemProcessor) ? source.ItemProcessor : isFields(source.Iterator) ? source.Iterator : null;
  const scopes = type === 'Parallel' ? list(source.Branches).map(readScope) : type === 'Map' && processor ? [readScope(processor)] : [];
  const config = processor && isFields(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  const distributed = config.Mode === 'DISTRIBUTED';
  return {
    name, type, scopes, distributed, source,
    subtitle: subtitleOf(type, source, scopes.length, distributed),
    exits: exitsOf(source),
    ends: source.End === true || type === 'Succeed' || type === 'Fail',
  };
}

function exitsOf(source: Fields): Exit[] {
  const exits: Exit[] = [];
  const choices = list(source.Choices);
  const fallback = text(source.Default);
  choices.forEach((rule, i) => exits.push({ to: text(rule.Next), kind: 'choice', label: ruleText(rule), main: !fallback && i === 0 }));
  if (fallback) exits.push({ to: fallback, kind: 'default', label: 'Default', main: true });
  if (text(source.Next)) exits.push({ to: text(source.Next), kind: 'next', main: true });
  for (const catcher of list(source.Catch)) exits.push({ to: text(catcher.Next), kind: 'catch', label: catchText(catcher), main: false });
  return exits;
}

/**
 * Depth first from the start in declared order, then what cannot be reached, by
 * name: the picture never depends on the order of keys.
 */
export function visitOrder(states: Fields, start: string): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (from: string): void => {
    const stack = [from];
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      const state = states[name];
      if (seen.has(name) || !isFields(state)) continue;
      seen.add(name);
      order.push(name);
      stack.push(...exitsOf(state).map((exit) => exit.to).reverse());
    }
  };
  visit(start);
  Object.keys(states).sort().forEach(visit);
  return order;
}

const operators = /^(String|Numeric|Boolean|Timestamp|Is)/;

/** A rule of a Choice state in a few characters. */
export function ruleText(rule: Fields): string {
  const condition = text(rule.Condition);
  if (condition) return condition.replace(/^\{%\s*|\s*%\}$/g, '');
  for (const joint of ['And', 'Or']) {
    const parts = list(rule[joint]);
    if (parts.length) return parts.map(ruleText).join(joint === 'And' ? ' and ' : ' or ');
  }
  if (isFields(rule.Not)) return `not ${ruleText(rule.Not)}`;
  const operator = Object.keys(rule).find((key) => operators.test(key));
  if (!operator) return 'rule';
  const sign = signs.find(([ending]) => operator.replace(/Path$/, '').endsWith(ending))?.[1] ?? operator;
  return `${text(rule.Variable)} ${sign} ${JSON.stringify(rule[operator])}`;
}

const signs: [string, string][] = [
  ['GreaterThanEquals', '≥'], ['LessThanEquals', '≤'], ['GreaterThan', '>'], ['LessThan', '<'], ['Equals', '='], ['Matches', '~'],
];

function catchText(catcher: Fields): string {
  const errors = Array.isArray(catcher.ErrorEquals) ? catcher.ErrorEquals.map(text) : [];
  const more = errors.length > 1 ? ` +${errors.length - 1}` : '';
  return `Catch ${(errors[0] ?? '').replace(/^States\./, '')}${more}`;
}

function subtitleOf(type: string, source: Fields, branches: number, distributed: boolean): string {
  switch (type) {
    case 'Task': return resourceText(source);
    case 'Choice': return plural(list(source.Choices).length, 'rule') + (source.Default ? ' + default' : '');
    case 'Wait': return waitText(source);
    case 'Parallel': return plural(branches, 'branch', 'branches');
    case 'Map': return distributed ? 'Distributed' : 'Inline';
    case 'Fail': return text(source.Error) || 'Fail';
    default: return type;
  }
}

/** The resource of a task: a function's name, or a service and its action. */
export function resourceText(source: Fields): string {
  const resource = text(source.Resource);
  const parts = resource.split(':');
  if (resource.includes(':lambda:') && resource.includes(':function:')) return `lambda · ${parts[6] ?? ''}`;
  if (resource.includes(':activity:')) return `activity · ${parts[6] ?? ''}`;
  const args = isFields(source.Arguments) ? source.Arguments : isFields(source.Parameters) ? source.Parameters : {};
  const service = parts.slice(5).join(':').replace(/^aws-sdk:/, '');
  if (service.startsWith('lambda:invoke')) {
    const name = text(args.FunctionName).split(':function:').pop()?.split(':')[0];
    return `lambda · ${name || 'invoke'}`;
  }
  return service.replace(':', ' · ') || resource || 'Task';
}

function waitText(source: Fields): string {
  if (typeof source.Seconds === 'number') return `${source.Seconds} s`;
  return text(source.Seconds) || text(source.Timestamp) || text(source.SecondsPath) || text(source.TimestampPath) || 'Wait';
}

function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** All states of a scope and of those inside it. */
export function* allStates(scope: Scope, depth = 0): Generator<{ state: StateModel; depth: number }> {
  for (const state of scope.states.values()) {
    yield { state, depth };
    for (const inner of state.scopes) yield* allStates(inner, depth + 1);
  }
}
