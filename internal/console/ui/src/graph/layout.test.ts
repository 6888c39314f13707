import { describe, expect, test } from 'vitest';
import { type Box, layout, type Picture } from './layout';
import { parseDefinition, type Fields } from './model';

const draw = (definition: Fields): Picture => {
  const scope = parseDefinition(JSON.stringify(definition));
  if (!scope) throw new Error('no scope');
  return layout(scope);
};

const pass = (next?: string): Fields => (next ? { Type: 'Pass', Next: next } : { Type: 'Pass', End: true });

const order: Fields = {
  StartAt: 'Check',
  States: {
    Check: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: 'Big?', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Refuse' }] },
    'Big?': { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 5, Next: 'Ask' }], Default: 'Both' },
    Ask: { Type: 'Wait', Seconds: 5, Next: 'Check' },
    Both: {
      Type: 'Parallel', Next: 'Done',
      Branches: [
        { StartAt: 'A', States: { A: pass('B'), B: pass() } },
        { StartAt: 'Each', States: { Each: { Type: 'Map', ItemProcessor: { StartAt: 'X', States: { X: pass() } }, End: true } } },
      ],
    },
    Refuse: { Type: 'Fail', Error: 'Refused' },
    Done: { Type: 'Succeed' },
  },
};

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const within = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

function check(picture: Picture): void {
  for (const a of picture.boxes) {
    expect(Number.isFinite(a.x + a.y)).toBe(true);
    expect(a.x).toBeGreaterThanOrEqual(-0.5);
    expect(a.x + a.width).toBeLessThanOrEqual(picture.width + 0.5);
    for (const b of picture.boxes) {
      if (a === b || !overlap(a, b)) continue;
      expect(within(a, b) || within(b, a), `${a.id} overlaps ${b.id}`).toBe(true);
    }
  }
  for (const e of picture.edges) expect(e.path).not.toContain('NaN');
}

const byName = (p: Picture, id: string): Box => {
  const found = p.boxes.find((b) => b.id === id);
  if (!found) throw new Error(`no box ${id}`);
  return found;
};

const middle = (b: Box): number => b.x + b.width / 2;

describe('layout', () => {
  test('draws all states, none over another', () => {
    const picture = draw(order);
    expect(picture.boxes.map((b) => b.id).sort()).toEqual(
      ['$end', '$start', 'A', 'Ask', 'B', 'Big?', 'Both', 'Check', 'Done', 'Each', 'Refuse', 'X'],
    );
    check(picture);
    expect(within(byName(picture, 'X'), byName(picture, 'Each'))).toBe(true);
    expect(within(byName(picture, 'Each'), byName(picture, 'Both'))).toBe(true);
  });

  test('does not depend on the order of keys', () => {
    const shuffled = { ...order, States: Object.fromEntries(Object.entries(order.States as Fields).reverse()) };
    expect(draw(shuffled)).toEqual(draw(order));
  });

  test('keeps the main way straight', () => {
    const picture = draw(order);
    const way = ['$start', 'Check', 'Big?', 'Both', 'Done', '$end'].map((id) => middle(byName(picture, id)));
    for (const x of way) expect(Math.abs(x - (way[0] ?? 0))).toBeLessThan(1);
  });

  test('survives broken definitions', () => {
    check(draw({}));
    check(draw({ StartAt: 'Nowhere', States: { A: pass('Gone'), B: { Type: 'Odd' }, C: pass('C') } }));
    check(draw({ StartAt: 'M', States: { M: { Type: 'Map', ItemProcessor: {}, End: true } } }));
    expect(parseDefinition('{')).toBeNull();
  });

  test('lays out 500 states in time', () => {
    const states: Fields = {};
    for (let i = 0; i < 500; i++) {
      states[`S${i}`] = i % 7 === 3
        ? { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: `S${Math.min(499, i + 4)}` }], Default: `S${i + 1}` }
        : pass(i < 499 ? `S${i + 1}` : undefined);
    }
    const began = performance.now();
    const picture = draw({ StartAt: 'S0', States: states });
    expect(performance.now() - began).toBeLessThan(1000); // 100 ms is the budget; test machines are busy
    expect(picture.boxes).toHaveLength(502);
  });
});
