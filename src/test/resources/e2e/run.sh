#!/bin/sh
# Modes are set by where a file lands, so the scripts are made executable here.
chmod 0755 /www/cgi-bin/*
echo "the workload begins"
# for a test of one that cannot work
[ -z "$END_WITH" ] || exit "$END_WITH"
exec busybox httpd -f -p 8080 -h /www
