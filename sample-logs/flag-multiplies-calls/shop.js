// SPDX-License-Identifier: Apache-2.0
// Product pages on Express that ask the recommendation service. A file of flags is read again every second.
// Usage: node shop.js PORT RECO_PORT FLAGS
const express = require('express');
const fs = require('fs');

const [port, reco, flagFile] = process.argv.slice(2);
let flags = {};
const log = (level, text) => console.log(`${new Date().toISOString()} ${level} [shop] ${text}`);

setInterval(() => {
  const next = JSON.parse(fs.readFileSync(flagFile, 'utf8'));
  for (const name of Object.keys(next)) {
    if (next[name] !== flags[name]) log('INFO ', `flag ${name}: ${flags[name] === undefined ? 'unset' : flags[name]} -> ${next[name]}`);
  }
  flags = next;
}, 1000);

async function recommend(product) {
  const answer = await fetch(`http://127.0.0.1:${reco}/similar/${product}`, { signal: AbortSignal.timeout(1500) });
  return answer.json();
}

const app = express();
app.get('/products/:id', async (req, res) => {
  const begun = Date.now();
  const product = Number(req.params.id);
  if (!(product >= 1 && product <= 900)) {
    log('WARN ', `product ${req.params.id} does not exist`);
    log('INFO ', `GET ${req.url} 404 ${Date.now() - begun}ms`);
    return res.sendStatus(404);
  }
  const asked = flags['bundle-suggestions'] === 'on' ? [0, 1, 2, 3, 4, 5].map((i) => product + 17 * i) : [product];
  let status = 200;
  try {
    await Promise.all(asked.map(recommend));
  } catch (err) {
    status = 504;
    log('ERROR', `page of product ${product} not built: recommendations: ${err.name}: ${err.message}`);
  }
  log('INFO ', `GET ${req.url} ${status} ${Date.now() - begun}ms reco_calls=${asked.length}`);
  return res.status(status).end();
});

setInterval(() => log('ERROR', 'stock of supplier 12 not read: Error: connect EHOSTUNREACH 192.0.2.12:443'), 20000);
app.listen(port, '127.0.0.1', () => log('INFO ', `shop is listening on ${port}`));
process.on('SIGTERM', () => { log('INFO ', 'shop stops'); process.exit(0); });
