// What a member sends beside words: pictures, voice, videos, files, links.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAA' +
    'AElFTkSuQmCC', 'base64');
const speech = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(320, 0x3c)]);

async function choose(visitor, name, mimeType, buffer) {
    await visitor.page.locator('#file').setInputFiles({ name, mimeType, buffer });
}

async function sendFile(visitor, name, mimeType, buffer) {
    await choose(visitor, name, mimeType, buffer);
    await visitor.get('attachment').waitFor();
    await visitor.get('send').click();
}

// Drops it on the chat, as from a folder.
async function drop(visitor, name, type, text) {
    const transfer = await visitor.page.evaluateHandle(([fileName, fileType, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], fileName, { type: fileType }));
        return data;
    }, [name, type, text]);
    await visitor.get('log').dispatchEvent('drop', { dataTransfer: transfer });
}

test('a picture is sent as a member sends it, and the gateway fetches it before the agent hears',
     async () => {
         const visitor = await used.visit();
         await sendFile(visitor, 'red.png', 'image/png', pixel);
         await visitor.answered('echo: [sent a picture]');
         const picture = visitor.page.locator('[data-testid=bubble] img').first();
         await picture.waitFor();
         assert.ok(await picture.evaluate(
             (image) => image.decode().then(() => image.naturalWidth)) > 0);
         await visitor.get('tab-everything').click();
         const steps = visitor.get('wire-step');
         await steps.filter({ hasText: 'media/get' }).first().waitFor();
         await steps.filter({ hasText: `with a file of ${pixel.length} bytes` }).first().waitFor();
         await visitor.close();
     });

test('a voice file is a voice message, a dropped document is a file with its name', async () => {
    const visitor = await used.visit();
    await sendFile(visitor, 'hello.amr', 'audio/amr', speech);
    await visitor.answered('echo: [sent a voice message]');
    assert.equal(
        await visitor.page.locator('[data-testid=bubble][data-type=voice]').count(), 1);
    await drop(visitor, '报告.txt', 'text/plain', 'the report');
    await visitor.get('attachment').filter({ hasText: '报告.txt' }).waitFor();
    await visitor.get('send').click();
    await visitor.answered('echo: [sent a file] 报告.txt');
    const link = visitor.page.locator('[data-testid=bubble][data-type=file] a.download');
    const answer = await visitor.page.request.get(
        new URL(await link.getAttribute('href'), used.simulator.url).href);
    assert.equal(await answer.text(), 'the report');
    assert.equal(answer.headers()['content-disposition'], 'attachment');
    await visitor.close();
});

test('a voice message is recorded from the microphone and sent', async () => {
    const visitor = await used.visit();
    await visitor.chat('it-help').click();
    await visitor.get('record').click();
    await visitor.page.locator('[data-testid=record][data-seconds="1"]').waitFor();
    await visitor.get('record').click();
    await visitor.get('attachment').filter({ hasText: 'voice.webm' }).waitFor();
    await visitor.get('send').click();
    await visitor.answered('echo: [sent a voice message]');
    await visitor.page.locator('[data-testid=bubble][data-type=voice] audio').waitFor();
    await visitor.close();
});

test('what WeCom would not take is refused before it is sent', async () => {
    const visitor = await used.visit();
    await choose(visitor, 'long.amr', 'audio/amr', Buffer.alloc(2 * 1024 * 1024 + 1));
    await visitor.get('complaint').filter({ hasText: '2 MB' }).waitFor();
    await choose(visitor, 'tiny.txt', 'text/plain', Buffer.from('12345'));
    await visitor.get('complaint').filter({ hasText: '6 bytes' }).waitFor();
    await choose(visitor, 'no.png', 'image/gif', Buffer.from('not a picture'));
    await visitor.get('complaint').filter({ hasText: 'not an image' }).waitFor();
    assert.ok(await visitor.get('attachment').isHidden());
    await sendFile(visitor, 'no.png', 'image/png', Buffer.from('not a picture'));
    await visitor.get('complaint').filter({ hasText: 'PNG or JPEG' }).waitFor();
    await visitor.get('attachment').waitFor();  // given back
    visitor.wasRefused(415);
    await visitor.close();
});

test('a photo of a little more than 10 MB is made smaller, and sent', async () => {
    const visitor = await used.visit();
    // Noise, which PNG can't make smaller: about 3.4 bytes a pixel.
    const transfer = await visitor.page.evaluateHandle(async () => {
        const canvas = new OffscreenCanvas(1725, 1725);
        const context = canvas.getContext('2d');
        const image = context.createImageData(canvas.width, canvas.height);
        for (let at = 0; at < image.data.length; at += 4) {
            image.data.set([Math.random() * 256, Math.random() * 256, Math.random() * 256, 255], at);
        }
        context.putImageData(image, 0, 0);
        const photo = await canvas.convertToBlob();
        const data = new DataTransfer();
        data.items.add(new File([photo], 'photo.png', { type: 'image/png' }));
        return data;
    });
    const bytes = await transfer.evaluate((data) => data.files[0].size);
    assert.ok(bytes > 10_000_000 && bytes < 10 * 1024 * 1024, `${bytes} bytes`);
    await visitor.get('log').dispatchEvent('drop', { dataTransfer: transfer });
    await visitor.get('attachment').locator('img').waitFor();
    await visitor.get('send').click();
    await visitor.answered('echo: [sent a picture]');
    await visitor.close();
});

test('a file that is gone is told to the agent, in both languages', async () => {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.fault('lost-file').click();
    await sendFile(visitor, 'lost.txt', 'text/plain', Buffer.from('gone by then'));
    await visitor.answered('文件缺失：企业微信只保留三天');
    await visitor.fault('lost-file').click();
    await visitor.close();
});

test('a link is sent with its title and address', async () => {
    const visitor = await used.visit();
    await visitor.get('send-link').click();
    await visitor.get('dialog-link').locator('[name=title]').fill('The handbook');
    await visitor.get('submit').click();
    await visitor.answered('echo: [sent a link] The handbook');
    await visitor.answered('https://example.com/');
    await visitor.close();
});
