#!/bin/sh
# The first process of the machine: mounts what programs expect, loads drivers, brings up the network, serves.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

# What the host says about this machine (kestrel/PROTOCOL.md, section 1): records KEY=VALUE, each ended by a NUL.
told() {
  tr '\0' '\n' </volant/boot | sed -n "s/^$1=//p"
}
for module in $(told module); do
  insmod "$module"
done

ip link set lo up
# A kernel that can do so has set the address already, by the word ip= of its command line.
ip addr flush dev eth0
ip addr add "$(told address)" dev eth0
ip link set eth0 up
ip route add default via "$(told gateway)"
exec httpd -f -p 8080 -h /www
