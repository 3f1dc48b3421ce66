package io.shardmill.architecture;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

/** A class is known by its name alone: in a stack trace, a search, a talk. */
@AnalyzeClasses(packages = "io.shardmill", importOptions = WithoutTests.class)
class NamesTest {

    /** Nested classes are excepted: they are read with the name of the one around them. */
    @ArchTest
    static void a_class_name_stands_once_in_all_rooms(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .collect(groupingBy(JavaClass::getSimpleName))
                        .values())
                .isNotEmpty()
                .allSatisfy(namesakes -> assertThat(namesakes).hasSize(1));
    }
}
