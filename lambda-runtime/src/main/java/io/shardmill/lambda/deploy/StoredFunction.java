package io.shardmill.lambda.deploy;

import io.shardmill.lambda.FunctionConfiguration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A function that was created at run time, as it is stored: its member names are the file's format. Immutable.
 *
 * @param latest what was deployed last
 */
record StoredFunction(Snapshot latest, Publications publications) {

    StoredFunction {
        Objects.requireNonNull(latest, "latest");
        Objects.requireNonNull(publications, "publications");
    }

    /**
     * The function at one moment.
     *
     * @param revision the code's
     */
    record Snapshot(FunctionConfiguration configuration, String revision, FunctionDetails details) {

        Snapshot {
            Objects.requireNonNull(configuration, "configuration");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(details, "details");
        }

        String version() {
            return details.version();
        }
    }

    /** @param last the number of the newest version there ever was: none is given twice */
    record Publications(int last, List<Snapshot> versions, List<FunctionAlias> aliases) {

        static final Publications NONE = new Publications(0, List.of(), List.of());

        Publications {
            versions = List.copyOf(versions);
            aliases = List.copyOf(aliases);
        }
    }

    /** A function without published versions. */
    StoredFunction(Snapshot latest) {
        this(latest, Publications.NONE);
    }

    String name() {
        return latest.configuration().name();
    }

    List<Snapshot> versions() {
        return publications.versions();
    }

    List<FunctionAlias> aliases() {
        return publications.aliases();
    }

    /** Returns all code that it needs. */
    Set<String> revisions() {
        Set<String> revisions = new TreeSet<>(Set.of(latest.revision()));
        versions().forEach(version -> revisions.add(version.revision()));
        return revisions;
    }

    String nextVersion() {
        return Integer.toString(publications.last() + 1);
    }

    StoredFunction with(Snapshot newLatest) {
        return new StoredFunction(newLatest, publications);
    }

    /** Adds a version under {@link #nextVersion}. */
    StoredFunction publish(Snapshot version) {
        List<Snapshot> more = new ArrayList<>(versions());
        more.add(version);
        return with(new Publications(publications.last() + 1, more, aliases()));
    }

    StoredFunction withoutVersion(String version) {
        List<Snapshot> left = versions().stream()
                .filter(each -> !each.version().equals(version))
                .toList();
        return with(new Publications(publications.last(), left, aliases()));
    }

    /** Adds an alias, or replaces the one of the same name. */
    StoredFunction with(FunctionAlias alias) {
        List<FunctionAlias> more = new ArrayList<>(withoutAlias(alias.name()).aliases());
        more.add(alias);
        more.sort(Comparator.comparing(FunctionAlias::name));
        return with(new Publications(publications.last(), versions(), more));
    }

    StoredFunction withoutAlias(String name) {
        List<FunctionAlias> left =
                aliases().stream().filter(alias -> !alias.name().equals(name)).toList();
        return with(new Publications(publications.last(), versions(), left));
    }

    private StoredFunction with(Publications newPublications) {
        return new StoredFunction(latest, newPublications);
    }
}
