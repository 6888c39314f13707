// Layers of one scope: loops turned round, longest paths, dummies for long
// edges, and an order within each layer with few crossings.

import type { EdgeKind } from './model';

export interface Vertex {
  id: string;
  width: number;
  height: number;
  dummy: boolean;
  layer: number;
  order: number;
  /** Of the middle. */
  x: number;
  ins: Link[];
  outs: Link[];
}

export interface Link {
  from: Vertex;
  to: Vertex;
  /** How much it wants to be vertical. */
  weight: number;
  arc: Arc;
}

/** An edge between two boxes of a scope. */
export interface Arc {
  from: string;
  to: string;
  kind: EdgeKind;
  label?: string;
  main: boolean;
  /** Leads back up: it is layered the other way round. */
  loop: boolean;
  dummies: Vertex[];
}

export function vertex(id: string, width: number, height: number, dummy = false): Vertex {
  return { id, width, height, dummy, layer: 0, order: 0, x: 0, ins: [], outs: [] };
}

/** Ends of an arc in the order of layers. */
export const ends = (arc: Arc): [string, string] => (arc.loop ? [arc.to, arc.from] : [arc.from, arc.to]);

/** Marks arcs that lead back to where the way came from; returns a topological order. */
export function markLoops(ids: string[], arcs: Arc[]): string[] {
  const outs = new Map<string, Arc[]>(ids.map((id) => [id, []]));
  for (const arc of arcs) outs.get(arc.from)?.push(arc);
  const state = new Map<string, 'open' | 'done'>();
  const finished: string[] = [];
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const arc of outs.get(id) ?? []) {
      if (state.get(arc.to) === 'open') arc.loop = true;
      else if (!state.has(arc.to)) visit(arc.to);
    }
    state.set(id, 'done');
    finished.push(id);
  };
  for (const id of ids) if (!state.has(id)) visit(id);
  return finished.reverse();
}

/** Longest path from the top; what nothing leads to stands above its first successor. */
export function assignLayers(order: string[], arcs: Arc[], vertices: Map<string, Vertex>, pinned: string): Vertex[][] {
  const before = new Map<string, Vertex[]>(order.map((id) => [id, []]));
  const after = new Map<string, Vertex[]>(order.map((id) => [id, []]));
  for (const arc of arcs) {
    if (arc.from === arc.to) continue;
    const [a, b] = ends(arc);
    before.get(b)?.push(must(vertices, a));
    after.get(a)?.push(must(vertices, b));
  }
  for (const id of order) {
    must(vertices, id).layer = Math.max(-1, ...(before.get(id) ?? []).map((v) => v.layer)) + 1;
  }
  for (const id of order.toReversed()) {
    const next = after.get(id) ?? [];
    if (id !== pinned && next.length && !before.get(id)?.length) must(vertices, id).layer = Math.max(0, Math.min(...next.map((v) => v.layer)) - 1);
  }
  const layers: Vertex[][] = [];
  for (const v of vertices.values()) (layers[v.layer] ??= []).push(v);
  return Array.from(layers, (layer) => layer ?? []);
}

export function must(vertices: Map<string, Vertex>, id: string): Vertex {
  const v = vertices.get(id);
  if (!v) throw new Error(`no vertex ${id}`);
  return v;
}

const chainWeight = 24;
const weights: Record<EdgeKind, number> = { start: 90, next: 4, choice: 4, default: 4, catch: 1, end: 4 };

/** Links the vertices, over a dummy in each layer that an arc passes. */
export function link(arcs: Arc[], vertices: Map<string, Vertex>, layers: Vertex[][]): void {
  arcs.forEach((arc, n) => {
    if (arc.from === arc.to) return;
    const [a, b] = ends(arc);
    const top = must(vertices, a);
    const bottom = must(vertices, b);
    let last = top;
    const join = (to: Vertex, weight: number): void => {
      const l: Link = { from: last, to, weight, arc };
      last.outs.push(l);
      to.ins.push(l);
      last = to;
    };
    for (let layer = top.layer + 1; layer < bottom.layer; layer++) {
      const labelled = arc.label !== undefined && layer === top.layer + 1;
      const dummy = vertex(`~${n}.${layer}`, labelled ? Math.min(150, labelWidth(arc.label ?? '')) : 4, 0, true);
      dummy.layer = layer;
      arc.dummies.push(dummy);
      layers[layer]?.push(dummy);
      join(dummy, last.dummy ? chainWeight : arc.main ? 10 : 3);
    }
    join(bottom, last.dummy ? (arc.main ? chainWeight : 4) : arc.main ? 90 : weights[arc.kind]);
  });
}

/** The longest label that is drawn, in characters. */
export const labelChars = 24;

/** Width of a label's pill. */
export function labelWidth(label: string): number {
  return Math.min(label.length, labelChars) * 6.1 + 16;
}

const sweeps = 12;

/** Orders each layer: first as a walk meets the vertices, then by barycentres. */
export function orderLayers(layers: Vertex[][], first: Iterable<Vertex>): void {
  place(layers, first);
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    const walk = down ? layers : layers.toReversed();
    for (const layer of walk) {
      const keys = new Map(layer.map((v) => [v, barycentre(v, down)]));
      layer.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a.order - b.order);
      number(layer);
    }
    const now = crossings(layers);
    if (now < fewest) {
      fewest = now;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach((layer, i) => {
    layers[i] = layer;
    number(layer);
  });
}

function place(layers: Vertex[][], first: Iterable<Vertex>): void {
  layers.forEach((layer) => (layer.length = 0));
  const seen = new Set<Vertex>();
  const visit = (v: Vertex): void => {
    if (seen.has(v)) return;
    seen.add(v);
    layers[v.layer]?.push(v);
    v.outs.forEach((l) => visit(l.to));
  };
  for (const v of first) visit(v);
  layers.forEach(number);
}

const number = (layer: Vertex[]): void => layer.forEach((v, i) => (v.order = i));

function barycentre(v: Vertex, down: boolean): number {
  const links = down ? v.ins : v.outs;
  if (!links.length) return v.order;
  return links.reduce((sum, l) => sum + (down ? l.from : l.to).order, 0) / links.length;
}

/** Counts crossings between neighbouring layers: inversions, by a Fenwick tree. */
export function crossings(layers: Vertex[][]): number {
  let count = 0;
  for (let i = 0; i + 1 < layers.length; i++) {
    const below = layers[i + 1] ?? [];
    const tree = new Array<number>(below.length + 1).fill(0);
    let placed = 0;
    for (const v of layers[i] ?? []) {
      const targets = v.outs.map((l) => l.to.order);
      for (const t of targets) {
        count += placed;
        for (let k = t + 1; k > 0; k -= k & -k) count -= tree[k] ?? 0;
      }
      for (const t of targets) {
        placed++;
        for (let k = t + 1; k <= below.length; k += k & -k) tree[k] = (tree[k] ?? 0) + 1;
      }
    }
  }
  return count;
}
