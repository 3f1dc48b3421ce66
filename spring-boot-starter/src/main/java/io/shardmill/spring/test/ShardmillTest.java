package io.shardmill.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;

/**
 * {@link SpringBootTest} for an application with mappings: the streams of its configuration, those of Kinesis too, live in a
 * temporary folder that goes with the context, checkpoints in memory, and every on-failure destination that is no bean
 * of the application is a {@link RecordingDestination}. Nothing of an earlier run is seen, nothing is left.
 *
 * <p>Put with {@code StreamWriter}, wait with {@code Mappings.awaitDrained}, look at what your function did. Test
 * classes with the same configuration share a context, and so their streams: use one stream or key a test, or
 * {@code @DirtiesContext}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest
@Import(InMemoryShardmill.class)
public @interface ShardmillTest {

    /** As with {@link SpringBootTest#properties()}. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
    String[] properties() default {};

    /** As with {@link SpringBootTest#classes()}. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
    Class<?>[] classes() default {};

    /** As with {@link SpringBootTest#webEnvironment()}. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "webEnvironment")
    SpringBootTest.WebEnvironment webEnvironment() default SpringBootTest.WebEnvironment.MOCK;
}
