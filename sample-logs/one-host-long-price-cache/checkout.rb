# SPDX-License-Identifier: Apache-2.0
# Takes an order when its price is right, or was within the last 12 s; changes prices as the market does.
# Usage: ruby checkout.rb PORT REDIS_PORT
require 'webrick'
require 'redis'
require 'logger'

PORT, REDIS_PORT = ARGV.map(&:to_i)
GRACE = 12 # seconds for which an old price is good
$stdout.sync = true
LOG = Logger.new($stdout, progname: 'checkout')
STORE = Redis.new(port: REDIS_PORT)
LOCK = Mutex.new

def change_price(item)
  LOCK.synchronize do
    STORE.hset('before', item, STORE.hget('prices', item).to_s)
    STORE.hset('prices', item, 500 + rand(4000))
    STORE.hset('changed', item, Time.now.to_f)
  end
end

def change_prices
  list = 7000
  loop do
    sleep 6
    list += 1
    items = (1..40).to_a.sample(12)
    items.each { |item| change_price(item) }
    LOG.info("price list #{list}: #{items.size} changed")
  end
end

def take(item, price, answer)
  now, before, changed = LOCK.synchronize { [STORE.hget('prices', item), STORE.hget('before', item), STORE.hget('changed', item).to_f] }
  if price == now || (price == before && Time.now.to_f - changed < GRACE)
    LOG.info("order of item #{item} at #{price}")
    answer.body = 'ok'
  else
    LOG.error("order of item #{item}: price #{price} is not #{now}, customer must confirm")
    answer.status = 409
  end
  LOG.warn("loyalty points of item #{item} not booked, partner is closed") if rand < 0.02
end

LOG.info("checkout takes orders on #{PORT}")
Thread.new { change_prices }
server = WEBrick::HTTPServer.new(BindAddress: '127.0.0.1', Port: PORT, AccessLog: [], Logger: WEBrick::Log.new('/dev/null'))
server.mount_proc('/take') do |request, answer|
  _, _, item, price = request.path.split('/')
  take(item, price, answer)
end
trap('TERM') { server.shutdown }
server.start
