package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.eachOf;
import static io.shardmill.aws.protocol.Constraint.items;
import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.matches;
import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.Upload;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The members that several of Lambda's operations have, with the constraints of Lambda's API model. */
final class FunctionMembers {

    private static final Pattern FUNCTION = Pattern.compile("(arn:(aws[a-zA-Z-]*)?:lambda:)?"
            + "((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
            + "(:(\\$LATEST|[a-zA-Z0-9-_]+))?");
    private static final Pattern ROLE_ARN =
            Pattern.compile("arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");

    static final Member<String> FUNCTION_NAME =
            Member.text("FunctionName", length(1, 140), matches(FUNCTION)).required();
    static final Member<String> QUALIFIER =
            Member.text("Qualifier", length(1, 128), matches(Pattern.compile("(|[a-zA-Z0-9$_-]+)")));
    static final Member<String> DESCRIPTION = Member.text("Description", length(0, 256));
    static final Member<String> RUNTIME = Member.text("Runtime");
    static final Member<String> HANDLER = Member.text("Handler", length(0, 128));
    static final Member<String> ROLE = Member.text("Role", matches(ROLE_ARN));
    static final Member<Integer> TIMEOUT = Member.integer("Timeout", range(1, 900));
    static final Member<Integer> MEMORY_SIZE = Member.integer("MemorySize", range(128, 10_240));
    static final Member<Map<String, String>> VARIABLES = Member.textMap("Variables");
    static final Member<Members> ENVIRONMENT = Member.structure("Environment", Shape.of(VARIABLES));
    static final Member<List<String>> ARCHITECTURES =
            Member.texts("Architectures", items(1, 1), eachOf(List.of("x86_64", "arm64")));
    static final Member<Map<String, String>> TAGS = Member.textMap("Tags");
    static final Member<Boolean> PUBLISH = Member.flag("Publish");
    static final Member<String> REVISION_ID = Member.text("RevisionId");
    static final Member<Upload> ZIP_FILE = Upload.member("ZipFile");

    static final Member<Integer> MAX_ITEMS = Member.integer("MaxItems", range(1, 10_000));
    static final Member<String> MARKER = Member.text("Marker");

    private FunctionMembers() {}
}
