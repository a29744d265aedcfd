// Every *.test.mjs of this folder, two at a time: most of a test is waiting for a page.
import { readdir } from 'node:fs/promises';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = (await readdir(folder)).filter((name) => name.endsWith('.test.mjs')).sort();
if (files.length === 0) {
    throw new Error(`no test in ${folder}`);
}
run({ files: files.map((name) => folder + name), concurrency: 2 })
    .on('test:fail', () => { process.exitCode = 1; })
    .compose(tap)
    .pipe(process.stdout);
