package io.shardmill.lambda.deploy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A function that was created at run time, as it is kept: its names are a file's format. Immutable.
 *
 * @param revision the code's
 * @param details null in files from before there were any
 * @param publications null in files from before there were any
 */
record Definition(
        FunctionConfiguration configuration,
        String revision,
        @Nullable FunctionDetails details,
        @Nullable Publications publications) {

    /** A published version: what the function was at that moment. */
    record Snapshot(FunctionConfiguration configuration, String revision, FunctionDetails details) {

        String version() {
            return details.version();
        }
    }

    /** @param last the number of the newest version there ever was: none is given twice */
    record Publications(int last, List<Snapshot> versions, List<FunctionAlias> aliases) {

        static final Publications NONE = new Publications(0, List.of(), List.of());
    }

    /** The function as it is now. */
    Snapshot latest() {
        FunctionDetails known = details == null
                ? FunctionDetails.now(FunctionDetails.LATEST, CodeFacts.NONE, FunctionLabels.NONE)
                : details;
        return new Snapshot(configuration, revision, known);
    }

    private Publications published() {
        return publications == null ? Publications.NONE : publications;
    }

    List<Snapshot> versions() {
        return published().versions();
    }

    List<FunctionAlias> aliases() {
        return published().aliases();
    }

    Optional<FunctionAlias> alias(String name) {
        return aliases().stream().filter(alias -> alias.name().equals(name)).findFirst();
    }

    /** All code that it needs. */
    Set<String> revisions() {
        Set<String> revisions = new TreeSet<>(Set.of(revision));
        versions().forEach(version -> revisions.add(version.revision()));
        return revisions;
    }

    String nextVersion() {
        return Integer.toString(published().last() + 1);
    }

    Definition with(Snapshot newLatest) {
        return new Definition(newLatest.configuration(), newLatest.revision(), newLatest.details(), published());
    }

    /** With a new version under {@link #nextVersion}. */
    Definition publish(Snapshot version) {
        List<Snapshot> more = new ArrayList<>(versions());
        more.add(version);
        return with(new Publications(published().last() + 1, List.copyOf(more), aliases()));
    }

    Definition withoutVersion(String version) {
        List<Snapshot> left = versions().stream()
                .filter(each -> !each.version().equals(version))
                .toList();
        return with(new Publications(published().last(), left, aliases()));
    }

    /** In place of one of the same name. */
    Definition with(FunctionAlias alias) {
        List<FunctionAlias> more = new ArrayList<>(withoutAlias(alias.name()).aliases());
        more.add(alias);
        more.sort(Comparator.comparing(FunctionAlias::name));
        return with(new Publications(published().last(), versions(), List.copyOf(more)));
    }

    Definition withoutAlias(String name) {
        List<FunctionAlias> left =
                aliases().stream().filter(alias -> !alias.name().equals(name)).toList();
        return with(new Publications(published().last(), versions(), left));
    }

    private Definition with(Publications newPublications) {
        return new Definition(configuration, revision, details, newPublications);
    }
}
