// SPDX-License-Identifier: Apache-2.0
// A site of the shop; EXTRA are milliseconds that it takes longer. Usage: node shop.js (environment: NAME, PORT, RELEASE, EXTRA, DSN)
const http = require('http');
const { Pool } = require('pg');

const { NAME, PORT, RELEASE, EXTRA, DSN } = process.env;
const db = new Pool({ connectionString: DSN, max: 5 });

function say(level, text) {
  const time = new Date().toISOString().replace('T', ' ').slice(0, 23);
  console.log(`${time} ${level} ${NAME} (${RELEASE}) ${text}`);
}

async function show(url) {
  const item = Number(url.split('/')[2]);
  try {
    const { rows } = await db.query('SELECT name FROM items WHERE id = $1', [item || 0]);
    if (!url.startsWith('/item/')) return 404;
    if (!rows.length) {
      say('WARN', `item ${item} does not exist`);
      return 404;
    }
    if (Math.random() < 0.012) say('ERROR', `rating of item ${item} not shown: widget script blocked by the visitor`);
    return 200;
  } catch (err) {
    say('ERROR', `item ${item}: ${err.message}`);
    return 500;
  }
}

const server = http.createServer(async (req, res) => {
  if (req.url === '/up') return res.end('ok');
  const begun = Date.now();
  const status = await show(req.url);
  setTimeout(() => {
    res.writeHead(status).end();
    say('INFO', `${req.method} ${req.url} ${status} ${Date.now() - begun} ms`);
  }, Number(EXTRA) + Math.random() * 20);
});
server.listen(PORT, '127.0.0.1', () => say('INFO', 'ready'));
process.on('SIGTERM', () => {
  say('INFO', 'told to stop, requests are finished first');
  server.close(() => {
    say('INFO', 'stopped, nothing left');
    process.exit(0);
  });
  server.closeIdleConnections();
});
