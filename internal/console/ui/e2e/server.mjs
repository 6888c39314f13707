// A Pawl server of its own for the journey, with a client of its public API.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** Starts a server; files are put into its functions and buckets directories first. */
export async function startServer(files) {
  const home = mkdtempSync(join(tmpdir(), 'pawl-console-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  const binary = process.env.PAWL ?? join(home, 'pawl');
  if (!process.env.PAWL) execFileSync('go', ['build', '-o', binary, './cmd/pawl'], { cwd: repository, stdio: 'inherit' });
  const server = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--data', join(home, 'data'), '--functions', join(home, 'functions')]);
  let said = '';
  const origin = await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.on('exit', (code) => reject(new Error(`pawl serve ended with ${code}: ${said}`)));
  });
  const stop = () => new Promise((resolve) => {
    server.removeAllListeners('exit');
    server.on('exit', () => {
      rmSync(home, { recursive: true, force: true });
      resolve();
    });
    server.kill('SIGTERM');
  });
  return { origin, home, stop, call: (operation, body) => call(origin, operation, body) };
}

async function call(origin, operation, body) {
  const response = await fetch(origin, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AWSStepFunctions.${operation}` },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
}
