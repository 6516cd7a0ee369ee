# SPDX-License-Identifier: Apache-2.0
# A service of exchange rates whose debug level was never turned down. Usage: ruby rates.rb
require 'logger'

$stdout.sync = true
log = Logger.new($stdout, progname: 'fx')
revision = 0
loop do
  revision += 1
  log.debug('error handler chain: [LogError, CountError, RaiseTimeout], 0 pending')
  log.debug('retry table: failed=0 refused=0 timeout=0 fatal=0')
  log.info("rates revision #{revision} in use") if revision % 15 == 0
  log.debug("exception map loaded, #{20 + revision % 3} classes of failures known")
  log.warn("source ecb is late by #{rand(2..9)} s") if rand < 0.03
  sleep 1.3
end
