// Fails when the committed pages are not what their source builds to.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const committed = fileURLToPath(new URL('../../dist', import.meta.url));
const fresh = mkdtempSync(join(tmpdir(), 'pawl-dist-'));

const filesOf = (dir) => new Map(
  readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name)).map((name) => [relative(dir, name), readFileSync(name)]),
);

try {
  execFileSync('npx', ['vite', 'build', '--outDir', fresh, '--logLevel', 'warn'], { stdio: 'inherit' });
  const [want, have] = [filesOf(fresh), filesOf(committed)];
  const different = [...new Set([...want.keys(), ...have.keys()])].filter((name) => !want.get(name)?.equals(have.get(name) ?? Buffer.alloc(0)));
  if (different.length > 0) {
    console.error(`dist is not what its source builds to (npm run build): ${different.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
