package io.shardmill.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.documents.BuildArtifacts.Dependency;
import io.shardmill.documents.Document.Block;
import io.shardmill.documents.Document.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Proves that the snippets of README and guide are the build's own, and that the links of all documents resolve. */
class DocumentsTest {

    private static final int README_LINES = 150;
    private static final String BOM = "io.shardmill:shardmill-bom";

    @Test
    void every_java_block_is_a_part_of_a_compiled_source() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path source : Repository.javaSources()) {
            sources.add(withoutSpace(Files.readString(source)));
        }

        assertThat(blocks("java").filter(block -> sources.stream().noneMatch(source -> isIn(source, block))))
                .extracting(Block::place)
                .as("blocks that no Java source contains; copy them from one, or add them to a test")
                .isEmpty();
    }

    @Test
    void a_java_block_without_imports_is_from_the_file_that_the_paragraph_before_links_to() throws IOException {
        assertThat(blocks("java")
                        .filter(block -> !block.text().contains("import "))
                        .filter(block -> linkedSources(block).stream().noneMatch(source -> isIn(source, block))))
                .extracting(Block::place)
                .as("blocks that are in no file that the paragraph before links to; link to it, or copy them again")
                .isEmpty();
    }

    @Test
    void every_yaml_block_about_shardmill_binds_to_the_properties() throws IOException {
        List<Configuration> aboutShardmill = blocks("yaml")
                .map(Configuration::of)
                .filter(Configuration::isAboutShardmill)
                .toList();

        assertThat(aboutShardmill).isNotEmpty();
        assertThat(aboutShardmill.stream().flatMap(configuration -> configuration.fault().stream()))
                .as("blocks that are no configuration of Shardmill; correct the property")
                .isEmpty();
    }

    @Test
    void every_dependency_is_one_of_the_build_in_its_version() throws IOException {
        BuildArtifacts build = BuildArtifacts.read();
        List<String> faults = new ArrayList<>();
        for (Block block : blocks("xml").toList()) {
            List<Dependency> dependencies = new ArrayList<>(BuildArtifacts.dependencies(block.text()));
            List<Dependency> parents = BuildArtifacts.parents(block.text());
            if (!parents.isEmpty()) { // which manages what is of its own group
                dependencies.removeIf(
                        each -> each.version() == null && each.artifact().startsWith("org.springframework.boot:"));
                dependencies.addAll(parents);
            }
            boolean importsBom =
                    dependencies.stream().anyMatch(each -> each.artifact().equals(BOM));
            dependencies.stream()
                    .filter(each -> !build.has(each, importsBom))
                    .forEach(each -> faults.add(block.place() + ": " + each.artifact() + " in version " + each.version()
                            + ", but the build has " + build.version(each.artifact())));
        }
        assertThat(faults)
                .as(
                        "dependencies that the build doesn't have; take artifact and version from pom.xml, or import the BOM")
                .isEmpty();
    }

    @Test
    void every_relative_link_leads_to_a_file_of_the_repository() throws IOException {
        assertThat(relativeLinks().filter(link -> !Files.exists(target(link))))
                .extracting(Link::place)
                .as("links that lead nowhere; correct the path")
                .isEmpty();
    }

    @Test
    void every_anchor_is_a_heading_of_its_page() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Link link :
                relativeLinks().filter(each -> !each.anchor().isEmpty()).toList()) {
            if (!Document.read(target(link)).anchors().contains(link.anchor())) {
                faults.add(link.place());
            }
        }
        assertThat(faults)
                .as("links to headings that the page doesn't have; correct the anchor")
                .isEmpty();
    }

    @Test
    void the_guides_index_names_every_page() throws IOException {
        Document index = Document.read(Repository.ROOT.resolve("docs/guide/README.md"));
        List<Path> named = index.links().stream()
                .filter(link -> !link.isExternal())
                .map(DocumentsTest::target)
                .toList();

        assertThat(Repository.documents().stream()
                        .map(Document::file)
                        .filter(page -> !page.equals(index.file()) && !named.contains(page)))
                .as("pages that docs/guide/README.md does not name; add a line for each")
                .isEmpty();
    }

    @Test
    void the_readme_is_read_in_a_few_minutes() throws IOException {
        assertThat(Document.read(Repository.ROOT.resolve("README.md")).lines().size())
                .as("lines of README.md; move what is not needed in the first minutes into docs/guide")
                .isLessThanOrEqualTo(README_LINES);
    }

    private static Stream<Block> blocks(String language) throws IOException {
        List<Block> blocks = Repository.documents().stream()
                .flatMap(document -> document.blocks(language).stream())
                .toList();
        assertThat(blocks).as("blocks of " + language).isNotEmpty();
        return blocks.stream();
    }

    /** Of README, guide and all other Markdown. */
    private static Stream<Link> relativeLinks() throws IOException {
        return Repository.markdown().stream()
                .flatMap(document -> document.links().stream())
                .filter(link -> !link.isExternal());
    }

    private static Path target(Link link) {
        return link.path().isEmpty()
                ? link.document().file()
                : link.document().file().resolveSibling(link.path()).normalize();
    }

    private static List<String> linkedSources(Block block) {
        return Document.targets(block.before()).stream()
                .filter(target -> target.endsWith(".java"))
                .map(target -> block.document().file().resolveSibling(target))
                .filter(Files::exists)
                .map(DocumentsTest::sourceWithoutSpace)
                .toList();
    }

    private static boolean isIn(String source, Block block) {
        return source.contains(withoutSpace(block.text()));
    }

    private static String sourceWithoutSpace(Path source) {
        try {
            return withoutSpace(Files.readString(source));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
