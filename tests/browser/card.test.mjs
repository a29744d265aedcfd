// Cards with buttons: pressing one, and what the member sees of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

// What the app `assistant` asks of WeCom, as a program of its corp would.
async function call(path, body) {
    const config = await used.simulator.config();
    const value = (key) => config.match(new RegExp(`${key}: *"?([^"\\s]+)`))[1];
    const { api } = used.simulator;
    const token = await (await fetch(`${api}/cgi-bin/gettoken?corpid=${value('corp_id')}` +
                                     `&corpsecret=${value('corp_secret')}`)).json();
    const answer = await (await fetch(`${api}/cgi-bin/${path}?access_token=${token.access_token}`, {
        method: 'POST',
        body: JSON.stringify({ ...body, agentid: Number(value('agent_id')) }),
    })).json();
    assert.equal(answer.errcode, 0, answer.errmsg);
    return answer;
}

function sendCard(card) {
    return call('message/send', { touser: 'zhangsan', msgtype: 'template_card',
                                  template_card: card });
}

function buttonCard(taskId, title) {
    return {
        card_type: 'button_interaction', task_id: taskId, main_title: { title },
        sub_title_text: 'All tests pass.',
        button_list: [{ text: 'Approve', style: 1, key: '1' },
                      { text: 'Refuse', style: 2, key: '2' }],
    };
}

const listCard = {
    card_type: 'vote_interaction', task_id: 'their-list', main_title: { title: 'Which room?' },
    checkbox: { question_key: 'room', mode: 0,
                option_list: ['Red', 'Blue'].map((text) => ({ id: text, text,
                                                              is_checked: false })) },
    submit_button: { text: 'Submit', key: 'submit' },
};

test('a button is pressed, and the agent hears of it', async () => {
    const visitor = await used.visit();
    await sendCard(buttonCard('their-card', 'Ship version 7?'));
    const card = visitor.bubble('app', 'Ship version 7?');
    await card.getByText('All tests pass.').waitFor();
    await card.getByRole('button', { name: 'Refuse' }).click();
    await visitor.answered('echo: [answered a card] 2');
    await visitor.bubble('member', 'Refuse').waitFor();
    await visitor.close();
});

test('a card that was taken back has no buttons', async () => {
    const visitor = await used.visit();
    const { msgid } = await sendCard(buttonCard('their-mistake', 'Ship version 8?'));
    const card = visitor.bubble('app', 'Ship version 8?');
    await card.getByRole('button', { name: 'Refuse' }).waitFor();
    await call('message/recall', { msgid });
    await card.getByRole('button', { name: 'Refuse' }).waitFor({ state: 'detached' });
    await visitor.close();
});

test('an option of a list is selected and submitted', async () => {
    const visitor = await used.visit();
    await sendCard(listCard);
    const card = visitor.bubble('app', 'Which room?');
    await card.getByLabel('Blue').check();
    await card.getByRole('button', { name: 'Submit' }).click();
    await visitor.answered('echo: [answered a card] submit room: Blue');
    await visitor.close();
});

test('a card that is closed is grey, shows the label, and keeps it after a reload', async () => {
    const visitor = await used.visit();
    const { response_code: code } = await sendCard(buttonCard('their-card-1', '可以发布吗？'));
    const card = visitor.bubble('app', '可以发布吗？');
    await card.getByRole('button', { name: 'Approve' }).waitFor();
    await call('message/update_template_card', { userids: ['zhangsan'], response_code: code,
                                                 button: { replace_name: '已过期' } });
    const closed = card.getByRole('button', { name: '已过期' });
    await closed.waitFor();
    assert.equal(await closed.isDisabled(), true);
    assert.equal(await card.getByRole('button', { name: 'Approve' }).count(), 0);
    await visitor.page.reload();
    await closed.waitFor();
    await visitor.close();
});

test('in WeChat a card is not shown', async () => {
    const visitor = await used.visit();
    await sendCard(buttonCard('their-card-2', 'Not for WeChat?'));
    await visitor.bubble('app', 'Not for WeChat?').waitFor();
    await visitor.get('client-wechat').click();
    await visitor.bubble('app', 'Not for WeChat?').waitFor({ state: 'detached' });
    await visitor.bubble('app', 'Unsupported message').first().waitFor();
    await visitor.get('client-wecom').click();
    await visitor.bubble('app', 'Not for WeChat?').waitFor();
    await visitor.close();
});

test('a link card shows where it leads, in WeChat too', async () => {
    const visitor = await used.visit();
    await call('message/send', { touser: 'zhangsan', msgtype: 'textcard', textcard: {
        title: 'The report', description: 'Of this quarter.', url: 'https://example.com/r' } });
    const card = visitor.bubble('app', 'The report').getByTestId('link-card');
    await card.getByText('Of this quarter.').waitFor();
    assert.equal(await card.getAttribute('href'), 'https://example.com/r');
    assert.equal(await card.getAttribute('target'), '_blank');
    await visitor.get('client-wechat').click();
    await card.waitFor();
    await visitor.get('client-wecom').click();
    await visitor.close();
});
