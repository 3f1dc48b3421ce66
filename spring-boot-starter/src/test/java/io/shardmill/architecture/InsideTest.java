package io.shardmill.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.shardmill.poller.control.MappingResources;
import io.shardmill.poller.control.Mappings;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A room's packages beneath {@code internal} are its own: no other room uses them, and what is open doesn't show them. */
@AnalyzeClasses(packages = "io.shardmill", importOptions = WithoutTests.class)
class InsideTest {

    private static final Pattern INSIDE = Pattern.compile("(.+)\\.internal(\\..+)?");

    /** Where the engine's inside is plugged in: by an engine on real threads, and by the simulator. */
    private static final Set<Class<?>> SEAMS = Set.of(Mappings.class, MappingResources.class);

    private static final DescribedPredicate<JavaClass> LIE_INSIDE = describe(
            "lie inside a room",
            type -> INSIDE.matcher(type.getBaseComponentType().getPackageName()).matches());

    private static final DescribedPredicate<JavaClass> ARE_OPEN =
            describe("are open to other rooms", type -> isPublic(type) && !LIE_INSIDE.test(type));

    private static final DescribedPredicate<JavaMember> OF_OPEN_TYPES = describe(
            "are open to other rooms",
            member -> member.getModifiers().contains(JavaModifier.PUBLIC) && ARE_OPEN.test(member.getOwner()));

    private static final DescribedPredicate<JavaMember> ARE_NO_SEAMS =
            describe("are no seams", member -> SEAMS.stream().noneMatch(member.getOwner()::isEquivalentTo));

    @ArchTest
    static final ArchRule theInsideOfARoomIsItsOwn = classes().should(keepOutOfOtherRoomsInsides());

    @ArchTest
    static final ArchRule whatIsOpenMentionsNothingInside =
            members().that(OF_OPEN_TYPES.and(ARE_NO_SEAMS)).should(mentionNothingInside());

    @ArchTest
    static final ArchRule whatIsOpenInheritsNothingFromInside =
            noClasses().that(ARE_OPEN).should().beAssignableTo(LIE_INSIDE);

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(InsideTest::isPublic).orElse(true);
    }

    private static ArchCondition<JavaClass> keepOutOfOtherRoomsInsides() {
        return new ArchCondition<>("keep out of other rooms' internal packages") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    Matcher inside = INSIDE.matcher(
                            dependency.getTargetClass().getBaseComponentType().getPackageName());
                    if (inside.matches()
                            && inside.group(1).startsWith("io.shardmill.")
                            && !(type.getPackageName() + ".").startsWith(inside.group(1) + ".")) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaMember> mentionNothingInside() {
        return new ArchCondition<>("mention no type of an internal package") {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                member.getAllInvolvedRawTypes().stream()
                        .filter(LIE_INSIDE)
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                member, member.getDescription() + " mentions " + type.getName())));
            }
        };
    }
}
