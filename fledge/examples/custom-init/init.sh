#!/bin/sh
# The first process of the machine: mounts what programs expect, brings up the network, serves.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
ip link set lo up
ip link set eth0 up && udhcpc -i eth0 -n -q -s /usr/share/udhcpc/default.script
exec httpd -f -p 8080 -h /www
