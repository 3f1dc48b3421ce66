package io.shardmill.aws.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that AWS has published: its Signature Version 4 test suite, by its cases' names, and its guide's. */
class SignatureV4Test {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String DATE = "20150830T123600Z";

    /** @param headers besides host and date, each as {@code name:value} */
    private static String signature(
            String host, String service, String method, String target, List<String> headers, String body) {
        Map<String, List<String>> all = new TreeMap<>(Map.of("host", List.of(host), "x-amz-date", List.of(DATE)));
        for (String header : headers) {
            String[] parts = header.split(":", 2);
            all.computeIfAbsent(parts[0], first -> new ArrayList<>()).add(parts[1]);
        }
        String[] parts = target.split("\\?", 2);
        RequestHead head = new RequestHead(method, parts[0], parts[0], parameters(parts), all);
        return SignatureV4.of(
                new AwsRequest(head, body.getBytes(StandardCharsets.UTF_8)),
                new Authorization(
                        "AKIDEXAMPLE",
                        new Authorization.Scope("20150830", "us-east-1", service),
                        List.copyOf(all.keySet()),
                        ""),
                DATE,
                SECRET);
    }

    private static Map<String, List<String>> parameters(String[] target) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (target.length == 2) {
            for (String parameter : target[1].split("&", -1)) {
                String[] pair = parameter.split("=", 2);
                query.computeIfAbsent(pair[0], first -> new ArrayList<>()).add(pair[1]);
            }
        }
        return query;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            get-vanilla | GET | / | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-relative-relative | GET | /example1/example2/../.. | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slashes | GET | //example// | 9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84
            get-space | GET | /example space/ | 652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741
            get-utf8 | GET | /\u1234 | 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85
            get-vanilla-query-order-key | GET | /?Param1=value2&Param1=Value1 | eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1
            get-vanilla-query-order-key-case | GET | /?Param2=value2&Param1=value1 | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
            get-vanilla-query-order-value | GET | /?Param1=value2&Param1=value1 | 5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694
            post-vanilla | POST | / | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
            """)
    void a_request_of_the_suite_is_signed_as_aws_signs_it(String name, String method, String target, String signature) {
        assertThat(signature("example.amazonaws.com", "service", method, target, List.of(), ""))
                .isEqualTo(signature);
    }

    @Test
    void headers_and_bodies_are_signed_as_aws_signs_them() {
        assertThat(signature(
                        "example.amazonaws.com",
                        "service",
                        "GET",
                        "/",
                        List.of("my-header1:value2", "my-header1:value2", "my-header1:value1"),
                        ""))
                .as("get-header-key-duplicate")
                .isEqualTo("c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
        assertThat(signature(
                        "example.amazonaws.com",
                        "service",
                        "GET",
                        "/",
                        List.of("my-header1: value1", "my-header2: \"a   b   c\""),
                        ""))
                .as("get-header-value-trim")
                .isEqualTo("acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
        assertThat(signature(
                        "example.amazonaws.com",
                        "service",
                        "POST",
                        "/",
                        List.of("content-type:application/x-www-form-urlencoded"),
                        "Param1=value1"))
                .as("post-x-www-form-urlencoded")
                .isEqualTo("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    @Test
    void the_guides_request_to_list_users_is_signed_as_there() {
        assertThat(signature(
                        "iam.amazonaws.com",
                        "iam",
                        "GET",
                        "/?Action=ListUsers&Version=2010-05-08",
                        List.of("content-type:application/x-www-form-urlencoded; charset=utf-8"),
                        ""))
                .isEqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }
}
