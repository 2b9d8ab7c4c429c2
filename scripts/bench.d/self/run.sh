#!/bin/sh
# Modes are set by where a file lands, so the script is made executable here.
chmod 0755 /www/cgi-bin/self
exec busybox httpd -f -p 8080 -h /www
