# Requests through the load balancer. Bundle, protocol.
. /guest/lab.sh
ask "$1" plain "$2"
