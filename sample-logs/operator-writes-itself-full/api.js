// SPDX-License-Identifier: Apache-2.0
// Claims of storage, kept in etcd; a claim is placed on a node whose heartbeat is not older than 15 s.
// Usage: node api.js PORT ETCD_URL VERSION
const http = require('http');
const pino = require('pino');

const FRESH = 15; // seconds
const NODES = ['n-1', 'n-2', 'n-3'];
const [port, etcd, version] = process.argv.slice(2);
const log = pino({ base: { service: 'volumes-api', host: 'ctl-1' }, timestamp: pino.stdTimeFunctions.isoTime });
const encode = (text) => Buffer.from(text).toString('base64');
const decode = (text) => Buffer.from(text, 'base64').toString();
let next = 5000;

async function kv(operation, body) {
  const question = { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(4000) };
  const answer = await fetch(`${etcd}/v3/kv/${operation}`, question);
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.message);
  return content;
}

async function read(key) {
  const { kvs } = await kv('range', { key: encode(key) });
  return kvs && decode(kvs[0].value);
}

async function readyNodes() {
  const beats = await Promise.all(NODES.map((node) => read(`/nodes/${node}`)));
  return NODES.filter((_, i) => beats[i] && Date.now() / 1000 - Number(beats[i]) < FRESH);
}

async function claim(pool, say) {
  const ready = await readyNodes();
  if (!ready.length) {
    say.error('no ready node for claim');
    return [503, { error: 'no ready node' }];
  }
  if (ready.length < NODES.length) say.warn({ ready }, 'placing with fewer nodes');
  if (!await read(`/pools/${pool}/status`)) {
    say.warn({ pool }, 'claim for unknown pool');
    return [404, { error: 'unknown pool' }];
  }
  if (Math.random() < 0.04) {
    say.warn({ pool }, 'claim exceeds tenant quota');
    return [403, { error: 'tenant quota' }];
  }
  const id = `c-${next++}`;
  const node = ready[next % ready.length];
  await kv('put', { key: encode(`/claims/${id}`), value: encode(JSON.stringify({ pool, node, size: 10, at: new Date() })) });
  say.info({ claim: id, pool, node }, 'claim bound');
  return [201, { id }];
}

async function show(key) {
  return [await read(key) ? 200 : 404, {}];
}

async function answer(method, url, say) {
  const [, kind, name] = url.split('/');
  if (method === 'POST' && kind === 'claims') return claim(`p-${name}`, say);
  if (kind === 'claims') return show(`/claims/${name}`);
  if (kind === 'pools') return show(`/pools/p-${name}/status`);
  return [404, {}];
}

const server = http.createServer(async (req, res) => {
  const begun = Date.now();
  const say = log.child({ req: Math.random().toString(36).slice(2, 9) });
  req.resume();
  let status;
  let body;
  try {
    [status, body] = await answer(req.method, req.url, say);
  } catch (err) {
    say.error({ err }, 'request failed');
    [status, body] = [503, { error: 'store unavailable' }];
  }
  res.writeHead(status).end(JSON.stringify(body));
  say.info({ method: req.method, url: req.url, status, ms: Date.now() - begun }, 'request completed');
});
server.listen(Number(port), '127.0.0.1', () => log.info({ port, version }, 'listening'));

process.on('SIGTERM', () => {
  log.info('SIGTERM received, closing');
  server.close();
  setTimeout(() => process.exit(0), 300);
});
