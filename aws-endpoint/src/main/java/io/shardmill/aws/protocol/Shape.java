package io.shardmill.aws.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The table of an operation's members, or of a structure's. Immutable. */
public final class Shape {

    private final List<Member<?>> members;

    private Shape(List<Member<?>> members) {
        this.members = members;
    }

    public static Shape of(Member<?>... members) {
        return new Shape(List.of(members));
    }

    /** Returns this table with more rows. */
    public Shape with(List<Member<?>> more) {
        List<Member<?>> all = new ArrayList<>(members);
        all.addAll(more);
        return new Shape(List.copyOf(all));
    }

    List<Member<?>> members() {
        return members;
    }

    /** Returns the place of the member of that name; -1 if it has none. */
    int indexOf(String name) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns no members at all. */
    public Members none() {
        return new Members(this);
    }

    /**
     * Reads a body, as it is decoded; members that the table doesn't have are left out. Nothing is checked yet but types.
     *
     * @return the members, to be closed
     * @throws AwsException if the body is not one object, or a member is of another type
     */
    public Members read(Wire wire, byte[] body) {
        try (JsonParser parser = wire.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw AwsException.serialization("The body must be an object");
            }
            Members members = readMembers(new RequestInput(wire, body, parser));
            requireEnd(parser, members);
            return members;
        } catch (JacksonException malformed) {
            throw AwsException.serialization(
                    "The body is not well-formed " + wire + ": " + malformed.getOriginalMessage());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void requireEnd(JsonParser parser, Members members) {
        boolean ended = false;
        try {
            ended = parser.nextToken() == null;
        } finally {
            if (!ended) {
                members.close();
            }
        }
        if (!ended) {
            throw AwsException.serialization("The body must be one object and nothing else");
        }
    }

    /** Reads from behind a structure's start to its end. */
    Members readMembers(RequestInput input) throws IOException {
        Members read = new Members(this);
        boolean complete = false;
        try {
            JsonParser parser = input.parser();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int index = indexOf(parser.currentName());
                parser.nextToken();
                if (index < 0) {
                    JsonParser unused = parser.skipChildren();
                } else {
                    read.set(index, members.get(index).read(input));
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw AwsException.serialization("The body is cut");
            }
            complete = true;
        } finally {
            if (!complete) {
                read.close();
            }
        }
        return read;
    }

    /** @param prefix of the members' names in messages */
    void check(String prefix, Members values, Violations violations) {
        for (int i = 0; i < members.size(); i++) {
            check(prefix, members.get(i), values, violations);
        }
    }

    private static <T> void check(String prefix, Member<T> member, Members values, Violations violations) {
        member.check(prefix, values.get(member), violations);
    }
}
