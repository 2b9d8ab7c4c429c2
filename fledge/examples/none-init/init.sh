#!/bin/busybox sh
# There is not even a folder to mount on.
/bin/busybox mkdir -p /proc /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs devtmpfs /dev
echo "none-init: up"
exec /bin/busybox httpd -f -p 8080 -h /
