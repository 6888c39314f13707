// Horizontal places: each layer is a weighted least squares problem with minimum
// distances, solved by pooling neighbours that want to overlap.

import type { Vertex } from './layers';

const boxGap = 40;
const edgeGap = 26;
const rounds = 30;

const distance = (a: Vertex, b: Vertex): number => a.width / 2 + b.width / 2 + (a.dummy || b.dummy ? edgeGap : boxGap);

export function placeColumns(layers: Vertex[][]): void {
  for (const layer of layers) spread(layer);
  for (let round = 0; round < rounds; round++) {
    const up = round % 2 === 1;
    const far = round < rounds / 2 ? 0.35 : 1;
    for (const layer of up ? layers.toReversed() : layers) settle(layer, (v) => wish(v, up ? far : 1, up ? 1 : far));
  }
  straighten(layers);
}

/** Side by side round 0, as a beginning. */
function spread(layer: Vertex[]): void {
  let x = 0;
  layer.forEach((v, i) => {
    const before = layer[i - 1];
    if (before) x += distance(before, v);
    v.x = x;
  });
  for (const v of layer) v.x -= x / 2;
}

interface Wish {
  x: number;
  weight: number;
}

/** Where the neighbours pull a vertex to. */
function wish(v: Vertex, above: number, below: number): Wish {
  let weight = 0.05;
  let sum = v.x * weight;
  for (const l of v.ins) {
    sum += l.from.x * l.weight * above;
    weight += l.weight * above;
  }
  for (const l of v.outs) {
    sum += l.to.x * l.weight * below;
    weight += l.weight * below;
  }
  return { x: sum / weight, weight };
}

/** Grants the wishes of a layer as far as distances allow (pool adjacent violators). */
function settle(layer: Vertex[], wishOf: (v: Vertex) => Wish): void {
  const pools: { sum: number; weight: number; members: number }[] = [];
  const offsets: number[] = [];
  layer.forEach((v, i) => {
    const before = layer[i - 1];
    const offset = before ? (offsets[i - 1] ?? 0) + distance(before, v) : 0;
    offsets.push(offset);
    const w = wishOf(v);
    pools.push({ sum: (w.x - offset) * w.weight, weight: w.weight, members: 1 });
    for (;;) {
      const right = pools.at(-1);
      const left = pools.at(-2);
      if (!left || !right || left.sum / left.weight <= right.sum / right.weight) break;
      pools.pop();
      left.sum += right.sum;
      left.weight += right.weight;
      left.members += right.members;
    }
  });
  let i = 0;
  for (const pool of pools) {
    for (let k = 0; k < pool.members; k++, i++) {
      const v = layer[i];
      if (v) v.x = pool.sum / pool.weight + (offsets[i] ?? 0);
    }
  }
}

/** The farthest that a box is moved to stand exactly under the one before it. */
const reach = 90;

/** Makes main ways exactly vertical where neighbours can make room. */
function straighten(layers: Vertex[][]): void {
  const fixed = new Set<Vertex>(layers[0]);
  for (const layer of layers.slice(1)) {
    layer.forEach((v, i) => {
      const main = v.ins.find((l) => l.arc.main && !l.arc.loop) ?? (v.dummy ? v.ins.find((l) => l.from.dummy) : undefined);
      if (!main || Math.abs(main.from.x - v.x) > reach) return;
      if (shove(layer, i, main.from.x, fixed)) fixed.add(v);
    });
  }
}

/** Moves a vertex and pushes its neighbours; false, and nothing moves, when a fixed one is in the way. */
function shove(layer: Vertex[], index: number, x: number, fixed: Set<Vertex>): boolean {
  const before = layer.map((v) => v.x);
  const v = layer[index];
  if (!v) return false;
  v.x = x;
  for (const step of [1, -1]) {
    for (let j = index + step; j >= 0 && j < layer.length; j += step) {
      const here = layer[j];
      const last = layer[j - step];
      if (!here || !last) break;
      const least = last.x + step * distance(last, here);
      if (step * (here.x - least) >= -1e-6) break;
      if (fixed.has(here)) {
        layer.forEach((u, k) => (u.x = before[k] ?? u.x));
        return false;
      }
      here.x = least;
    }
  }
  return true;
}
