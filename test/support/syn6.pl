# Sends SYNs over IPv6 by a raw socket; the kernel fills in the checksum.
# usage: perl syn6.pl SOURCE TARGET PORT NUMBER SECONDS-BETWEEN one|many
use strict;
use warnings;
use Socket qw(AF_INET6 SOCK_RAW inet_pton pack_sockaddr_in6);

my ($from, $to, $port, $number, $interval, $tuples) = @ARGV;
my ($TCP, $IPV6, $CHECKSUM, $CHECKSUM_AT) = (6, 41, 7, 16);
socket(my $socket, AF_INET6, SOCK_RAW, $TCP) or die "socket: $!";
setsockopt($socket, $IPV6, $CHECKSUM, pack("i", $CHECKSUM_AT)) or die "checksum: $!";
bind($socket, pack_sockaddr_in6(0, inet_pton(AF_INET6, $from))) or die "bind: $!";
my $target = pack_sockaddr_in6(0, inet_pton(AF_INET6, $to));
for my $count (1 .. $number) {
    my $source_port = $tuples eq "one" ? 40000 : 20000 + $count;
    my $syn = pack("nnNNnnnn", $source_port, $port, 1000 + $count, 0, (5 << 12) | 2, 65535, 0, 0);
    send($socket, $syn, 0, $target) or die "send: $!";
    select(undef, undef, undef, $interval);
}
