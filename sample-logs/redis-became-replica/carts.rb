# SPDX-License-Identifier: Apache-2.0
# Carts in Redis, on Sinatra and Puma, with Ruby's Logger. Usage: ruby carts.rb PORT REDIS_PORT
require 'sinatra/base'
require 'redis'
require 'json'
require 'logger'

PORT, REDIS_PORT = ARGV.map(&:to_i)
$stdout.sync = true
LOG = Logger.new($stdout, progname: 'carts')
STORE = Redis.new(host: '127.0.0.1', port: REDIS_PORT)

class Carts < Sinatra::Base
  set :logging, false
  set :show_exceptions, false
  set :raise_errors, false
  set :environment, :production

  before { @begun = Process.clock_gettime(Process::CLOCK_MONOTONIC) }
  after do
    ms = ((Process.clock_gettime(Process::CLOCK_MONOTONIC) - @begun) * 1000).round
    LOG.info("#{request.request_method} #{request.path_info} -> #{response.status} in #{ms}ms ip=#{request.env['HTTP_X_FORWARDED_FOR']}")
  end

  error do
    failure = env['sinatra.error']
    LOG.error("#{failure.class}: #{failure.message}\n" + failure.backtrace.first(6).map { |line| "\tfrom #{line}" }.join("\n"))
    [500, { error: 'internal' }.to_json]
  end

  get('/carts/:id') do
    cart = STORE.hgetall("cart:#{params[:id]}")
    LOG.warn("cart #{params[:id]} is empty") if cart.empty?
    cart.to_json
  end

  post('/carts/:id') do
    item = JSON.parse(request.body.read)
    if item['quantity'].to_i < 1
      LOG.warn("cart #{params[:id]}: quantity #{item['quantity']} is not valid")
      halt 422
    end
    STORE.hincrby("cart:#{params[:id]}", item['product'], item['quantity'])
    STORE.expire("cart:#{params[:id]}", 600)
    status 201
  end

  get('/health') { STORE.ping }
end

Thread.new do # the thumbnails of cart icons: their host was given up
  loop do
    sleep 19
    LOG.error('cart icons not refreshed: Failed to open TCP connection to icons.internal.example:8080 (getaddrinfo: Name or service not known)')
  end
end
LOG.info("carts is listening on #{PORT}")
Carts.run!(server: 'puma', bind: '127.0.0.1', port: PORT, quiet: true, server_settings: { Silent: true, Threads: '2:12' })
