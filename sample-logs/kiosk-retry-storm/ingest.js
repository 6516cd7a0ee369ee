// SPDX-License-Identifier: Apache-2.0
// Takes batches of kiosks, at most 25 a second, with an audit entry for each, which goes to Redis at 12 a second.
// Usage: node ingest.js (environment: PORT, REDIS)
const http = require('http');
const { createClient } = require('redis');

const PER_SECOND = 25;
const BURST = 40;
const ROOM = 150; // audit entries that may wait
const store = createClient({ url: `redis://127.0.0.1:${process.env.REDIS}` });
const say = (severity, text) => console.log(`[${new Date().toISOString()}] [${severity}] ingest - ${text}`);

const audit = [];
let tokens = BURST;
let at = Date.now();
let accepted = 0;
let bad = 0;

function token(now) {
  tokens = Math.min(BURST, tokens + PER_SECOND * (now - at) / 1000);
  at = now;
  if (tokens < 1) return false;
  tokens--;
  return true;
}

function take(kiosk, batch) {
  const now = Date.now();
  if (!token(now)) {
    say('WARN', `429 to ${kiosk}, more than ${PER_SECOND} batches a second`);
    return 429;
  }
  if (audit.length >= ROOM) {
    say('ERROR', `audit queue is full (${ROOM}), batch ${batch} of ${kiosk} refused`);
    return 503;
  }
  audit.push(`${kiosk} ${batch} ${now}`);
  if (batch.endsWith('x')) {
    bad++;
    say('WARN', `batch ${batch} of ${kiosk}: checksum differs`);
    return 422;
  }
  accepted++;
  return 202;
}

http.createServer((req, res) => {
  const [, kind, kiosk, batch] = req.url.split('/');
  res.writeHead(kind === 'batch' ? take(kiosk, batch) : 404).end();
}).listen(process.env.PORT, '127.0.0.1');

setInterval(async () => {
  const entry = audit.shift();
  if (!entry) return;
  await store.lPush('audit', entry);
  await store.lTrim('audit', 0, 5000);
}, 83);
setInterval(() => {
  say('INFO', `stats accepted=${accepted} bad=${bad} audit=${audit.length}`);
  accepted = 0;
  bad = 0;
}, 10000);
store.connect().then(() => say('INFO', 'ingest is open, redis connected'));
