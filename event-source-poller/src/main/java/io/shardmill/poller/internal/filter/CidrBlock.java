package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code cidr}: the IP addresses that begin with the same bits, such as {@code 10.1.0.0/16} or
 * {@code 2001:db8::/32}. Addresses of the other kind are never among them.
 */
final class CidrBlock implements ValueTest {

    private static final int V4_GROUPS = 4;
    private static final int V6_GROUPS = 8;

    /** An address in pieces of 8 (IPv4) or 16 bits (IPv6). */
    private final int[] groups;

    /** How many bits count, from 0 to one less than the address has. */
    private final int bits;

    private CidrBlock(int[] groups, int bits) {
        this.groups = groups;
        this.bits = bits;
    }

    /** @throws InvalidPatternException if it is no address with {@code /} and the number of bits */
    static CidrBlock parse(String where, String text) {
        int slash = text.indexOf('/');
        int[] groups = slash < 0 ? null : address(text.substring(0, slash));
        int bits = groups == null ? -1 : group(text.substring(slash + 1), 10, 3);
        if (groups == null || bits < 0 || bits >= groups.length * width(groups)) {
            throw InvalidPatternException.at(
                    where, "must be an address block such as 10.0.0.0/24 (/0 to /31) or 2001:db8::/32 (/0 to /127)");
        }
        return new CidrBlock(groups, bits);
    }

    @Override
    public boolean accepts(Scalar value) {
        int[] address = value.isString() ? address(value.text()) : null;
        if (address == null || address.length != groups.length) {
            return false;
        }
        int width = width(groups);
        for (int index = 0; index * width < bits; index++) {
            int ignored = Math.max(0, (index + 1) * width - bits);
            if (address[index] >> ignored != groups[index] >> ignored) {
                return false;
            }
        }
        return true;
    }

    private static int width(int[] groups) {
        return groups.length == V4_GROUPS ? 8 : 16;
    }

    /** The address's groups, or null if it is none. */
    private static int @Nullable [] address(String text) {
        if (text.indexOf(':') < 0) {
            return groups(List.of(text.split("\\.", -1)), V4_GROUPS);
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(List.of(text.split(":", -1)), V6_GROUPS);
        }
        List<String> all = new ArrayList<>(parts(text.substring(0, gap)));
        List<String> after = parts(text.substring(gap + 2));
        int missing = V6_GROUPS - all.size() - after.size();
        if (missing < 1) {
            return null;
        }
        all.addAll(Collections.nCopies(missing, "0"));
        all.addAll(after);
        return groups(all, V6_GROUPS);
    }

    private static List<String> parts(String half) {
        return half.isEmpty() ? List.of() : List.of(half.split(":", -1));
    }

    private static int @Nullable [] groups(List<String> texts, int count) {
        if (texts.size() != count) {
            return null;
        }
        int[] groups = new int[count];
        for (int index = 0; index < count; index++) {
            groups[index] = count == V4_GROUPS ? group(texts.get(index), 10, 3) : group(texts.get(index), 16, 4);
            if (groups[index] < 0 || (count == V4_GROUPS && groups[index] > 255)) {
                return null;
            }
        }
        return groups;
    }

    /** A number of at most that many digits, or -1. */
    private static int group(String text, int radix, int maxDigits) {
        int number = 0;
        for (int index = 0; index < text.length(); index++) {
            int digit = text.charAt(index) < 128 ? Character.digit(text.charAt(index), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return text.isEmpty() || text.length() > maxDigits ? -1 : number;
    }
}
