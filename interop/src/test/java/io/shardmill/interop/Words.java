package io.shardmill.interop;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A Lambda function that needs nothing but the JDK: says each word, and fails at poison. */
public final class Words {

    static final String POISON = "poison";

    /** Answers how many there were. */
    public int say(Map<String, List<Map<String, Object>>> event) {
        List<Map<String, Object>> records = event.getOrDefault("Records", List.of());
        for (Map<String, Object> record : records) {
            String data = (String) ((Map<?, ?>) record.get("kinesis")).get("data");
            String word = new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
            if (word.equals(POISON)) {
                throw new IllegalArgumentException("That was " + POISON);
            }
            System.out.println("The word is " + word);
        }
        return records.size();
    }
}
