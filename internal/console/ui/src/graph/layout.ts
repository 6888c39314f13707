// A definition's picture: boxes, edges and places for labels. Each scope is laid
// out alone; a container is one box in the scope that holds it.

import { placeColumns } from './columns';
import { type Arc, assignLayers, ends, link, markLoops, must, orderLayers, type Vertex, vertex } from './layers';
import type { EdgeKind, Scope, StateModel } from './model';

export interface Box {
  /** The state's name, which is unique in a definition; $start and $end. */
  id: string;
  state: StateModel | null;
  x: number;
  y: number;
  width: number;
  height: number;
  depth: number;
  container: boolean;
}

export interface Edge {
  id: string;
  from: string;
  to: string;
  kind: EdgeKind;
  label?: string;
  path: string;
  /** Middle of the label. */
  labelX: number;
  labelY: number;
  depth: number;
}

export interface Picture {
  boxes: Box[];
  edges: Edge[];
  width: number;
  height: number;
}

export const start = '$start';
export const end = '$end';

const box = { width: 224, height: 56 };
const pill = { width: 72, height: 28 };
const header = 46;
const padding = 24;
const branchGap = 40;
const layerGap = 38;
const labelledGap = 66;
const portGap = 26;

export function layout(root: Scope): Picture {
  const picture: Picture = { boxes: [], edges: [], width: 0, height: 0 };
  const plan = planScope(root, true);
  picture.width = plan.width;
  picture.height = plan.height;
  draw(plan, { x: 0, y: 0, depth: 0, prefix: '' }, picture);
  return picture;
}

interface Plan {
  width: number;
  height: number;
  left: number;
  vertices: Map<string, Vertex>;
  arcs: Arc[];
  scope: Scope;
  inner: Map<string, Plan[]>;
  tops: number[];
  heights: number[];
}

function planScope(scope: Scope, root: boolean): Plan {
  const inner = new Map<string, Plan[]>();
  const vertices = new Map<string, Vertex>();
  if (root) vertices.set(start, vertex(start, pill.width, pill.height));
  for (const state of scope.states.values()) {
    const plans = state.scopes.map((s) => planScope(s, false));
    if (plans.length) inner.set(state.name, plans);
    const size = sizeOf(plans);
    vertices.set(state.name, vertex(state.name, size.width, size.height));
  }
  if (root) vertices.set(end, vertex(end, pill.width, pill.height));
  const arcs = arcsOf(scope, root).filter((arc) => vertices.has(arc.from) && vertices.has(arc.to));
  const order = markLoops([...vertices.keys()], arcs);
  const layers = assignLayers(order, arcs, vertices, start);
  link(arcs, vertices, layers);
  orderLayers(layers, vertices.values());
  placeColumns(layers);
  const all = layers.flat();
  const left = Math.min(0, ...all.map((v) => v.x - v.width / 2));
  const right = Math.max(0, ...all.map((v) => v.x + v.width / 2));
  return { ...rows(layers), width: right - left, left, vertices, arcs, scope, inner };
}

function sizeOf(plans: Plan[]): { width: number; height: number } {
  if (!plans.length) return box;
  return {
    width: Math.max(box.width + 96, total(plans) + 2 * padding),
    height: Math.max(box.height, ...plans.map((p) => p.height)) + header + padding,
  };
}

const total = (plans: Plan[]): number => plans.reduce((sum, p) => sum + p.width, 0) + branchGap * (plans.length - 1);

function arcsOf(scope: Scope, root: boolean): Arc[] {
  const arcs: Arc[] = [];
  const add = (from: string, to: string, kind: EdgeKind, main: boolean, label?: string): void => {
    const same = arcs.find((arc) => arc.from === from && arc.to === to && arc.kind === kind);
    if (same && label !== undefined) {
      same.label = `${same.label ?? ''}, ${label}`; // one line, both labels
      return;
    }
    arcs.push({ from, to, kind, main, loop: false, dummies: [], ...(label === undefined ? {} : { label }) });
  };
  if (root) add(start, scope.start, 'start', true);
  for (const state of scope.states.values()) {
    for (const exit of state.exits) add(state.name, exit.to, exit.kind, exit.main, exit.label);
    if (root && state.ends) add(state.name, end, 'end', state.type !== 'Fail');
  }
  return arcs;
}

/** Vertical places of the layers; a gap is wider where labels are. */
function rows(layers: Vertex[][]): { tops: number[]; heights: number[]; height: number } {
  const heights = layers.map((layer) => Math.max(0, ...layer.map((v) => v.height)));
  const tops: number[] = [];
  let y = 0;
  layers.forEach((layer, i) => {
    tops.push(y);
    const labelled = layer.some((v) => v.outs.some((l) => l.arc.label !== undefined && labelLink(l.arc, v, l.to)));
    y += (heights[i] ?? 0) + (i + 1 < layers.length ? (labelled ? labelledGap : layerGap) : 0);
  });
  return { tops, heights, height: y };
}

/** A label stands where the edge leaves its state: below it, or above it when the edge leads up. */
const labelLink = (arc: Arc, from: Vertex, to: Vertex): boolean => (arc.loop ? to.id === arc.from : from.id === arc.from);

interface Place {
  x: number;
  y: number;
  depth: number;
  prefix: string;
}

function draw(plan: Plan, at: Place, picture: Picture): void {
  const x = (v: Vertex): number => at.x + v.x - plan.left;
  const y = (v: Vertex): number => at.y + (plan.tops[v.layer] ?? 0);
  for (const v of plan.vertices.values()) {
    const inner = plan.inner.get(v.id);
    picture.boxes.push({
      id: v.id, state: plan.scope.states.get(v.id) ?? null, x: x(v) - v.width / 2, y: y(v), width: v.width, height: v.height,
      depth: at.depth, container: inner !== undefined,
    });
    if (!inner) continue;
    let left = x(v) - total(inner) / 2;
    inner.forEach((p, i) => {
      draw(p, { x: left, y: y(v) + header, depth: at.depth + 1, prefix: `${at.prefix}${v.id}/${i}/` }, picture);
      left += p.width + branchGap;
    });
  }
  const ports = portsOf(plan);
  plan.arcs.forEach((arc, n) => picture.edges.push(route(plan, at, arc, n, ports)));
}

/** Offsets from a box's middle where edges leave and arrive: the main edge in the middle. */
function portsOf(plan: Plan): Map<string, number> {
  const ports = new Map<string, number>();
  for (const v of plan.vertices.values()) {
    for (const side of ['outs', 'ins'] as const) {
      const other = (l: (typeof v.outs)[number]): number => (side === 'outs' ? l.to.x : l.from.x);
      const links = v[side].toSorted((a, b) => other(a) - other(b));
      const middle = Math.max(0, links.findIndex((l) => l.arc.main && !l.arc.loop));
      const step = Math.min(portGap, (v.width - 40) / Math.max(1, links.length));
      links.forEach((l, i) => ports.set(`${side} ${v.id} ${plan.arcs.indexOf(l.arc)}`, (i - middle) * step));
    }
  }
  return ports;
}

type Point = [x: number, y: number];

function route(plan: Plan, at: Place, arc: Arc, n: number, ports: Map<string, number>): Edge {
  const edge = { id: `${at.prefix}${n}`, from: arc.from, to: arc.to, kind: arc.kind, depth: at.depth, ...(arc.label === undefined ? {} : { label: arc.label }) };
  const [a, b] = ends(arc);
  const top = must(plan.vertices, a);
  const bottom = must(plan.vertices, b);
  const x = (v: Vertex): number => at.x + v.x - plan.left;
  const y = (layer: number): number => at.y + (plan.tops[layer] ?? 0);
  const floor = (layer: number): number => y(layer) + (plan.heights[layer] ?? 0);
  if (arc.from === arc.to) {
    const right = x(top) + top.width / 2;
    const middle = y(top.layer) + top.height / 2;
    return { ...edge, path: `M${right},${middle - 10}h14q8,0 8,8v4q0,8 -8,8h-14`, labelX: right + 24, labelY: middle - 26 };
  }
  const from = x(top) + (ports.get(`outs ${a} ${n}`) ?? 0);
  const to = x(bottom) + (ports.get(`ins ${b} ${n}`) ?? 0);
  const points: Point[] = [[from, y(top.layer) + top.height]];
  if (floor(top.layer) - top.height - y(top.layer) > 2) points.push([from, floor(top.layer)]);
  for (const d of arc.dummies) points.push([x(d), y(d.layer)], [x(d), floor(d.layer)]);
  points.push([to, y(bottom.layer) - 1]);
  const first = arc.dummies[0];
  const last = arc.dummies.at(-1);
  const near = arc.loop ? (last ? x(last) : from) : first ? x(first) : to;
  const own = arc.loop ? to : from;
  return {
    ...edge, path: curve(arc.loop ? points.toReversed() : points),
    labelX: Math.abs(near - own) < 8 ? near : (own + near) / 2 + (near - own) * 0.18,
    labelY: arc.loop ? y(bottom.layer) - labelledGap / 2 : floor(top.layer) + labelledGap / 2,
  };
}

/** A line that is vertical in every point. */
function curve(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const round = (n: number): number => Math.round(n * 10) / 10;
  let path = `M${round(first[0])},${round(first[1])}`;
  let [x0, y0] = first;
  for (const [x1, y1] of rest) {
    const bend = (y1 - y0) / 2;
    path += Math.abs(x0 - x1) < 0.5 ? `V${round(y1)}` : `C${round(x0)},${round(y0 + bend)} ${round(x1)},${round(y1 - bend)} ${round(x1)},${round(y1)}`;
    [x0, y0] = [x1, y1];
  }
  return path;
}
