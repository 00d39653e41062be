package io.tierwise.gateway.tier;

import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses that calls may go to. It is the address that a name resolves to at a call that
 * counts: a name may come to mean another one at any time.
 *
 * @param allowed none for the usual: all but link-local ones and EC2's, where clouds keep their
 *     machines' credentials
 */
public record Destinations(List<Block> allowed) {
  public static final Destinations USUAL = new Destinations(List.of());

  private static final List<Block> REFUSED =
      List.of(
          Block.of("169.254.0.0/16"),
          Block.of("fe80::/10"),
          Block.of("fd00:ec2::254"),
          Block.of("100.100.100.200"),
          Block.of("0.0.0.0/8"),
          Block.of("::/128"));

  public Destinations {
    allowed = List.copyOf(allowed);
  }

  /**
   * @param texts such as {@code 10.0.0.0/8}, {@code fd00::/8} or a single address
   * @throws InvalidValueException names the one that is none
   */
  public static Destinations of(List<String> texts) {
    return new Destinations(texts.stream().map(Block::of).toList());
  }

  /**
   * What a host's name means now.
   *
   * @throws UnknownHostException where it means nothing
   * @throws IOException where it means an address that calls may not go to; also where only one of
   *     several is, for the next call might meet it
   */
  InetAddress resolve(String host) throws IOException {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress[] all = InetAddress.getAllByName(bare);
    for (InetAddress each : all) {
      if (!allows(each)) {
        throw new IOException(
            each.getHostAddress() + " is no address that upstreams may have: see trust.addresses");
      }
    }
    return all[0];
  }

  boolean allows(InetAddress address) {
    return allowed.isEmpty()
        ? REFUSED.stream().noneMatch(block -> block.holds(address))
        : allowed.stream().anyMatch(block -> block.holds(address));
  }

  /**
   * Addresses that begin alike.
   *
   * @param first the lowest of them, with no bit beyond the prefix
   * @param bits of the prefix
   */
  public record Block(InetAddress first, int bits) {
    static Block of(String text) {
      int slash = text.indexOf('/');
      String address = slash < 0 ? text : text.substring(0, slash);
      // Only literals, for a name would be asked of the network.
      if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]{2,39}")) {
        throw refused(text);
      }
      try {
        InetAddress first = InetAddress.getByName(address);
        int most = first.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
          throw refused(text);
        }
        return new Block(InetAddress.getByAddress(prefix(first.getAddress(), bits)), bits);
      } catch (UnknownHostException | NumberFormatException e) {
        throw refused(text);
      }
    }

    private static InvalidValueException refused(String text) {
      return new InvalidValueException(
          "addresses",
          "'" + text + "' is no block of addresses",
          "write one such as 10.0.0.0/8, fd00::/8 or 10.1.2.3");
    }

    private static byte[] prefix(byte[] address, int bits) {
      byte[] prefix = new byte[address.length];
      for (int i = 0; i < prefix.length; i++) {
        int here = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
        prefix[i] = (byte) (address[i] & (0xff << (Byte.SIZE - here)));
      }
      return prefix;
    }

    boolean holds(InetAddress address) {
      byte[] bytes = address.getAddress();
      return bytes.length == first.getAddress().length
          && Arrays.equals(prefix(bytes, bits), first.getAddress());
    }
  }
}
