package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with {@code *} for any characters, none included. A backslash makes the star or backslash after it an ordinary
 * character.
 *
 * @param pieces the texts between the stars, the first and the last of which may be empty
 */
record Wildcard(List<String> pieces) implements ValueTest {

    /** @throws InvalidPatternException if two stars touch or a backslash stands before anything else */
    static Wildcard parse(String where, String text) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character == '\\') {
                index++;
                if (index == text.length() || (text.charAt(index) != '*' && text.charAt(index) != '\\')) {
                    throw InvalidPatternException.at(where, "has a backslash that stands before neither * nor \\");
                }
                piece.append(text.charAt(index));
            } else if (character == '*') {
                if (index > 0 && piece.isEmpty() && !pieces.isEmpty()) {
                    throw InvalidPatternException.at(where, "has two * side by side; one says the same");
                }
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                piece.append(character);
            }
        }
        pieces.add(piece.toString());
        return new Wildcard(pieces);
    }

    @Override
    public boolean accepts(Scalar value) {
        return value.isString() && accepts(value.text());
    }

    /** The first piece begins the text, the last one ends it, and each of the others comes as early as it can. */
    private boolean accepts(String text) {
        String first = pieces.get(0);
        if (pieces.size() == 1) {
            return text.equals(first);
        }
        String last = pieces.get(pieces.size() - 1);
        int end = text.length() - last.length();
        if (!text.startsWith(first) || end < first.length() || !text.endsWith(last)) {
            return false;
        }
        int from = first.length();
        for (String piece : pieces.subList(1, pieces.size() - 1)) {
            int found = text.indexOf(piece, from);
            if (found < 0 || found + piece.length() > end) {
                return false;
            }
            from = found + piece.length();
        }
        return true;
    }
}
