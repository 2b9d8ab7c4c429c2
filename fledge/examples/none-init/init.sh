#!/bin/busybox sh
# There is not even a folder to mount on, nor a command beside busybox itself.
box=/bin/busybox
$box mkdir -p /proc /dev
$box mount -t proc proc /proc
$box mount -t devtmpfs devtmpfs /dev

# What the host says about this machine (kestrel/PROTOCOL.md, section 1): records KEY=VALUE, each ended by a NUL.
told() {
  $box tr '\0' '\n' </volant/boot | $box sed -n "s/^$1=//p"
}
for module in $(told module); do
  $box insmod "$module"
done
$box ip addr flush dev eth0
$box ip addr add "$(told address)" dev eth0
$box ip link set eth0 up
echo "none-init: up"
exec $box httpd -f -p 8080 -h /
