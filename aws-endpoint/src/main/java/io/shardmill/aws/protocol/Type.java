package io.shardmill.aws.protocol;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonToken;

/** How a member's value is read from a body. A value of another type ends the request with a {@code SerializationException}. */
abstract class Type<T> {

    static final Type<String> TEXT = new Type<>("a String") {
        @Override
        String read(RequestInput input, String member) {
            require(input.token() == JsonToken.VALUE_STRING, member);
            return input.parser().getString();
        }

        @Override
        String parse(List<String> values, String member) {
            return values.get(0);
        }
    };

    /** A number beyond 32 bits is clamped, as AWS does. */
    static final Type<Integer> INTEGER = new Type<>("an Integer") {
        @Override
        Integer read(RequestInput input, String member) {
            require(input.token().isNumeric(), member);
            return clamped(input.parser().getDecimalValue(), member);
        }

        @Override
        Integer parse(List<String> values, String member) {
            try {
                return clamped(new BigDecimal(values.get(0)), member);
            } catch (NumberFormatException none) {
                throw mismatch(member);
            }
        }

        private Integer clamped(BigDecimal number, String member) {
            require(number.signum() == 0 || number.stripTrailingZeros().scale() <= 0, member);
            return number.max(BigDecimal.valueOf(Integer.MIN_VALUE))
                    .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                    .intValue();
        }
    };

    static final Type<Boolean> FLAG = new Type<>("a Boolean") {
        @Override
        Boolean read(RequestInput input, String member) {
            require(input.token().isBoolean(), member);
            return input.token() == JsonToken.VALUE_TRUE;
        }
    };

    static final Type<Instant> TIME = new Type<>("a Timestamp") {
        @Override
        Instant read(RequestInput input, String member) {
            require(input.token().isNumeric(), member);
            return input.wire().time(input.parser().getNumberValue());
        }
    };

    static final Type<byte[]> BLOB = new Type<>("a Blob") {
        @Override
        byte[] read(RequestInput input, String member) {
            require(
                    input.token() == JsonToken.VALUE_STRING || input.token() == JsonToken.VALUE_EMBEDDED_OBJECT,
                    member);
            return input.bytes();
        }
    };

    static final Type<List<String>> TEXTS = new Type<>("a List of Strings") {
        @Override
        List<String> read(RequestInput input, String member) {
            require(input.token() == JsonToken.START_ARRAY, member);
            List<String> texts = new ArrayList<>();
            while (input.parser().nextToken() != JsonToken.END_ARRAY) {
                require(input.token() == JsonToken.VALUE_STRING, member);
                texts.add(input.parser().getString());
            }
            return texts;
        }

        @Override
        List<String> parse(List<String> values, String member) {
            return values;
        }
    };

    static final Type<Map<String, String>> TEXT_MAP = new Type<>("a Map of Strings") {
        @Override
        Map<String, String> read(RequestInput input, String member) {
            require(input.token() == JsonToken.START_OBJECT, member);
            Map<String, String> texts = new LinkedHashMap<>();
            while (input.parser().nextToken() != JsonToken.END_OBJECT) {
                String key = input.parser().currentName();
                require(input.parser().nextToken() == JsonToken.VALUE_STRING, member);
                texts.put(key, input.parser().getString());
            }
            return texts;
        }
    };

    /** Anything: a tree of texts, numbers, booleans, lists and maps, without what is null. */
    static final Type<Object> ANY = new Type<>("a value") {
        @Override
        Object read(RequestInput input, String member) {
            return input.tree();
        }
    };

    private final String name;

    /** @param name with its article, for messages */
    Type(String name) {
        this.name = name;
    }

    /**
     * Reads the value at the input's current token, which is not null's, to its last token.
     *
     * @param member its name, for messages
     * @throws AwsException if it is of another type
     */
    abstract T read(RequestInput input, String member) throws IOException;

    /** Reads the value from a path or a query. */
    T parse(List<String> values, String member) {
        throw mismatch(member);
    }

    /** Adds what the parts of the value break to the violations. */
    void check(String member, T value, Violations violations) {}

    final void require(boolean matches, String member) {
        if (!matches) {
            throw mismatch(member);
        }
    }

    final AwsException mismatch(String member) {
        return AwsException.serialization(member + " must be " + name);
    }

    static Type<Members> structure(Shape shape) {
        return new Type<>("a Structure") {
            @Override
            Members read(RequestInput input, String member) throws IOException {
                require(input.token() == JsonToken.START_OBJECT, member);
                return shape.readMembers(input);
            }

            @Override
            void check(String member, Members value, Violations violations) {
                shape.check(member + ".", value, violations);
            }
        };
    }

    static Type<List<Members>> structures(Shape shape) {
        return new Type<>("a List of Structures") {
            @Override
            List<Members> read(RequestInput input, String member) throws IOException {
                require(input.token() == JsonToken.START_ARRAY, member);
                List<Members> list = new ArrayList<>();
                while (input.parser().nextToken() != JsonToken.END_ARRAY) {
                    require(input.token() == JsonToken.START_OBJECT, member);
                    list.add(shape.readMembers(input));
                }
                return list;
            }

            @Override
            void check(String member, List<Members> value, Violations violations) {
                for (int i = 0; i < value.size() && !violations.isFull(); i++) {
                    shape.check(member + "." + (i + 1) + ".member.", value.get(i), violations);
                }
            }
        };
    }
}
