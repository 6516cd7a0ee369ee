// SPDX-License-Identifier: Apache-2.0
// A gateway that takes media from three hosts in turn over TLS and checks their names. Usage: node gateway.js PORT CA HOST=PORT...
const fs = require('fs');
const http = require('http');
const https = require('https');

const [port, ca, ...hosts] = process.argv.slice(2);
const media = hosts.map((entry) => entry.split('='));
const agent = new https.Agent({ ca: fs.readFileSync(ca), keepAlive: true, maxCachedSessions: 0 });
let turn = 0;
const log = (level, text) => console.log(`${new Date().toISOString().replace('T', ' ').replace('Z', ' +00:00')} [gateway:${process.pid}] ${level} ${text}`);

function take(path) {
  const [name, upstream] = media[turn++ % media.length];
  return new Promise((resolve, reject) => {
    const request = https.get({ host: '127.0.0.1', port: upstream, path, servername: name, headers: { Host: name }, agent, timeout: 3000 }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve([answer.statusCode, name]));
    });
    request.on('timeout', () => request.destroy(new Error('timeout of 3000 ms exceeded')));
    request.on('error', (err) => reject(Object.assign(err, { upstream: name })));
  });
}

const server = http.createServer(async (req, res) => {
  const begun = Date.now();
  let status;
  let from = '-';
  try {
    [status, from] = await take(req.url);
    if (status === 404) log('WARN', `no such medium: ${req.url}`);
  } catch (err) {
    status = 502;
    from = err.upstream;
    log('ERROR', `${req.url} not taken from ${err.upstream}: ${err.code}: ${err.message}`);
  }
  log('INFO', `${req.method} ${req.url} ${status} ${Date.now() - begun}ms from=${from}`);
  res.writeHead(status).end();
});

setInterval(() => log('ERROR', 'usage report not sent: statistics bucket "media-usage" does not exist (NoSuchBucket)'), 22000);
server.listen(port, '127.0.0.1', () => log('INFO', `gateway is listening on ${port}, ${media.length} media hosts`));
