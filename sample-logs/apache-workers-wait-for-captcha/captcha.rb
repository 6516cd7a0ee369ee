# SPDX-License-Identifier: Apache-2.0
# Stands for a captcha provider, slow while a file is there. Usage: ruby captcha.rb PORT SLOW_FILE
require 'socket'

provider = TCPServer.new('127.0.0.1', ARGV[0].to_i)
loop do
  Thread.new(provider.accept) do |client|
    client.gets
    sleep(File.exist?(ARGV[1]) ? 18 + rand * 8 : 0.05 + rand * 0.2)
    client.puts 'human'
  rescue SystemCallError
    nil # the form went away
  ensure
    client.close
  end
end
