package io.shardmill.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.documents.BuildArtifacts.Dependency;
import io.shardmill.documents.Document.Block;
import io.shardmill.documents.Document.Link;
import io.shardmill.spring.ShardmillProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

/** README and guide say nothing that the build contradicts: their snippets are the build's own, and their links lead somewhere. */
class DocumentsTest {

    private static final int README_LINES = 150;
    private static final String BOM = "io.shardmill:shardmill-bom";
    private static final ConfigurationPropertyName SHARDMILL = ConfigurationPropertyName.of("shardmill");

    @Test
    void every_java_block_is_a_part_of_a_compiled_source() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path source : Repository.javaSources()) {
            sources.add(withoutSpace(Files.readString(source)));
        }

        assertThat(blocks("java"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(sources)
                        .as("%s: no Java source contains this block; copy it from a source, or add it to a test", block.place())
                        .anyMatch(source -> source.contains(withoutSpace(block.text()))));
    }

    @Test
    void a_java_block_without_imports_stands_in_the_file_that_the_paragraph_before_links_to() throws IOException {
        for (Block block : blocks("java")) {
            if (!block.text().contains("import ")) {
                List<Path> linked = linkedSources(block);
                assertThat(linked)
                        .as("%s: link to the file of this block in the paragraph before it", block.place())
                        .isNotEmpty();
                assertThat(linked)
                        .as("%s: the linked file does not contain this block; copy it again", block.place())
                        .anySatisfy(source -> assertThat(withoutSpace(Files.readString(source)))
                                .contains(withoutSpace(block.text())));
            }
        }
    }

    @Test
    void every_yaml_block_about_shardmill_binds_to_the_properties() throws IOException {
        List<Block> aboutShardmill = new ArrayList<>();
        for (Block block : blocks("yaml")) {
            List<ConfigurationPropertySource> sources = properties(block);
            if (sources.stream()
                    .anyMatch(source ->
                            source.containsDescendantOf(SHARDMILL) == ConfigurationPropertyState.PRESENT)) {
                aboutShardmill.add(block);
                assertBinds(block, sources);
            }
        }
        assertThat(aboutShardmill).isNotEmpty();
    }

    private static void assertBinds(Block block, List<ConfigurationPropertySource> sources) {
        try {
            new Binder(sources)
                    .bind(SHARDMILL, Bindable.of(ShardmillProperties.class), new NoUnboundElementsBindHandler());
        } catch (BindException invalid) {
            throw new AssertionError(
                    block.place() + ": not a configuration of Shardmill; correct the property named below", invalid);
        }
    }

    @Test
    void every_dependency_is_one_of_the_build_in_its_version() throws IOException {
        BuildArtifacts build = BuildArtifacts.read();
        assertThat(blocks("xml")).isNotEmpty();
        for (Block block : blocks("xml")) {
            List<Dependency> dependencies = BuildArtifacts.dependencies(block.text());
            boolean importsBom = dependencies.stream().anyMatch(each -> each.artifact().equals(BOM));
            for (Dependency dependency : dependencies) {
                String version = build.version(dependency.artifact());
                assertThat(version)
                        .as("%s: %s is no artifact of the build; correct its name, or manage it in pom.xml",
                                block.place(), dependency.artifact())
                        .isNotNull();
                assertThat(dependency.version())
                        .as("%s: %s needs the version of pom.xml, or an import of shardmill-bom in its block",
                                block.place(), dependency.artifact())
                        .isEqualTo(dependency.version() == null && importsBom ? null : version);
            }
        }
    }

    @Test
    void every_relative_link_leads_to_a_file_of_the_repository() throws IOException {
        assertThat(relativeLinks())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(target(link))
                        .as("%s: %s leads nowhere; correct the path", link.place(), link.target())
                        .exists());
    }

    @Test
    void every_anchor_is_a_heading_of_its_page() throws IOException {
        for (Link link : relativeLinks()) {
            int anchor = link.target().indexOf('#');
            if (anchor >= 0) {
                assertThat(Document.read(target(link)).anchors())
                        .as("%s: %s names no heading of that page; correct the anchor", link.place(), link.target())
                        .contains(link.target().substring(anchor + 1));
            }
        }
    }

    @Test
    void the_guides_index_names_every_page() throws IOException {
        Document index = Document.read(Repository.ROOT.resolve("docs/guide/README.md"));
        List<Path> named = index.links().stream()
                .filter(link -> !link.isExternal())
                .map(DocumentsTest::target)
                .toList();

        assertThat(Repository.documents())
                .allSatisfy(page -> assertThat(Stream.concat(named.stream(), Stream.of(index.file())))
                        .as("%s: name it in docs/guide/README.md", page.name())
                        .contains(page.file()));
    }

    @Test
    void the_readme_is_read_in_a_few_minutes() throws IOException {
        assertThat(Document.read(Repository.ROOT.resolve("README.md")).lines())
                .as("README.md: it has more than %d lines; move what is not needed first into docs/guide", README_LINES)
                .hasSizeLessThanOrEqualTo(README_LINES);
    }

    private static List<Block> blocks(String language) throws IOException {
        return Repository.documents().stream()
                .flatMap(document -> document.blocks(language).stream())
                .toList();
    }

    private static List<Link> relativeLinks() throws IOException {
        return Repository.documents().stream()
                .flatMap(document -> document.links().stream())
                .filter(link -> !link.isExternal())
                .toList();
    }

    private static Path target(Link link) {
        String path = link.target().replaceFirst("#.*", "");
        return path.isEmpty()
                ? link.document().file()
                : link.document().file().resolveSibling(path).normalize();
    }

    private static List<Path> linkedSources(Block block) {
        return Document.targets(block.before()).stream()
                .filter(target -> target.endsWith(".java"))
                .map(target -> block.document().file().resolveSibling(target).normalize())
                .filter(Files::exists)
                .toList();
    }

    private static List<ConfigurationPropertySource> properties(Block block) throws IOException {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        new YamlPropertySourceLoader()
                .load(block.place(), new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))
                .forEach(source -> ConfigurationPropertySources.from(source).forEach(sources::add));
        return sources;
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
