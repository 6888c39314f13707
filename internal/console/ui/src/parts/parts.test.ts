import { describe, expect, test } from 'vitest';
import { readCause } from './cause';
import { formatBytes, formatDuration, formatPercent } from './format';
import { indent } from './indent';
import { machinePath, pathOf, readRoute } from './route';
import { visibleRows } from './window';

const arn = (rest: string): string => `arn:aws:states:us-east-1:123456789012:${rest}`;

describe('formats', () => {
  test.each([
    [0, '0 ms'], [412, '412 ms'], [18_400, '18.4 s'], [59_940, '59.9 s'], [59_960, '1 m 00 s'], [252_000, '4 m 12 s'], [11_520_000, '3 h 12 m'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms is %s', (ms, words) => expect(formatDuration(ms)).toBe(words));
  test('bytes', () => expect([formatBytes(412), formatBytes(2048), formatBytes(3 << 20)]).toEqual(['412 B', '2.0 KiB', '3.0 MiB']));
  test('parts', () => expect([formatPercent(1, 3), formatPercent(3, 3), formatPercent(0, 0)]).toEqual(['33.3%', '100%', '0%']));
});

describe('routes', () => {
  test.each([
    ['stateMachine:orders', '/console/machines/orders', { page: 'machine', name: 'orders' }],
    ['execution:orders:a.b_1', '/console/executions/orders/a.b_1', { page: 'execution', arnTail: 'execution:orders:a.b_1' }],
    ['execution:orders/Each:u-1', '/console/executions/orders/Each/u-1', { page: 'execution', arnTail: 'execution:orders/Each:u-1' }],
    ['express:orders/Each:u-1:v-2', '/console/executions/orders/Each/u-1%3Av-2', { page: 'execution', arnTail: 'express:orders/Each:u-1:v-2' }],
    ['mapRun:orders/Each:u-1', '/console/map-runs/orders/Each/u-1', { page: 'mapRun', arnTail: 'mapRun:orders/Each:u-1' }],
  ])('%s has a page that leads back to it', (rest, path, route) => {
    expect(pathOf(arn(rest))).toBe(path);
    expect(readRoute(path)).toEqual(route);
  });
  test('names with odd letters', () => expect(readRoute(machinePath('größe é'))).toEqual({ page: 'machine', name: 'größe é' }));
  test('others', () => {
    expect(pathOf('arn:aws:s3:::bucket')).toBeNull();
    expect(pathOf('orders')).toBeNull();
    expect(readRoute('/console/')).toEqual({ page: 'overview' });
    expect(readRoute('/console/what/ever')).toEqual({ page: 'unknown' });
    expect(readRoute('/console/machines/%zz')).toEqual({ page: 'machine', name: '%zz' });
  });
});

describe('indent', () => {
  test('changes white space only', () => {
    expect(indent('{"a":[1,2.50,{"b":{}}],"c":[],"d":"x, {y}: \\"z\\""}')).toBe(
      '{\n  "a": [\n    1,\n    2.50,\n    {\n      "b": {}\n    }\n  ],\n  "c": [],\n  "d": "x, {y}: \\"z\\""\n}',
    );
  });
  test('keeps numbers that a double cannot hold', () => expect(indent('[12345678901234567890]')).toContain('12345678901234567890'));
  test('leaves what is no JSON', () => expect(indent('{oops')).toBe('{oops'));
});

test('causes of functions are read', () => {
  expect(readCause('{"errorMessage":"no","stackTrace":["a","b"]}')).toEqual({ message: 'no', trace: 'a\nb' });
  expect(readCause('plain')).toEqual({ message: 'plain', trace: '' });
  expect(readCause('{cut off')).toEqual({ message: '{cut off', trace: '' });
});

test('only rows on screen are drawn', () => {
  expect(visibleRows(0, 600, 30, 25_000)).toEqual({ from: 0, to: 28 });
  expect(visibleRows(300_000, 600, 30, 25_000)).toEqual({ from: 9992, to: 10_028 });
  expect(visibleRows(9e9, 600, 30, 10)).toEqual({ from: 10, to: 10 });
});
