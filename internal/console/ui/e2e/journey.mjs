// Goes through the console as a reader would: npm run e2e. Needs a Chromium
// (CHROMIUM=path, default /usr/bin/chromium) and either Go or PAWL=binary.
// Pictures of what was seen are left in shots/.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { arn, files, machines, orderInput } from './scene.mjs';
import { startServer } from './server.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`no Chromium at ${executablePath}; name one by CHROMIUM=path`);
  process.exit(2);
}
const shots = fileURLToPath(new URL('../shots/', import.meta.url));
mkdirSync(shots, { recursive: true });

const server = await startServer(files);
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, colorScheme: 'light', reducedMotion: 'reduce' });
const page = await context.newPage();
const trouble = [];
page.on('pageerror', (e) => trouble.push(`page error: ${e.message}`));
page.on('console', (m) => m.type() === 'error' && trouble.push(`console: ${m.text()}`));
page.on('request', (r) => r.url().startsWith(server.origin) || r.url().startsWith('data:') || trouble.push(`request elsewhere: ${r.url()}`));

const open = (path) => page.goto(`${server.origin}/console/${path}`);
const shot = (name) => page.screenshot({ path: `${shots}${name}.png` });
const see = (text, options = {}) => page.getByText(text, { exact: true, ...options }).first().waitFor({ timeout: 15_000 });
const state = (name) => page.locator(`.canvas [data-state="${name}"]`);
const becomes = async (name, word) => {
  await page.waitForFunction(([n, w]) => document.querySelector(`.canvas [data-state="${n}"]`)?.getAttribute('aria-label')?.includes(w), [name, word], { timeout: 15_000 });
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What a page does against WCAG 2.2 AA in the theme that is on. */
async function accessible(where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
  const found = violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
  if (found.length) trouble.push(`${where}: ${found.join('; ')}`);
}

/** A picture of the page, and its check in both themes. */
async function look(name) {
  await shot(name);
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await accessible(`${name}, ${colorScheme}`);
  }
}

async function step(name, run) {
  const began = performance.now();
  await run();
  console.log(`ok  ${name} (${Math.round(performance.now() - began)} ms)`);
}

const start = (machine, name, input) => server.call('StartExecution', { stateMachineArn: arn('stateMachine', machine), name, input: JSON.stringify(input) });

try {
  await step('an empty server says what to do', async () => {
    const response = await page.goto(server.origin);
    assert.equal(new URL(response.url()).pathname, '/console/', 'the root leads a browser to the console');
    await page.getByText('No state machine was created yet.').waitFor();
    await look('empty');
  });

  for (const [name, definition, type = 'STANDARD'] of machines) {
    await server.call('CreateStateMachine', { name, definition: JSON.stringify(definition), type, roleArn: 'arn:aws:iam::123456789012:role/any' });
  }
  for (let i = 0; i < 14; i++) await start('hello', `hello-${i}`, { i });

  await step('an execution is seen live', async () => {
    await start('order-fulfilment', 'ord-88412', orderInput());
    await open('executions/order-fulfilment/ord-88412');
    await becomes('Charge card', 'Retrying');
    await see('Live');
    await state('Charge card').click();
    await page.getByRole('tab', { name: /Attempts/ }).click();
    await see('Attempt 1');
    await shot('execution-live');
    await becomes('Ship parcel', 'Waiting');
    await becomes('Done', 'Succeeded');
    await page.getByRole('tab', { name: 'Data' }).click();
    await page.getByRole('heading', { name: 'Output' }).waitFor();
    assert.match(page.url(), /state=Charge/, 'the chosen state is in the address');
    await look('execution-done');
  });

  await step('a failure is loud', async () => {
    await start('order-fulfilment', 'ord-refused', orderInput({ orderId: '7', refuse: true, total: 20 }));
    await open('executions/order-fulfilment/ord-refused');
    await becomes('Order failed', 'Failed');
    await page.locator('.head .error-band').getByText('Order.Refused').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await state('Charge card').click();
    await see('Card.Refused');
    await shot('execution-failed-dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  await step('an execution is redriven', async () => {
    await start('order-fulfilment', 'ord-heals', orderInput({ orderId: '11', total: 20, shipping: 600, failures: 0 }));
    await open('executions/order-fulfilment/ord-heals');
    await becomes('Ship parcel', 'Waiting');
    await server.call('StopExecution', { executionArn: arn('execution', 'order-fulfilment:ord-heals') });
    await becomes('Ship parcel', 'Aborted');
    await page.getByRole('button', { name: 'Redrive' }).click();
    await page.getByRole('button', { name: 'Redrive execution' }).click();
    await becomes('Ship parcel', 'Waiting');
    await see('Live');
    await server.call('StopExecution', { executionArn: arn('execution', 'order-fulfilment:ord-heals') });
  });

  await step('a long history scrolls', async () => {
    await start('count-up', 'long', Array.from({ length: 6000 }, (_, i) => i));
    const began = performance.now();
    await open('executions/count-up/long?tab=events');
    await page.getByText('24,006 events').waitFor({ timeout: 30_000 });
    console.log(`    24,006 events on the page after ${Math.round(performance.now() - began)} ms`);
    const rows = await page.locator('.vrow').count();
    assert.ok(rows < 80, `only rows on screen exist, but there are ${rows}`);
    const grid = page.getByRole('grid', { name: 'Events' });
    await grid.focus();
    await grid.press('End');
    await see('ExecutionSucceeded');
    await page.locator('.inspector').getByText('Event 24006').waitFor();
    await page.getByRole('heading', { name: 'Output' }).waitFor();
    await grid.press('Home');
    await page.locator('.inspector').getByText('Event 1 ').waitFor();
    await page.getByLabel('Filter events').fill('#4711');
    await page.getByLabel('Filter events').fill('MapIterationSucceeded');
    await page.getByText('6,000 of 24,006 events').waitFor();
    await look('events');
    await page.getByRole('tab', { name: 'Steps' }).click();
    await becomes('Count', '6,000 runs');
    await shot('execution-long');
  });

  await step('a map run is followed', async () => {
    await start('photo-ingest', 'run-1', Array.from({ length: 300 }, (_, i) => ({ id: i, bad: i % 9 === 0 })));
    await open('executions/photo-ingest/run-1');
    await becomes('Resize each photo', 'Running');
    await state('Resize each photo').click();
    await page.getByRole('link', { name: 'Open its items' }).click();
    await page.getByText('items/s now').waitFor();
    await page.locator('.spark').waitFor({ timeout: 15_000 });
    await shot('map-run-live');
    await page.getByText('items/s on average').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Failed' }).click();
    await page.locator('td .pill').first().waitFor();
    await look('map-run-done');
    await page.locator('td.name a').first().click();
    await becomes('Corrupt', 'Failed');
    await shot('map-child');
  });

  await step('an execution is started and stopped', async () => {
    await open('machines/order-fulfilment');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const input = page.getByLabel('Input', { exact: true });
    await input.fill('{"total": ');
    await page.locator('#start-input-help.bad').waitFor();
    assert.ok(await page.locator('dialog').getByRole('button', { name: 'Start' }).isDisabled(), 'broken JSON cannot be sent');
    await shot('start-broken');
    await input.fill(JSON.stringify(orderInput({ orderId: '9', shipping: 600, failures: 0 }), null, 2));
    await page.getByLabel(/Name/).fill('by-hand');
    await look('start');
    await input.press('Control+Enter');
    await page.waitForURL(/executions\/order-fulfilment\/by-hand/);
    await becomes('Ship parcel', 'Waiting');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop execution' }).click();
    await becomes('Ship parcel', 'Aborted');
    await page.locator('.head .pill', { hasText: 'Aborted' }).waitFor();
  });

  await step('an Express execution shows its output', async () => {
    await open('');
    await page.getByRole('button', { name: 'Start greeting' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('dialog .j-string', { hasText: 'world' }).waitFor();
    await page.keyboard.press('Escape');
  });

  await step('lists, definitions, functions', async () => {
    await open('');
    await page.locator('.runs').first().waitFor();
    await look('overview');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('overview-dark');
    await open('machines/order-fulfilment?tab=definition');
    await state('Fulfil').waitFor();
    await shot('definition-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await open('machines/order-fulfilment');
    await page.getByRole('link', { name: 'by-hand' }).waitFor();
    await look('machine');
    await open('executions?status=FAILED');
    await page.getByRole('link', { name: 'ord-refused' }).waitFor();
    await look('executions');
    await open('functions');
    await page.getByRole('link', { name: 'charge-card' }).click();
    await page.getByText('charging order 88412 attempt 1').waitFor();
    await look('function-log');
    await open(`arn/${arn('stateMachine', 'hello')}`);
    await page.getByRole('heading', { name: 'hello' }).waitFor();
    await open('executions/hello/none');
    await page.getByText(/Execution Does Not Exist/).waitFor();
  });

  await step('narrow screens', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await open('executions/order-fulfilment/ord-88412');
    await becomes('Done', 'Succeeded');
    await shot('narrow');
  });

  const expected = trouble.filter((t) => !t.includes('404'));
  assert.deepEqual(expected, [], 'the pages ran without errors and asked nobody else');
} catch (e) {
  await shot('trouble');
  console.error(trouble);
  throw e;
} finally {
  await browser.close();
  await server.stop();
}
