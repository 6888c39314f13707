import { expect, test } from 'vitest';
import { inputProblem, maxInputBytes, nameProblem } from './input';

test('inputs are JSON of a bounded size', () => {
  expect(inputProblem('{"a": [1]}')).toBe('');
  expect(inputProblem('"text"')).toBe('');
  expect(inputProblem(' ')).toContain('must be JSON');
  expect(inputProblem('{"a":}')).not.toBe('');
  expect(inputProblem(JSON.stringify('ä'.repeat(maxInputBytes / 2)))).toContain('262,146 bytes');
});

test('names are checked as the API does', () => {
  expect(nameProblem('')).toBe('');
  expect(nameProblem('order-1_2.3')).toBe('');
  expect(nameProblem('größe')).toBe('');
  for (const bad of ['a b', 'a/b', 'a:b', 'a*', 'a\n', 'x'.repeat(81)]) expect(nameProblem(bad), bad).not.toBe('');
});
