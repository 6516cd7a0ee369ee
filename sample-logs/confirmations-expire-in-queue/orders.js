// SPDX-License-Identifier: Apache-2.0
// Takes orders, holds their payment, and queues a confirmation that is to be sent; cancels what is not confirmed within 30 s.
// Usage: node orders.js PORT BROKER_PORT
const http = require('http');
const amqp = require('amqplib');
const { createLogger, format, transports } = require('winston');

const WARN_AFTER = 15; // seconds
const CANCEL_AFTER = 30;
const DECLINED = 0.04;
const layout = format.printf((info) => `${info.timestamp} [orders] ${info.level}: ${info.message}${info.stack ? `\n${info.stack}` : ''}`);
const log = createLogger({ format: format.combine(format.timestamp(), layout), transports: [new transports.Console()] });
const [port, broker] = process.argv.slice(2);
const open = new Map();
let next = 70100;
let channel;

function confirm(message) {
  const { order, error } = JSON.parse(message.content);
  const held = open.get(order);
  channel.ack(message);
  if (!held) return;
  open.delete(order);
  if (error) log.warn(`order ${order}: confirmation mail bounced: ${error}`);
  else log.info(`order ${order} confirmed after ${Date.now() - held.at} ms, payment ${held.payment} captured`);
}

function lookAfter(id, order) {
  const age = Math.round((Date.now() - order.at) / 1000);
  if (age > CANCEL_AFTER) {
    open.delete(id);
    log.error(`order ${id} cancelled: not confirmed within ${CANCEL_AFTER} s, hold ${order.payment} released`);
  } else if (age >= WARN_AFTER && !order.warned) {
    order.warned = true;
    log.warn(`order ${id} still unconfirmed after ${age} s`);
  }
}

function take(customer) {
  if (Math.random() < DECLINED) {
    log.warn(`payment declined by issuer for customer ${customer}`);
    return 402;
  }
  const id = next++;
  const payment = `ph_${Math.random().toString(36).slice(2, 10)}`;
  open.set(id, { at: Date.now(), payment });
  channel.sendToQueue('confirmations', Buffer.from(JSON.stringify({ order: id, customer })), { persistent: true });
  log.info(`order ${id} accepted, payment ${payment} on hold, confirmation queued`);
  return 202;
}

function answer(method, url) {
  if (method === 'POST' && url.startsWith('/orders/')) return take(url.slice('/orders/'.length));
  if (url.startsWith('/catalog')) return 200;
  log.warn(`no route for ${method} ${url}`);
  return 404;
}

async function main() {
  const connection = await amqp.connect(`amqp://guest:guest@127.0.0.1:${broker}`);
  connection.on('error', (err) => log.error(`amqp connection: ${err.message}`));
  channel = await connection.createChannel();
  await channel.assertQueue('confirmations', { durable: true });
  await channel.assertQueue('confirmed', { durable: true });
  channel.consume('confirmed', confirm);
  setInterval(() => open.forEach((order, id) => lookAfter(id, order)), 1000);
  const server = http.createServer((req, res) => {
    req.resume();
    const status = answer(req.method, req.url);
    setTimeout(() => res.writeHead(status).end('{}'), 5 + Math.random() * 20);
  });
  server.listen(Number(port), '127.0.0.1', () => log.info(`orders 8.3.0 listening on ${port}, broker 127.0.0.1:${broker}`));
}

main().catch((err) => {
  log.error(err);
  process.exit(1);
});
