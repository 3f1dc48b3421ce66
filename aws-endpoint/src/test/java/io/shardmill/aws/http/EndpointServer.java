package io.shardmill.aws.http;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Services on a free port of loopback, over HTTP/1.1 and plain HTTP/2, in a Tomcat as an application has one. */
public final class EndpointServer implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();

    public EndpointServer(Filter endpoint) {
        this(endpoint, "");
    }

    /** @param contextPath as {@code /app}, or empty */
    EndpointServer(Filter endpoint, String contextPath) {
        try {
            tomcat.setBaseDir(Files.createTempDirectory("endpoint").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.addUpgradeProtocol(new Http2Protocol());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext(contextPath, null);
        Tomcat.addServlet(context, "nothing", new HttpServlet() {
                    private static final long serialVersionUID = 1;
                })
                .addMapping("/");
        FilterDef definition = new FilterDef();
        definition.setFilterName("endpoint");
        definition.setFilter(endpoint);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap everything = new FilterMap();
        everything.setFilterName("endpoint");
        everything.addURLPattern("/*");
        everything.setDispatcher("REQUEST");
        everything.setDispatcher("ASYNC");
        context.addFilterMap(everything);
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
