# SPDX-License-Identifier: Apache-2.0
# Prints the labels that wait in Redis. Usage: ruby packer.rb REDIS_PORT
require 'redis'
require 'logger'

$stdout.sync = true
LOG = Logger.new($stdout, progname: 'packer')
QUEUE = Redis.new(port: ARGV[0].to_i, timeout: 10)
LABELS_PER_REEL = 70

def print_label(job)
  sleep rand(0.02..0.09)
  parcel, zone = job.split
  LOG.info("label #{parcel} printed, belt #{zone}")
end

LOG.info('printer ZT410 online, 2 rolls')
printed = 0
loop do
  _, job = QUEUE.brpop('labels', timeout: 3)
  if job.nil?
    LOG.info('no label to print')
    next
  end
  print_label(job)
  printed += 1
  LOG.warn('ribbon low, reel 2 taken') if printed % LABELS_PER_REEL == 0
rescue Redis::BaseError => e
  LOG.error("queue: #{e.class} #{e.message}")
  sleep 2
end
