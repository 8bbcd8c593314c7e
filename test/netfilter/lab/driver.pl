# Sends frames from, and hears them in, several network namespaces at once.
#
# usage: perl driver.pl NAME,NETNS,KIND[,ARGUMENT…] …
#   link,INTERFACE     sends and hears Ethernet frames; what leaves by the interface is not heard
#   raw4,PROTOCOL      hears what IPv4 delivers to this host, with its header
#   raw6,PROTOCOL,ADDRESS   the same of IPv6 for one own address, without the header
#   send4, send6       sends packets with their IP header from this host
#
# Commands on standard input: `NAME HEX` sends; `collect SECONDS` waits until nothing was heard for so long.
# Prints `NAME TYPE HEX` for what was heard (TYPE: packet type of sockaddr_ll, 0 for raw), `done` after a collect.
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 SOCK_RAW SOL_SOCKET inet_pton pack_sockaddr_in pack_sockaddr_in6);
use POSIX qw(uname);

my %SETNS = (x86_64 => 308, aarch64 => 268);
my ($AF_PACKET, $SOL_PACKET, $IGNORE_OUTGOING, $ETH_P_ALL, $SO_RCVBUFFORCE, $SIOCGIFINDEX, $IPPROTO_RAW) = (17, 263, 23, 3, 33, 0x8933, 255);
my (%sockets, %kinds, %names);

for my $argument (@ARGV) {
    my ($name, $netns, $kind, @rest) = split /,/, $argument;
    open(my $namespace, '<', $netns) or die "$netns: $!";
    my $number = $SETNS{(uname())[4]} or die "setns has no number here";
    syscall($number, fileno($namespace), 0) == 0 or die "setns $netns: $!";
    $sockets{$name} = open_socket($kind, @rest);
    setsockopt($sockets{$name}, SOL_SOCKET, $SO_RCVBUFFORCE, pack("i", 1 << 23)) or die "buffer: $!";
    ($kinds{$name}, $names{fileno($sockets{$name})}) = ($kind, $name);
}
$| = 1;
print "ready\n";
while (my $line = <STDIN>) {
    my ($word, $rest) = split ' ', $line;
    if ($word eq 'collect') {
        while (hear($rest)) { }
        print "done\n";
    } else {
        transmit($word, pack("H*", $rest));
        hear(0);
    }
}

sub open_socket {
    my ($kind, $argument, $address) = @_;
    my $socket;
    if ($kind eq 'link') {
        socket($socket, $AF_PACKET, SOCK_RAW, unpack("S", pack("n", $ETH_P_ALL))) or die "packet socket: $!";
        my $request = pack("a16 x24", $argument);
        ioctl($socket, $SIOCGIFINDEX, $request) or die "$argument: $!";
        my $index = unpack("x16 i", $request);
        bind($socket, pack("S n i S C C a8", $AF_PACKET, $ETH_P_ALL, $index, 0, 0, 0, "")) or die "bind $argument: $!";
        setsockopt($socket, $SOL_PACKET, $IGNORE_OUTGOING, pack("i", 1)) or die "outgoing: $!";
        # What other interfaces had sent in before the bind.
        1 while recv_now($socket);
    } elsif ($kind eq 'raw4') {
        socket($socket, AF_INET, SOCK_RAW, $argument) or die "raw socket: $!";
    } elsif ($kind eq 'raw6') {
        socket($socket, AF_INET6, SOCK_RAW, $argument) or die "raw socket: $!";
        bind($socket, pack_sockaddr_in6(0, inet_pton(AF_INET6, $address))) or die "bind $address: $!";
    } else {
        socket($socket, $kind eq 'send4' ? AF_INET : AF_INET6, SOCK_RAW, $IPPROTO_RAW) or die "raw socket: $!";
    }
    return $socket;
}

# What the OUTPUT chain refuses fails, which is a fate like others.
sub transmit {
    my ($name, $packet) = @_;
    my $target = $kinds{$name} eq 'send4' ? unpack('x16 a4', $packet) : unpack('x24 a16', $packet);
    if ($kinds{$name} eq 'link') { defined(syswrite($sockets{$name}, $packet)) or die "send $name: $!" }
    elsif ($kinds{$name} eq 'send4') { send($sockets{$name}, $packet, 0, pack_sockaddr_in(0, $target)) }
    else { send($sockets{$name}, $packet, 0, pack_sockaddr_in6(0, $target)) }
}

sub hear {
    my ($seconds) = @_;
    my $bits = '';
    for my $name (keys %sockets) { vec($bits, fileno($sockets{$name}), 1) = 1 unless $kinds{$name} =~ /^send/ }
    select(my $ready = $bits, undef, undef, $seconds) or return 0;
    for my $name (sort keys %sockets) {
        next unless vec($ready, fileno($sockets{$name}), 1);
        while (my ($packet, $type) = recv_now($sockets{$name})) {
            print "$name ", ($kinds{$name} eq 'link' ? $type : 0), " ", unpack("H*", $packet), "\n";
        }
    }
    return 1;
}

sub recv_now {
    my ($socket) = @_;
    my $MSG_DONTWAIT = 0x40;
    my $from = recv($socket, my $packet, 65536, $MSG_DONTWAIT);
    return unless defined $from;
    return ($packet, length($from) > 10 ? unpack("x10 C", $from) : 0);
}
