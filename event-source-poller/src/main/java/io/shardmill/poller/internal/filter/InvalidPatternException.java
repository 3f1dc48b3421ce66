package io.shardmill.poller.internal.filter;

/** A filter pattern breaks a rule of the pattern language; the message says which, and where in the pattern. */
public final class InvalidPatternException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    InvalidPatternException(String problem) {
        super(problem);
    }

    InvalidPatternException(String problem, Throwable cause) {
        super(problem, cause);
    }

    static InvalidPatternException at(String where, String problem) {
        return new InvalidPatternException((where.isEmpty() ? "the pattern" : "'" + where + "'") + " " + problem);
    }
}
