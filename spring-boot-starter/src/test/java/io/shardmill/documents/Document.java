package io.shardmill.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of Markdown.
 *
 * @param file relative to the working directory of the build's tests
 */
record Document(Path file, List<String> lines) {

    private static final String FENCE = "```";
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");

    /**
     * A fenced block of code.
     *
     * @param line of its first line of code, from 1
     * @param before the paragraph above it, on one line
     */
    record Block(Document document, int line, String language, String text, String before) {

        /** Returns where it is, as an IDE links it. */
        String place() {
            return document.name() + ":" + line;
        }
    }

    /** A link of the prose. */
    record Link(Document document, int line, String target) {

        /** Returns where it is and where it leads. */
        String place() {
            return document.name() + ":" + line + " " + target;
        }

        /** Returns the target without its anchor. */
        String path() {
            return target.replaceFirst("#.*", "");
        }

        /** Returns the name of the heading that is meant; an empty text for the page. */
        String anchor() {
            return target.substring(path().length()).replaceFirst("#", "");
        }

        boolean isExternal() {
            return target.matches("[a-z]+:.*");
        }
    }

    static Document read(Path file) throws IOException {
        return new Document(file, Files.readAllLines(file));
    }

    String name() {
        return Repository.ROOT.relativize(file).toString();
    }

    List<Block> blocks(String language) {
        List<Block> blocks = new ArrayList<>();
        for (int begin = 0; begin < lines.size(); begin++) {
            if (lines.get(begin).startsWith(FENCE)) {
                int end = endOfBlock(begin);
                String found = lines.get(begin).substring(FENCE.length()).strip();
                if (found.equals(language)) {
                    String text = String.join("\n", lines.subList(begin + 1, end));
                    blocks.add(new Block(this, begin + 2, found, text, paragraphBefore(begin)));
                }
                begin = end;
            }
        }
        return blocks;
    }

    private int endOfBlock(int begin) {
        int end = begin + 1;
        while (end < lines.size() && !lines.get(end).startsWith(FENCE)) {
            end++;
        }
        return end;
    }

    private String paragraphBefore(int begin) {
        int last = begin - 1;
        while (last >= 0 && lines.get(last).isBlank()) {
            last--;
        }
        int first = last;
        while (first > 0 && !lines.get(first - 1).isBlank()) {
            first--;
        }
        return last < 0 ? "" : String.join(" ", lines.subList(first, last + 1));
    }

    /** Returns the links outside of code, on whichever lines they are. */
    List<Link> links() {
        String prose = String.join("\n", prose());
        List<Link> links = new ArrayList<>();
        Matcher link = LINK.matcher(prose);
        while (link.find()) {
            int line = (int) prose.substring(0, link.start()).lines().count();
            links.add(new Link(this, Math.max(1, line), link.group(1)));
        }
        return links;
    }

    /** Returns the links of a piece of Markdown. */
    static List<String> targets(String markdown) {
        return LINK.matcher(markdown).results().map(link -> link.group(1)).toList();
    }

    /** Returns the anchors of the headings, as GitHub makes them. */
    Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        for (String line : prose()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return LINK.matcher(heading)
                .replaceAll(link -> link.group().substring(1, link.group().indexOf(']')))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }

    /** Returns all lines, with those of blocks of code left empty. */
    private List<String> prose() {
        List<String> prose = new ArrayList<>(lines);
        for (int begin = 0; begin < lines.size(); begin++) {
            if (lines.get(begin).startsWith(FENCE)) {
                int end = Math.min(endOfBlock(begin), lines.size() - 1);
                for (int line = begin; line <= end; line++) {
                    prose.set(line, "");
                }
                begin = end;
            }
        }
        return prose;
    }
}
