// Fails when the first load of the built pages is over its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

// Bytes on the wire: scripts and styles compressed, fonts as they are.
const budgets = { '.js': 200 * 1024, '.css': 25 * 1024, all: 300 * 1024 };

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const sizes = { '.js': 0, '.css': 0, all: 0 };
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const name = join(entry.parentPath, entry.name);
  const plain = readFileSync(name);
  const kind = extname(name);
  const size = kind === '.woff2' ? plain.length : gzipSync(plain, { level: 9 }).length;
  if (kind in sizes) sizes[kind] += size;
  sizes.all += size;
}
let over = false;
for (const [kind, budget] of Object.entries(budgets)) {
  const breach = sizes[kind] > budget;
  over ||= breach;
  console.log(`${kind.padEnd(5)} ${(sizes[kind] / 1024).toFixed(1).padStart(7)} KiB of ${budget / 1024} KiB${breach ? '  OVER' : ''}`);
}
process.exit(over ? 1 : 0);
