# shellcheck shell=sh
# A lab inside a guest, by the lists in /bundles/NAME/lab:
#
#   client ── router ── load balancer        namespaces c, r, lb; the load balancer's interface has the site's name for it
#               └────── backends             one namespace each, b0, b1, ...; a kernel tunnel device takes the packets out,
#                                            the VIPs are on lo, replies go straight back through the router

. /guest/receivers.sh

ip() { /sbin/ip "$@"; }
in_space() { space=$1; shift; nsenter "--net=/run/netns/$space" -- "$@"; }

lab_read() {
    lab=/bundles/$1/lab
    . "$lab/settings"
}

# Processes are dear under emulation: what ip shall do in a space is collected, and done at once.
later() { space=$1; shift; echo "$*" >>"/tmp/batch/$space"; }
do_now() { ip -n "$1" -batch "/tmp/batch/$1"; rm "/tmp/batch/$1"; }

add_space() {
    ip netns add "$1"
    in_space "$1" sysctl -q -w net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
    later "$1" link set lo up
}

# A pair of devices, DEVICE in SPACE and r-SPACE in the router.
connect() {
    ip link add "r-$1" netns r type veth peer name "$2" netns "$1"
    later "$1" link set "$2" up
    later r link set "r-$1" up
}

lab_up() {
    lab_read "$1"
    rm -rf /tmp/batch /tmp/www
    mkdir -p /tmp/batch /tmp/www
    add_space r
    in_space r sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    client_up
    balancer_up
    while read -r space family address receiver; do
        # shellcheck disable=SC2086
        backend_up "$space" "$family" "$address" $receiver
    done <"$lab/backends"
    do_now r
    while read -r space family address receiver; do
        do_now "$space"
        while read -r server protocol family address port; do
            if [ "$server" = "$space" ]; then serve "$space" "$protocol" "$family" "$address" "$port"; fi
        done <"$lab/servers"
    done <"$lab/backends"
    route_vips r-lb
}

client_up() {
    add_space c
    connect c eth0
    later c addr add "$client4/24" dev eth0
    later c addr add "$client6/64" dev eth0 nodad
    later c route add default via "${client4%.*}.1"
    later c route add default via "${client6%::*}::1"
    do_now c
    later r addr add "${client4%.*}.1/24" dev r-c
    later r addr add "${client6%::*}::1/64" dev r-c nodad
    # XDP sees packets as they are on a wire, where checksums are filled in.
    in_space c ethtool -K eth0 tx off >/dev/null
}

balancer_up() {
    add_space lb
    connect lb "$interface"
    if [ -n "$mac" ]; then later r link set r-lb address "$mac"; fi
    later lb addr add "$own4/32" dev "$interface"
    later lb addr add "$own6/128" dev "$interface" nodad
    later lb route add "${gateway4:-169.254.77.1}/32" dev "$interface"
    later lb route add "${gateway6:-fd00:78::1}/128" dev "$interface"
    do_now lb
    later r addr add "${gateway4:-169.254.77.1}/32" dev r-lb
    later r addr add "${gateway6:-fd00:78::1}/128" dev r-lb nodad
    later r link set dev r-lb xdp obj /guest/pass.o sec xdp
}

# Sends what is for a VIP to the load balancer over a device of the router.
route_vips() {
    address_of_balancer=$(ip -n lb -o link show "$interface" | sed 's/.*ether \([0-9a-f:]*\).*/\1/')
    for own in "$own4" "$own6"; do
        later r route replace "$own" dev "$1"
        later r neigh replace "$own" lladdr "$address_of_balancer" dev "$1" nud permanent
    done
    while read -r family address; do
        if [ "$family" = 4 ]; then own=$own4; else own=$own6; fi
        later r route replace "$address" via "$own" dev "$1" onlink
    done <"$lab/vips"
    do_now r
}

# Space, family and address of a backend, and what it receives.
backend_up() {
    add_space "$1"
    connect "$1" eth0
    later r addr add 169.254.1.1/32 dev "r-$1"
    later r addr add fe80::1/64 dev "r-$1" nodad
    later r route add "$3" dev "r-$1"
    later "$1" addr add 169.254.1.2/32 dev eth0
    later "$1" addr add "$3" dev eth0
    receiver_up "$@"
    later "$1" route add default via 169.254.1.1 dev eth0 onlink
    later "$1" route add default via fe80::1 dev eth0
    while read -r family vip; do later "$1" addr add "$vip" dev lo; done <"$lab/vips"
    mkdir -p "/tmp/www/$1"
    echo "$3" >"/tmp/www/$1/who"
}

# A server that says which backend it is. Space, protocol, VIP's family and address (UDP only), port.
serve() {
    case $2 in
        tcp) in_space "$1" httpd -p "$5" -h "/tmp/www/$1" ;;
        udp)
            if [ "$3" = 4 ]; then bind=$4; else bind=[$4]; fi
            in_space "$1" socat -t 15 "UDP$3-RECVFROM:$5,bind=$bind,fork" "EXEC:/guest/answer /tmp/www/$1/who" </dev/null >/dev/null 2>&1 3>&- &
            ;;
    esac
}

lab_down() {
    for space in $(ip netns list | cut -d ' ' -f 1); do
        for process in $(ip netns pids "$space"); do kill "$process" 2>/dev/null || true; done
        ip netns delete "$space"
    done
}

# Asks every flow of a list and protocol; the answer must come from the backend that the model says.
ask() {
    lab_read "$1"
    answers=/tmp/answers-$1-$2-$3
    rm -rf "$answers"
    mkdir -p "$answers"
    asked=0
    while read -r protocol family vip port source expected; do
        if [ "$protocol" != "$3" ]; then continue; fi
        asked=$((asked + 1))
        echo "$expected $protocol [$vip]:$port from port $source" >"$answers/$asked.expected"
        ask_one "$protocol" "$family" "$vip" "$port" "$source" "$answers/$asked.got" &
        # A few at a time: the machine is emulated.
        if [ $((asked % 32)) = 0 ]; then wait; fi
    done <"$lab/flows-$2"
    wait
    judge
}

ask_one() {
    if [ "$2" = 4 ]; then to=$3; else to=[$3]; fi
    case $1 in
        tcp) printf 'GET /who HTTP/1.0\r\n\r\n' | in_space c timeout 20 socat -t 15 - "TCP$2:$to:$4,sourceport=$5,connect-timeout=10" 2>&1 | tail -n 1 >"$6" ;;
        udp) echo who | in_space c timeout 20 socat -t 6 - "UDP$2:$to:$4,sourceport=$5" 2>&1 | head -n 1 >"$6" ;;
    esac
}

judge() {
    wrong=0
    number=0
    while [ "$number" -lt "$asked" ]; do
        number=$((number + 1))
        read -r expected flow <"$answers/$number.expected"
        got=$(cat "$answers/$number.got")
        if [ "${got:=nothing}" != "$expected" ]; then
            wrong=$((wrong + 1))
            echo "$flow: expected $expected, got $got"
        fi
    done
    echo "$asked flows, $wrong answered wrongly"
    [ "$asked" -gt 0 ] && [ "$wrong" = 0 ]
}
