// What an agent sends beside words: the member sees the picture, and opens the file.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

// Ten red pixels, ten times.
const pixels = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuY'
    + 'AAAAAElFTkSuQmCC';
const agent = ['/bin/sh', '-c',
    `cat > /dev/null; echo ${pixels} | base64 -d > "$HERMES_FILES/chart.png"; `
    + 'printf "the report" > "$HERMES_FILES/报告.txt"; echo "Here they are:"; '
    + 'echo "MEDIA:$HERMES_FILES/chart.png"; echo "MEDIA:$HERMES_FILES/报告.txt"'];

test('a picture that the agent made is shown, and its file opens with what is in it', async () => {
    const visitor = await used.visit();
    await visitor.useAgent(...agent);
    await visitor.write('a chart and a report, please');
    await visitor.answered('Here they are:');
    const picture = visitor.page
        .locator('[data-testid=bubble][data-from=app][data-type=image] img').first();
    await picture.waitFor();
    assert.equal(await picture.evaluate(
        (image) => image.decode().then(() => image.naturalWidth)), 10);
    const link = visitor.page
        .locator('[data-testid=bubble][data-from=app][data-type=file] a.download').first();
    await link.filter({ hasText: '报告.txt' }).waitFor();
    assert.equal(await link.getAttribute('download'), '报告.txt');
    const answer = await visitor.page.request.get(
        new URL(await link.getAttribute('href'), used.simulator.url).href);
    assert.equal(await answer.text(), 'the report');
    await visitor.get('tab-everything').click();
    await visitor.get('wire-step').filter({ hasText: 'media/upload' }).first().waitFor();
    await visitor.close();
});
