import { expect, test } from 'vitest';
import { addReading, rates, type Reading, remaining } from './rate';

const steady = (n: number): Reading[] => Array.from({ length: n }, (_, i) => ({ at: 1000 * i, done: 50 * i }));

test('rates are items a second', () => expect(rates(steady(4))).toEqual([50, 50, 50]));

test('what is left is told from the pace', () => {
  expect(remaining(steady(10), 500)).toBe(10_000);
  expect(remaining(steady(2), 500)).toBeNull();
  expect(remaining([{ at: 0, done: 5 }, { at: 1, done: 5 }, { at: 2, done: 5 }], 500)).toBeNull();
});

test('readings are in order and bounded', () => {
  expect(addReading(steady(3), { at: 2000, done: 9 })).toHaveLength(3);
  expect(addReading(steady(500), { at: 1e6, done: 1e6 })).toHaveLength(120);
});
