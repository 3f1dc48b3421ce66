package io.shardmill.poller.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Holds a value of an event that is neither object nor array. Belongs to one thread. */
public final class Scalar {

    /** What a value is in JSON. */
    public enum Type {
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

    /** Returns the value that is all of its type: true, false or null. */
    public static Scalar of(Type literal) {
        return new Scalar(literal, "");
    }

    public boolean is(Type type) {
        return this.type == type;
    }

    public boolean isString() {
        return type == Type.STRING;
    }

    /** Returns a string's characters. */
    public String text() {
        return text;
    }

    /** Returns a number's value, exactly. */
    public BigDecimal number() {
        if (number == null) {
            number = new BigDecimal(text);
        }
        return number;
    }
}
