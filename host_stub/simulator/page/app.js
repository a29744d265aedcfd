// Starts the page: the connection, the views, and what belongs to the page as a whole.
import { startAgent } from './agent.js';
import { startBanner } from './banner.js';
import { announce, on } from './changes.js';
import { startChat } from './chat.js';
import { startComposer } from './composer.js';
import { connect } from './connection.js';
import { openShortcuts, startDialogs } from './dialogs.js';
import { startDoctor } from './doctor.js';
import { byId, startIcons } from './dom.js';
import { startEntering } from './entering.js';
import { startFaults } from './faults.js';
import { startGateway } from './gateway.js';
import { startMenu } from './menu.js';
import { startOutbox } from './outbox.js';
import { startSentences } from './said.js';
import { startSidebar, stepChat } from './sidebar.js';
import { markRead, rememberRead, state, take } from './state.js';
import { applyTexts, chooseLanguage, language } from './texts.js';
import { startWire } from './wire.js';

const onePane = matchMedia('(max-width: 899px)');
const withoutChats = matchMedia('(max-width: 679px)');  // the chats are a pane of their own

function showPane(pane) {
    document.body.dataset.pane = pane;
    document.querySelectorAll('.tabs [data-pane]').forEach((button) => {
        button.setAttribute('aria-current', button.dataset.pane === pane ? 'page' : 'false');
    });
    nameMain();
    markRead();
}

// Where only one pane is shown, that is what the page is about.
function nameMain() {
    const { pane } = document.body.dataset;
    byId('sidebar').setAttribute(
        'role', withoutChats.matches && pane === 'chats' ? 'main' : 'navigation');
    document.querySelector('.wire').setAttribute(
        'role', onePane.matches && pane === 'wire' ? 'main' : 'complementary');
}

function startPanes() {
    onePane.addEventListener('change', nameMain);
    withoutChats.addEventListener('change', nameMain);
    document.querySelectorAll('.tabs [data-pane]').forEach((button) => {
        button.addEventListener('click', () => showPane(button.dataset.pane));
    });
    state.isChatInView = () => !onePane.matches || document.body.dataset.pane === 'chat';
    on('opened', () => {
        showPane('chat');
        if (!onePane.matches) {
            byId('composer-text').focus();
        }
    });
    on('wireWanted', () => showPane('wire'));
    byId('open-faults').addEventListener('click', () => {
        showPane('wire');
        byId('faults').open = true;
        byId('faults').querySelector('summary').focus();
    });
    showPane(withoutChats.matches ? 'chats' : 'chat');
}

function startLanguage() {
    byId('language').addEventListener('click', () => {
        chooseLanguage(language() === 'zh' ? 'en' : 'zh');
        applyTexts();
        announce('language');
    });
    applyTexts();
}

const isTyping = (target) => target.closest('input, textarea, select, dialog') !== null;

function onEscape() {
    if (byId('faults').open && byId('faults').contains(document.activeElement)) {
        byId('faults').open = false;
        byId('faults').querySelector('summary').focus();
    } else {
        byId('composer-text').focus();
    }
}

function onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.defaultPrevented) {
        return;
    }
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        if (!document.querySelector('dialog[open]')) {
            event.preventDefault();
            stepChat(event.key === 'ArrowUp' ? -1 : 1);
        }
    } else if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
        onEscape();
    } else if (!isTyping(event.target) && event.key === '/') {
        event.preventDefault();
        showPane('chat');
        byId('composer-text').focus();
    } else if (!isTyping(event.target) && event.key === '?') {
        event.preventDefault();
        openShortcuts();
    } else if (!isTyping(event.target) && event.key.length === 1 && event.key !== ' ') {
        byId('composer-text').focus();  // where the letter goes then
    }
}

// Who opens the page may write at once.
function startFocus() {
    let isFirst = true;
    on('snapshot', () => {
        if (isFirst && document.activeElement === document.body && !onePane.matches) {
            byId('composer-text').focus();
        }
        isFirst = false;
    });
}

startIcons();
startLanguage();
startSentences();
startSidebar();
startChat();
startComposer();
startMenu();
startWire();
startGateway();
startFaults();
startOutbox();
startDoctor();
startBanner();
startAgent();
startDialogs();
startPanes();
startFocus();
startEntering();
document.addEventListener('keydown', onKey);
document.addEventListener('visibilitychange', markRead);
addEventListener('pagehide', rememberRead);
connect(take, (isConnected) => {
    state.isConnected = isConnected;
    announce('connection');
});
