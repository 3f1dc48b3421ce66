package io.shardmill.poller.internal.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A value of an event that is neither object nor array. */
public final class Scalar {

    enum Type {
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL
    }

    private final Type type;
    private final String text;
    private @Nullable BigDecimal number;

    private Scalar(Type type, String text) {
        this.type = type;
        this.text = text;
    }

    /** Returns a string. */
    public static Scalar string(String text) {
        return new Scalar(Type.STRING, text);
    }

    /**
     * Returns a number.
     *
     * @param text as JSON writes it
     */
    public static Scalar number(String text) {
        return new Scalar(Type.NUMBER, text);
    }

    static Scalar of(Type literal) {
        return new Scalar(literal, "");
    }

    boolean is(Type type) {
        return this.type == type;
    }

    boolean isString() {
        return type == Type.STRING;
    }

    /** A string's characters. */
    String text() {
        return text;
    }

    /** A number's value, exactly. */
    BigDecimal number() {
        if (number == null) {
            number = new BigDecimal(text);
        }
        return number;
    }
}
