package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.lambda.DeploymentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeStoreTest {

    private static final String TOO_DEEP = "folders are nested more than 100 levels deep";
    private static final String TOO_MANY = "it holds more than 20 files and folders";
    private static final String ZIP64 = "it is a zip file of the 64-bit form";

    @TempDir
    private Path folder;

    private CodeStore store;

    @BeforeEach
    void open() {
        store = new CodeStore(folder.resolve("functions"), new CodeBounds(20, 5_000));
    }

    private Path zip(Map<String, String> entries) throws IOException {
        return Archives.zip(folder.resolve("code.zip"), entries);
    }

    private List<String> all() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void an_archive_is_unpacked_into_a_revision() throws IOException {
        CodeRevision code = store.store("f", CodeSource.of(zip(Map.of("com/acme/A.class", "a", "lib/b.jar", "b"))));

        assertThat(code.folder()).isEqualTo(folder.resolve("functions/f/1"));
        assertThat(code.folder().resolve("com/acme/A.class")).hasContent("a");
        assertThat(code.folder().resolve("lib/b.jar")).hasContent("b");
    }

    @Test
    void folders_within_too_many_others_are_refused_before_any_is_made() throws IOException {
        CodeStore large = new CodeStore(folder.resolve("functions"), CodeBounds.LAMBDA);
        Map<String, String> nested =
                IntStream.range(1, 200).boxed().collect(Collectors.toMap(depth -> "d/".repeat(depth), depth -> ""));
        assertThatThrownBy(() -> large.store("f", CodeSource.of(Archives.zip(folder.resolve("deep.zip"), nested))))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(TOO_DEEP);
        Path deep = Files.createDirectories(folder.resolve("deep/" + "d/".repeat(101)));
        assertThat(deep).exists();
        assertThatThrownBy(() -> large.store("f", CodeSource.of(folder.resolve("deep"))))
                .hasMessageContaining(TOO_DEEP);
        assertThat(all()).containsExactly("deep.zip");
    }

    @Test
    void a_hundred_folders_within_each_other_are_unpacked() throws IOException {
        CodeStore large = new CodeStore(folder.resolve("functions"), CodeBounds.LAMBDA);
        CodeRevision code = large.store("f", CodeSource.of(zip(Map.of("d/".repeat(100) + "file", "x"))));
        assertThat(code.folder().resolve("d/".repeat(100) + "file")).hasContent("x");
    }

    @Test
    void an_error_names_no_path_of_the_server() throws IOException {
        Files.createDirectories(folder.resolve("functions"));
        Files.writeString(folder.resolve("functions/f"), "in the way");
        assertThatThrownBy(() -> store.store("f", CodeSource.of(zip(Map.of("a", "1")))))
                .isInstanceOf(DeploymentException.class)
                .satisfies(refused -> assertThat(refused.getMessage()
                                .replace(folder.resolve("code.zip").toString(), "ZipFile"))
                        .doesNotContain(folder.toString()));
    }

    @Test
    void each_store_makes_a_revision_that_goes_when_nobody_uses_it() throws IOException {
        Path zip = zip(Map.of("a", "1"));
        CodeRevision first = store.store("f", CodeSource.of(zip));
        CodeRevision second = store.store("f", CodeSource.of(zip));
        assertThat(second.name()).isEqualTo("2");

        first.retain();
        first.release();
        assertThat(first.folder()).exists();
        first.release();
        assertThat(first.folder()).doesNotExist();
        assertThat(store.store("f", CodeSource.of(zip)).name()).isEqualTo("3");
    }

    @Test
    void a_folder_is_copied_so_that_it_may_change() throws IOException {
        Path source = Files.createDirectories(folder.resolve("classes/lib"));
        Files.writeString(source.resolve("a.jar"), "old");
        CodeRevision code = store.store("f", CodeSource.of(folder.resolve("classes")));
        Files.writeString(source.resolve("a.jar"), "new");

        assertThat(code.folder().resolve("lib/a.jar")).hasContent("old");
    }

    @Test
    void what_is_executable_stays_so_and_nothing_else_is() throws IOException {
        Path executable = Archives.withMode(zip(Map.of("bootstrap", "#!/bin/sh")), Archives.EXECUTABLE);
        assertThat(store.store("f", CodeSource.of(executable)).folder().resolve("bootstrap"))
                .isExecutable();

        Path madeByJava = zip(Map.of("bootstrap", "#!/bin/sh"));
        assertThat(store.store("f", CodeSource.of(madeByJava)).folder().resolve("bootstrap"))
                .satisfies(file -> assertThat(Files.isExecutable(file)).isFalse());

        Path source = Files.createDirectories(folder.resolve("source"));
        assertThat(Files.writeString(source.resolve("bootstrap"), "#!/bin/sh")
                        .toFile()
                        .setExecutable(true))
                .isTrue();
        assertThat(store.store("f", CodeSource.of(source)).folder().resolve("bootstrap"))
                .isExecutable();
    }

    @Test
    void no_entry_leads_out_of_the_functions_folder() throws IOException {
        for (String name : List.of("../evil", "a/../../../evil", "..", "lib/../../evil")) {
            Path zip = zip(Map.of(name, "evil"));
            assertThatThrownBy(() -> store.store("f", CodeSource.of(zip)))
                    .as(name)
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageStartingWith("code: " + zip);
            assertThat(all()).as(name).containsExactly("code.zip");
        }
    }

    @Test
    void an_absolute_name_is_one_below_the_functions_folder() throws IOException {
        Path target = folder.resolve("outside");
        CodeRevision code = store.store("f", CodeSource.of(zip(Map.of(target.toString(), "evil"))));

        assertThat(target).doesNotExist();
        assertThat(code.folder().resolve(target.toString().substring(1))).hasContent("evil");
    }

    @Test
    void a_link_in_an_archive_becomes_a_file_with_its_target_in_it() throws IOException {
        Path zip = Archives.withMode(zip(Map.of("link", "/etc/passwd")), Archives.LINK);
        Path link = store.store("f", CodeSource.of(zip)).folder().resolve("link");

        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(link).hasContent("/etc/passwd");
    }

    @Test
    void too_many_bytes_are_refused_however_well_they_are_packed() throws IOException {
        Path zip = zip(Map.of("a", "0".repeat(3_000), "b", "0".repeat(3_000)));
        assertThatThrownBy(() -> store.store("f", CodeSource.of(zip)))
                .hasMessage("code: " + zip + " can't be used: it has more than 5000 bytes when unpacked");
        assertThat(all()).containsExactly("code.zip");
    }

    @Test
    void too_many_files_are_refused() throws IOException {
        Path zip = zip(IntStream.range(0, 21).boxed().collect(Collectors.toMap(i -> "file" + i, i -> "")));
        assertThatThrownBy(() -> store.store("f", CodeSource.of(zip))).hasMessageContaining(TOO_MANY);
        assertThat(all()).containsExactly("code.zip");
    }

    @Test
    void entries_are_counted_whatever_the_archive_says_of_their_number() throws IOException {
        Path many = zip(IntStream.range(0, 1_000).boxed().collect(Collectors.toMap(i -> "file" + i, i -> "")));
        assertThat(Files.size(many)).isGreaterThan(5_000);
        assertThatThrownBy(() -> ZipDirectory.requireAtMost(20, many)).hasMessage(TOO_MANY);
        Archives.withCount(many, 3);
        assertThatThrownBy(() -> ZipDirectory.requireAtMost(20, many)).hasMessage(TOO_MANY);
    }

    @Test
    void an_archive_beyond_the_formats_first_bounds_is_refused() throws IOException {
        Path large = zip(IntStream.range(0, 70_000).boxed().collect(Collectors.toMap(i -> "f" + i, i -> "")));
        assertThatThrownBy(() -> ZipDirectory.requireAtMost(100_000, large)).hasMessageContaining(ZIP64);
        Archives.withCount(large, 3);
        assertThatThrownBy(() -> ZipDirectory.requireAtMost(100_000, large)).hasMessageContaining(ZIP64);
    }

    @Test
    void something_before_an_archive_and_a_comment_make_no_difference_and_something_after_it_is_refused()
            throws IOException {
        byte[] zip = Files.readAllBytes(zip(Map.of("a", "1")));
        byte[] start = "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);
        Path prefixed = Files.write(folder.resolve("code.zip"), start);
        Files.write(prefixed, zip, StandardOpenOption.APPEND);
        assertThat(store.store("f", CodeSource.of(prefixed)).folder().resolve("a"))
                .hasContent("1");

        byte[] commented = Arrays.copyOf(zip, zip.length + 3);
        commented[zip.length - 2] = 3;
        assertThat(store.store("f", CodeSource.of(Files.write(prefixed, commented)))
                        .folder()
                        .resolve("a"))
                .hasContent("1");

        Files.write(prefixed, Arrays.copyOf(zip, zip.length + 3));
        assertThatThrownBy(() -> store.store("f", CodeSource.of(prefixed)))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining("there is something after its end");
    }

    private Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private CodeRevision withLayers(String... layers) {
        return store.store(
                "f",
                new CodeSource(
                        folder.resolve("code"),
                        Stream.of(layers).map(folder::resolve).toList()));
    }

    @Test
    void layers_are_merged_beside_the_code_and_a_later_one_replaces_what_an_earlier_one_has() throws IOException {
        write("code/bin/tool", "code");
        assertThat(write("a/bin/tool", "a").toFile().setExecutable(true)).isTrue();
        write("a/only", "a");
        write("a/was/folder", "a");
        write("a/was-file", "a");
        Archives.zip(
                folder.resolve("b.zip"),
                Map.of("bin/tool", "b", "was", "now a file", "was-file/now", "in a folder", "java/lib/c.jar", "c"));
        CodeRevision code = withLayers("a", "b.zip");

        Path layers = folder.resolve("functions/f/1.layers");
        assertThat(code.layers()).isEqualTo(layers);
        assertThat(layers.resolve("only")).hasContent("a");
        assertThat(layers.resolve("was")).hasContent("now a file");
        assertThat(layers.resolve("was-file/now")).hasContent("in a folder");
        assertThat(layers.resolve("bin/tool")).hasContent("b");
        assertThat(Files.isExecutable(layers.resolve("bin/tool"))).isFalse();
        assertThat(code.folder().resolve("bin/tool")).hasContent("code");
        assertThat(code.folder().resolve("lib/~c.jar")).hasContent("c");
    }

    @Test
    void layers_go_with_their_code() throws IOException {
        write("code/file", "code");
        write("a/file", "a");
        CodeRevision first = withLayers("a");
        CodeRevision second = store.store("f", CodeSource.of(folder.resolve("code")));
        assertThat(second.layers()).isNull();
        first.release();
        assertThat(all()).containsExactly("a/file", "code/file", "functions/f/2/file");
        withLayers("a");
        store.deleteAllBut("f", Set.of("2"));
        assertThat(all()).containsExactly("a/file", "code/file", "functions/f/2/file");
    }

    @Test
    void a_digest_is_of_code_and_layers() throws IOException {
        write("code/file", "code");
        write("a/java/lib/b.jar", "1");
        CodeDigest before = CodeDigest.of(withLayers("a"));
        assertThat(CodeDigest.of(withLayers("a"))).isEqualTo(before);
        assertThat(before.bytes()).isEqualTo(5);
        write("a/java/lib/b.jar", "2");
        assertThat(CodeDigest.of(withLayers("a")).sha256()).isNotEqualTo(before.sha256());
    }

    @Test
    void code_and_layers_together_are_bounded() throws IOException {
        write("code/file", "0".repeat(3_000));
        write("a/file", "0".repeat(1_500));
        write("b/file", "0".repeat(1_500));
        withLayers("a");
        assertThatThrownBy(() -> withLayers("a", "b"))
                .isInstanceOf(DeploymentException.class)
                .hasMessage("layers: " + folder.resolve("b")
                        + " can't be used: code and layers together have more than 5000 bytes when unpacked");
        assertThat(folder.resolve("functions/f")).isDirectoryNotContaining("glob:**unpacking*");
    }

    @Test
    void what_is_no_layer_is_refused_by_its_path() throws IOException {
        write("code/file", "code");
        Path text = write("layer", "no zip");
        assertThatThrownBy(() -> withLayers("layer"))
                .isInstanceOf(DeploymentException.class)
                .hasMessage("layers: " + text + " can't be used: it is not a zip or folder; put its files into a folder"
                        + " as they are to lie in /opt, and name that folder");
        Path jar = Archives.zip(folder.resolve("layer.jar"), Map.of("a", "1"));
        assertThatThrownBy(() -> withLayers("layer.jar"))
                .isInstanceOf(DeploymentException.class)
                .hasMessage(
                        "layers: " + jar + " is a jar; a layer must be a zip as for Lambda, or a folder; put the jar"
                                + " into java/lib of a folder, and name that folder");
        assertThatThrownBy(() -> withLayers("nowhere"))
                .isInstanceOf(DeploymentException.class)
                .hasMessage("layers: " + folder.resolve("nowhere")
                        + " does not exist; it must be a zip as for Lambda, or a folder");
        assertThatThrownBy(() -> withLayers("a", "b", "c", "d", "e", "f"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("layers: [")
                .hasMessageEndingWith("] are 6; a function has at most 5, as on Lambda; merge some of them");
        assertThat(all()).containsExactly("code/file", "layer", "layer.jar");
    }

    @Test
    void what_is_no_archive_is_refused() throws IOException {
        Path text = Files.writeString(folder.resolve("code.zip"), "no zip");
        assertThatThrownBy(() -> store.store("f", CodeSource.of(text)))
                .isInstanceOf(DeploymentException.class)
                .hasMessageStartingWith("code: " + text + " can't be read or unpacked: ");
        assertThatThrownBy(() -> store.store("f", CodeSource.of(folder.resolve("nowhere.jar"))))
                .hasMessageStartingWith("code: " + folder.resolve("nowhere.jar") + " does not exist");
        assertThat(all()).containsExactly("code.zip");
    }

    @Test
    void a_bare_bootstrap_is_refused_with_a_hint_where_to_put_it() throws IOException {
        Path bootstrap = Files.writeString(folder.resolve("bootstrap"), "#!/bin/sh");
        assertThatThrownBy(() -> store.store("f", CodeSource.of(bootstrap)))
                .isInstanceOf(DeploymentException.class)
                .hasMessage("code: " + bootstrap + " can't be used: it is not a jar, zip or folder; put a bootstrap"
                        + " into a folder of its own, and name that folder");
        assertThat(all()).containsExactly("bootstrap");
    }

    @Test
    void a_jar_that_is_cut_short_while_it_is_written_leaves_nothing_behind() throws IOException {
        Path zip = zip(Map.of("a", "a".repeat(200), "b", "b"));
        byte[] whole = Files.readAllBytes(zip);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(zip, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> store.store("f", CodeSource.of(zip))).isInstanceOf(DeploymentException.class);
        }
        assertThat(all()).containsExactly("code.zip");
    }
}
