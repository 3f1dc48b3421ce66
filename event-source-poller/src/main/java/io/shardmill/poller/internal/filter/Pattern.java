package io.shardmill.poller.internal.filter;

import io.shardmill.poller.internal.filter.Json.JsonArray;
import io.shardmill.poller.internal.filter.Json.JsonObject;
import io.shardmill.poller.internal.filter.Json.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern as the ways to match it: {@code $or} multiplied out. An event matches in one of them if it matches all of
 * its fields.
 */
record Pattern(List<List<Field>> ways) {

    private static final String OR = "$or";
    private static final int MAX_WAYS = 1_000;

    /** @throws InvalidPatternException if it breaks a rule of the language */
    static Pattern parse(String text) {
        if (Json.read(text) instanceof JsonObject object) {
            return new Pattern(ways(null, object));
        }
        throw new InvalidPatternException("the pattern must be a JSON object");
    }

    private static List<List<Field>> ways(@Nullable String path, JsonObject object) {
        if (object.members().isEmpty()) {
            throw InvalidPatternException.at(path == null ? "" : path, "is an empty object; name at least one field");
        }
        List<List<Field>> ways = List.of(List.of());
        for (Member member : object.members()) {
            ways = both(ways, ways(path, member));
        }
        return ways;
    }

    private static List<List<Field>> ways(@Nullable String path, Member member) {
        String name = path == null ? member.name() : path + "." + member.name();
        if (isOr(member)) {
            List<List<Field>> ways = new ArrayList<>();
            for (Json branch : ((JsonArray) member.value()).elements()) {
                ways.addAll(ways(path, (JsonObject) branch));
            }
            return ways;
        }
        if (member.value() instanceof JsonObject object) {
            return ways(name, object);
        }
        if (member.value() instanceof JsonArray alternatives) {
            return List.of(List.of(Operators.field(name, alternatives)));
        }
        throw InvalidPatternException.at(name, "must be an array of values or an object of fields");
    }

    private static List<List<Field>> both(List<List<Field>> some, List<List<Field>> others) {
        if (some.size() * others.size() > MAX_WAYS) {
            throw new InvalidPatternException("the pattern's $or multiply to more than " + MAX_WAYS + " combinations");
        }
        List<List<Field>> both = new ArrayList<>();
        for (List<Field> one : some) {
            for (List<Field> other : others) {
                List<Field> way = new ArrayList<>(one);
                way.addAll(other);
                both.add(way);
            }
        }
        return both;
    }

    /** Any other field may be called {@code $or} too: it is special over two or more objects that are no operators. */
    private static boolean isOr(Member member) {
        return member.name().equals(OR)
                && member.value() instanceof JsonArray array
                && array.elements().size() >= 2
                && array.elements().stream().allMatch(Pattern::isBranch);
    }

    private static boolean isBranch(Json json) {
        return json instanceof JsonObject object
                && !object.members().isEmpty()
                && object.members().stream()
                        .allMatch(member -> !Operators.isReserved(member.name())
                                && (!(member.value() instanceof JsonObject inner) || isBranch(inner)));
    }
}
