// WeCom, as far as Tencent's own @wecom/crypto plays it: reads one JSON request a line, writes one
// JSON answer a line. A request that fails is answered with {"error": ...}.
import { createInterface } from 'node:readline';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';

// Text as CDATA, as any XML writer does it.
const cdata = (text) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

const query = (fields) => new URLSearchParams(fields).toString();

function element(xml, name) {
    const found = xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)(?:\\]\\]>)?</${name}>`));
    if (found === null) throw new Error(`no ${name} in the envelope`);
    return found[1];
}

// What WeCom does with the query of a request before it trusts the rest.
function checked(request, target, encrypted) {
    const given = new URL(target, 'http://localhost').searchParams;
    const timestamp = given.get('timestamp');
    const nonce = given.get('nonce');
    const cipher = encrypted ?? given.get('echostr');
    if (getSignature(request.token, timestamp, nonce, cipher) !== given.get('msg_signature')) {
        throw new Error('signature mismatch');
    }
    const { message, id } = decrypt(request.key, cipher);
    return { message, id };
}

const handlers = {
    seal({ key, token, timestamp, nonce, message, id }) {
        const encrypted = encrypt(key, message, id);
        return { encrypt: encrypted, signature: getSignature(token, timestamp, nonce, encrypted) };
    },

    open({ key, token, timestamp, nonce, encrypt: encrypted }) {
        const { message, id } = decrypt(key, encrypted);
        return { message, id, signature: getSignature(token, timestamp, nonce, encrypted) };
    },

    // A member wrote `text`: the request that WeCom makes.
    callback(request) {
        const { key, token, timestamp, nonce, id, user, agent, text, msgId } = request;
        const xml =
            `<xml><ToUserName>${cdata(id)}</ToUserName><FromUserName>${cdata(user)}</FromUserName>` +
            `<CreateTime>${timestamp}</CreateTime><MsgType>${cdata('text')}</MsgType>` +
            `<Content>${cdata(text)}</Content><MsgId>${msgId}</MsgId><AgentID>${agent}</AgentID></xml>`;
        const encrypted = encrypt(key, xml, id);
        const body =
            `<xml><ToUserName>${cdata(id)}</ToUserName><AgentID>${cdata(agent)}</AgentID>` +
            `<Encrypt>${cdata(encrypted)}</Encrypt></xml>`;
        const msg_signature = getSignature(token, timestamp, nonce, encrypted);
        return { query: query({ msg_signature, timestamp, nonce }), body };
    },

    // The admin console verifies a callback URL.
    verification({ key, token, timestamp, nonce, id, message }) {
        const echostr = encrypt(key, message, id);
        const msg_signature = getSignature(token, timestamp, nonce, echostr);
        return { query: query({ msg_signature, timestamp, nonce, echostr }) };
    },

    openCallback: (request) => checked(request, request.target, element(request.body, 'Encrypt')),
    openVerification: (request) => checked(request, request.target),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    let answer;
    try {
        const request = JSON.parse(line);
        answer = handlers[request.do](request);
    } catch (error) {
        answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
