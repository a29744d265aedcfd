// A chat that is saved as a scenario passes when it is played back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

// An agent that answers two lines, with quotes.
const sayAgain = String.raw`echo 'you "said":'; sed 's/.*"text":"\([^"]*\)".*/\1/'`;

const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAA' +
    'AElFTkSuQmCC', 'base64');
const speech = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(320, 0x3c)]);

async function save(visitor) {
    const download = visitor.page.waitForEvent('download');
    await visitor.get('save-scenario').click();
    return download;
}

test('a chat with a bad hour is saved, and passes beside the simulation that it is from', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c', sayAgain);
    assert.equal(await visitor.get('save-scenario').isVisible(), false);
    await visitor.write('hello 你好');
    await visitor.answered('你好');
    await visitor.openFaults();
    await visitor.fault('busy').click();
    await visitor.write('while it is busy');
    await visitor.answered('while it is busy');
    await visitor.get('outage').click();
    await visitor.write('in an outage');
    await visitor.step('reply_stored').waitFor();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.write('to nobody');
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.get('outage').click();
    await visitor.answered('in an outage');

    const download = await save(visitor);
    assert.match(download.suggestedFilename(), /^[\w-]+-\w+\.yaml$/u);
    const saved = await readFile(await download.path(), 'utf8');
    assert.match(saved, /api: down\n.*an outage.*kill\n.*nobody.*false\n.*restart\n.*api: up\n/su);
    const played = await used.simulator.play(await download.path());
    assert.match(played.printed, /steps, all as expected\n$/u);
    assert.equal(played.status, 0);
    await visitor.close();
});

// It answers with a file, and says what it heard.
const drawAgain = String.raw`printf 'a,b\n1,2\n' > "$HERMES_FILES/table.csv"; ` +
    String.raw`sed 's/.*"text":"\([^"]*\)".*/heard \1/'; echo; echo "MEDIA:$HERMES_FILES/table.csv"`;

async function sendFile(visitor, name, mimeType, buffer) {
    await visitor.page.locator('#file').setInputFiles({ name, mimeType, buffer });
    await visitor.get('attachment').waitFor();
    await visitor.get('send').click();
    await visitor.page.locator('[data-testid=bubble][data-from=member][data-state=acknowledged]')
        .last().waitFor();
}

test('pictures, files, voice, places and links are saved beside it, and files are expected', async () => {
    const visitor = await used.visit();
    await visitor.chat('it-help').click();
    await visitor.useAgent('/bin/sh', '-c', drawAgain);
    await sendFile(visitor, 'red.png', 'image/png', pixel);
    await sendFile(visitor, 'hello.amr', 'audio/amr', speech);
    await sendFile(visitor, '报告.txt', 'text/plain', Buffer.from('the report'));
    await visitor.get('send-location').click();
    await visitor.get('submit').click();
    await visitor.get('send-link').click();
    await visitor.page.locator('dialog [name=title]').fill('Handbook');
    await visitor.get('submit').click();
    const files = visitor.page.locator('[data-testid=bubble][data-from=app][data-type=file]');
    await files.nth(4).waitFor();
    const download = await save(visitor);
    assert.match(download.suggestedFilename(), /^it-help-\w+\.tar$/u);
    const folder = await mkdtemp(join(tmpdir(), 'hermes-scenario-'));
    execFileSync('tar', ['-xf', await download.path(), '-C', folder]);
    const name = download.suggestedFilename().replace('.tar', '');
    const scenario = join(folder, `${name}.yaml`);
    assert.deepEqual(await readFile(join(folder, name, 'red.png')), pixel);
    const saved = await readFile(scenario, 'utf8');
    assert.match(saved, /file: "[^"]+\/报告\.txt"/u);
    assert.match(saved, /location: .*\n {4}latitude: .*\n {4}longitude: /u);
    assert.match(saved, /expect_file: "table\.csv"\n {4}sha256: "[0-9a-f]{64}"/u);
    const played = await used.simulator.play(scenario);
    assert.match(played.printed, /steps, all as expected\n$/u);
    assert.equal(played.status, 0);

    await writeFile(scenario, saved.replace(/sha256: "[0-9a-f]+"/u, `sha256: "${'0'.repeat(64)}"`));
    const differs = await used.simulator.play(scenario);
    assert.match(differs.printed, /got file "table\.csv" \(8 bytes, sha256 \w+\), expected file/u);
    assert.equal(differs.status, 1);
    await rm(join(folder, name, 'red.png'));
    const missing = await used.simulator.play(scenario);
    assert.equal(missing.status, 2);
    await rm(folder, { recursive: true });
    await visitor.close();
});

test('a saved chat fails when the agent answers otherwise', async () => {
    const visitor = await used.visit();
    await visitor.chat('sales').click();
    await visitor.useAgent('/bin/echo', 'as before');
    await visitor.write('how is it?');
    await visitor.answered('as before');
    const download = await save(visitor);
    await visitor.useAgent('/bin/echo', 'otherwise');
    const played = await used.simulator.play(await download.path());
    assert.match(played.printed, /in sales got "otherwise", expected "as before"\n/u);
    assert.equal(played.status, 1);
    await visitor.close();
});
