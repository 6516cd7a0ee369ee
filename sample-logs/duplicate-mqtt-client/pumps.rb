# SPDX-License-Identifier: Apache-2.0
# Ten pumps that tell their flow over MQTT 3.1.1 (its packets are written here), quality of service 0. Usage: ruby pumps.rb PORT
require 'socket'

def text(string)
  [string.size].pack('n') + string
end

def packet(kind, body)
  [kind, body.size].pack('CC') + body
end

def pump(id)
  broker = TCPSocket.new('127.0.0.1', ARGV[0].to_i)
  broker.write(packet(0x10, "#{text('MQTT')}\x04\x02\x00\x3c#{text(id)}"))
  broker.read(4)
  loop do
    sleep 1.5 + rand
    broker.write(packet(0x30, text("pumps/#{id}/flow") + format('%.1f', 30 + rand * 5)))
  end
rescue SystemCallError
  sleep 2
  retry
end

Array.new(10) { |i| Thread.new { pump(format('pump-%02d', i)) } }.each(&:join)
