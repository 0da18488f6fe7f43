# shellcheck shell=sh
# What takes the packets out on a backend: the kernel's own devices, by the commands that README.md gives, and the files
# that say which encapsulation each backend has.

# Space, family, address, type, and what the type needs as NAME=VALUE words.
receiver_up() {
    space=$1 family=$2 address=$3 type=$4
    shift 4
    key='' sum='' port='' vni='' mac='' zero=''
    for word; do
        case $word in
            key=*) key="key ${word#*=}" ;;
            sum=*) sum="icsum" ;;
            port=*) port=${word#*=} ;;
            vni=*) vni=${word#*=} ;;
            mac=*) mac=${word#*=} ;;
            zero=*) zero=udp6zerocsumrx ;;
            *) echo "receiver_up: $word?"; return 1 ;;
        esac
    done
    if [ "$family" = 4 ]; then sender=$own4; else sender=$own6; fi
    case $type$family in
        ipip4) any4 "$space" ;;
        ipip6) any6 "$space" "$address" ;;
        gre4) later "$space" link add g type gre local "$address" remote any $key $sum && later "$space" link set g up ;;
        gre6) later "$space" link add g type ip6gre local "$address" remote any $key $sum && later "$space" link set g up ;;
        gue4) later "$space" fou add port "$port" gue && any4 "$space" ;;
        gue6) ip -n "$space" -6 fou add port "$port" gue && any6 "$space" "$address" ;;
        vxlan*)
            later "$space" link add v address "$mac" type vxlan id "$vni" local "$address" dstport "$port" nolearning $zero
            later "$space" link set v up
            ;;
        geneve*)
            later "$space" link add g address "$mac" type geneve id "$vni" remote "$sender" dstport "$port" $zero
            later "$space" link set g up
            ;;
        # Nothing is taken out.
        nat* | l2* | local*) ;;
        *) echo "receiver_up: $type over IPv$family?"; return 1 ;;
    esac
}

# The devices that take any peer's 4-in-4 and 6-in-4; one that takes any peer's 4-in-6 and 6-in-6.
any4() {
    later "$1" link set tunl0 up
    later "$1" link set sit0 up
}

any6() {
    later "$1" link add t6 type ip6tnl mode any local "$2" remote ::
    later "$1" link set t6 up
}
