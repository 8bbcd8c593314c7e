# Sends TCP packets with the given flags (a number, SYN is 2) over IPv6 by a raw socket; the kernel fills in the checksum. Prints how many answers came.
# usage: perl tcp6.pl SOURCE TARGET PORT NUMBER SECONDS-BETWEEN one|many FLAGS
use strict;
use warnings;
use Socket qw(AF_INET6 MSG_DONTWAIT SOCK_RAW inet_pton pack_sockaddr_in6);

my ($from, $to, $port, $number, $interval, $tuples, $flags) = @ARGV;
my ($TCP, $IPV6, $CHECKSUM, $CHECKSUM_AT) = (6, 41, 7, 16);
socket(my $socket, AF_INET6, SOCK_RAW, $TCP) or die "socket: $!";
setsockopt($socket, $IPV6, $CHECKSUM, pack("i", $CHECKSUM_AT)) or die "checksum: $!";
bind($socket, pack_sockaddr_in6(0, inet_pton(AF_INET6, $from))) or die "bind: $!";
my $target = pack_sockaddr_in6(0, inet_pton(AF_INET6, $to));
my $answers = 0;
for my $count (1 .. $number) {
    my $source_port = $tuples eq "one" ? 40000 : 20000 + $count;
    my $packet = pack("nnNNnnnn", $source_port, $port, 1000 + $count, 0, (5 << 12) | $flags, 65535, 0, 0);
    send($socket, $packet, 0, $target) or die "send: $!";
    select(undef, undef, undef, $interval);
    while (defined recv($socket, my $answer, 2000, MSG_DONTWAIT)) {
        $answers++ if unpack("n", $answer) == $port;
    }
}
print "$answers\n";
