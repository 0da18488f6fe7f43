# The router reaches the load balancer through a VLAN (802.1Q), or one inside a service provider's (802.1ad). Tags stay in
# the frame: without offloads they are bytes before the program and on what it sends back. Bundle, vlan or qinq.
. /guest/lab.sh
lab_read "$1"
in_space r ethtool -K r-lb txvlan off tx-vlan-stag-hw-insert off
case $2 in
    vlan) ip -n r link add link r-lb name tagged type vlan id 77 ;;
    qinq)
        ip -n r link add link r-lb name outer type vlan id 78 protocol 802.1ad
        ip -n r link set outer up
        ip -n r link add link outer name tagged type vlan id 79
        ;;
esac
untagged() {
    route_vips r-lb
    ip -n r link delete tagged
    if [ "$2" = qinq ]; then ip -n r link delete outer; fi
}
trap 'untagged "$@"' EXIT
ip -n r link set tagged up
route_vips tagged
ask "$1" "$2" tcp

# The packets came back tagged: the VLAN device received them.
received=$(in_space r sed -n 's/^ *tagged: *[0-9]* *\([0-9]*\) .*/\1/p' /proc/net/dev)
echo "$received packets came back tagged"
[ "$received" -ge "$asked" ]
