// SPDX-License-Identifier: Apache-2.0
// Barriers of parking garages: cars come in, pay and go out. SIGUSR2 turns debug on and off, SIGTERM lets requests end.
// Usage: node gate.js PORT DATABASE_PORT NAME VERSION
const http = require('http');
const mysql = require('mysql2/promise');
const pino = require('pino');

const GARAGES = 12;
const TRIES = 4;
const [port, database, instance, version] = process.argv.slice(2);
const log = pino({ level: 'info', base: { app: 'gate', instance }, timestamp: pino.stdTimeFunctions.isoTime });
const pool = mysql.createPool({ host: '127.0.0.1', port: Number(database), user: 'gate', database: 'parking', connectionLimit: 6 });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function attempt(garage, number, work) {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await work(connection);
    await connection.commit();
    return result;
  } catch (err) {
    await connection.rollback();
    if (err.code !== 'ER_LOCK_DEADLOCK' || number >= TRIES) throw err;
    log.warn({ garage, attempt: number, code: err.code }, `transaction retried: ${err.message}`);
    return null;
  } finally {
    connection.release();
  }
}

async function transaction(garage, work) {
  for (let number = 1; ; number++) {
    const result = await attempt(garage, number, work);
    if (result) return result;
  }
}

async function enter(garage, plate) {
  return transaction(garage, async (connection) => {
    const pair = [Number(garage), 1 + (Number(garage) % GARAGES)];
    if (plate.charCodeAt(plate.length - 1) % 2) pair.reverse(); // so there are deadlocks
    await connection.query('UPDATE garages SET used = used + 1 WHERE id = ?', [pair[0]]);
    await sleep(Math.random() < 0.4 ? 160 : 5);
    await connection.query('UPDATE garages SET seen = seen + 1 WHERE id = ?', [pair[1]]);
    const [made] = await connection.query('INSERT INTO stays (garage, plate) VALUES (?, ?)', [garage, plate]);
    log.info({ garage, plate, stay: made.insertId }, 'barrier opened');
    return [201, 'in'];
  });
}

async function leave(garage, plate) {
  const [stays] = await pool.query('SELECT id FROM stays WHERE garage = ? AND plate = ? AND paid IS NULL LIMIT 1', [garage, plate]);
  if (!stays.length) {
    log.warn({ garage, plate }, 'no open stay for plate, attendant called');
    return [404, 'no stay'];
  }
  if (Math.random() < 0.05) {
    log.error({ garage, terminal: 3, reason: 'card unreadable' }, 'card payment failed, customer asked to insert again');
  }
  await pool.query('UPDATE stays SET paid = NOW() WHERE id = ?', [stays[0].id]);
  log.info({ garage, stay: stays[0].id }, 'stay paid');
  return [200, 'out'];
}

async function showFree(garage) {
  const [rows] = await pool.query('SELECT used FROM garages WHERE id = ?', [garage]);
  log.debug({ garage }, 'sign updated');
  return [200, String(rows.length)];
}

async function answer(url) {
  const [, what, garage, plate] = url.split('/');
  switch (what) {
    case 'health': return [200, 'ok'];
    case 'enter': return enter(garage, plate);
    case 'leave': return leave(garage, plate);
    case 'free': return showFree(garage);
    default: return [404, ''];
  }
}

const server = http.createServer(async (req, res) => {
  const begun = Date.now();
  req.resume();
  let status;
  let body;
  try {
    [status, body] = await answer(req.url);
  } catch (err) {
    log.error({ err }, 'request failed');
    [status, body] = [500, ''];
  }
  res.writeHead(status).end(body);
  if (req.url !== '/health') log.info({ method: req.method, url: req.url, status, ms: Date.now() - begun }, 'handled');
});
server.listen(Number(port), '127.0.0.1', () => log.info({ port, version }, 'gate started'));

process.on('SIGTERM', () => {
  log.info('SIGTERM, draining');
  server.close(async () => {
    await pool.end();
    log.info('drained, bye');
    process.exit(0);
  });
});
process.on('SIGUSR2', () => {
  log.level = log.level === 'info' ? 'debug' : 'info';
  log.info({ level: log.level }, 'log level changed');
});
