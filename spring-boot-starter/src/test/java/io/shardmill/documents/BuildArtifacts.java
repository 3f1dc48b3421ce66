package io.shardmill.documents;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The artifacts that the build makes or manages, with their versions. */
final class BuildArtifacts {

    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    private final Map<String, String> versions = new HashMap<>();

    /**
     * A dependency as a {@code pom.xml} has it.
     *
     * @param artifact group and artifact, with a colon between them
     * @param version null if it is left out
     */
    record Dependency(String artifact, @Nullable String version) {

        private static Dependency of(Element dependency) {
            return new Dependency(
                    text(dependency, "groupId") + ":" + text(dependency, "artifactId"), text(dependency, "version"));
        }
    }

    static BuildArtifacts read() throws IOException {
        BuildArtifacts artifacts = new BuildArtifacts();
        Element project = parse(Files.readString(Repository.ROOT.resolve("pom.xml")));
        Map<String, String> properties = properties(project);
        String version = String.valueOf(text(project, "version"));
        properties.put("project.version", version);
        for (Dependency managed : dependencies(Files.readString(Repository.ROOT.resolve("pom.xml")))) {
            if (managed.version() != null) {
                artifacts.versions.put(managed.artifact(), resolve(managed.version(), properties));
            }
        }
        for (Dependency parent : parents(Files.readString(Repository.ROOT.resolve("pom.xml")))) {
            artifacts.versions.put(parent.artifact(), String.valueOf(parent.version()));
        }
        artifacts.addModules(Repository.ROOT, project, version);
        return artifacts;
    }

    private void addModules(Path folder, Element project, String version) throws IOException {
        Element modules = child(project, "modules");
        if (modules == null) {
            return;
        }
        for (Element module : children(modules, "module")) {
            Path child = folder.resolve(module.getTextContent().strip());
            Element built = parse(Files.readString(child.resolve("pom.xml")));
            versions.put("io.shardmill:" + text(built, "artifactId"), version);
            addModules(child, built, version);
        }
    }

    /**
     * Returns whether the build has the artifact in this version.
     *
     * @param importsBom a version that is left out is the build's
     */
    boolean has(Dependency dependency, boolean importsBom) {
        String known = version(dependency.artifact());
        return known != null && (dependency.version() == null ? importsBom : known.equals(dependency.version()));
    }

    /** Returns the version of the artifact; null if the build doesn't know it. */
    @Nullable
    String version(String artifact) {
        return versions.get(artifact);
    }

    /** Returns all dependencies of a piece of a {@code pom.xml}, however deep. */
    static List<Dependency> dependencies(String xml) throws IOException {
        return named("dependency", xml);
    }

    /** Returns the parent of a piece of a {@code pom.xml}, if it has one. */
    static List<Dependency> parents(String xml) throws IOException {
        return named("parent", xml);
    }

    private static List<Dependency> named(String element, String xml) throws IOException {
        NodeList found = parse("<snippet>" + xml.replaceFirst("<\\?xml[^>]*>", "") + "</snippet>")
                .getElementsByTagName(element);
        List<Dependency> dependencies = new ArrayList<>();
        for (int index = 0; index < found.getLength(); index++) {
            dependencies.add(Dependency.of((Element) found.item(index)));
        }
        return dependencies;
    }

    private static Map<String, String> properties(Element project) {
        Map<String, String> properties = new HashMap<>();
        Element declared = child(project, "properties");
        if (declared != null) {
            for (Node node = declared.getFirstChild(); node != null; node = node.getNextSibling()) {
                properties.put(node.getNodeName(), node.getTextContent().strip());
            }
        }
        return properties;
    }

    private static String resolve(String version, Map<String, String> properties) {
        Matcher property = PROPERTY.matcher(version);
        return property.matches() ? properties.getOrDefault(property.group(1), version) : version;
    }

    private static Element parse(String xml) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException invalid) {
            throw new IOException(
                    invalid.getMessage() + " in " + xml.lines().findFirst().orElse(""), invalid);
        }
    }

    private static @Nullable String text(Element parent, String name) {
        Element child = child(parent, name);
        return child == null ? null : child.getTextContent().strip();
    }

    private static @Nullable Element child(Element parent, String name) {
        List<Element> children = children(parent, name);
        return children.isEmpty() ? null : children.get(0);
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }
}
