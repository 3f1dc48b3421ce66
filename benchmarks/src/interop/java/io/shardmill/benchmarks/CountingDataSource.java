package io.shardmill.benchmarks;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts statements, a batch as one, and can be cut off from its database. */
final class CountingDataSource extends DelegatingDataSource {

    private final AtomicLong statements = new AtomicLong();
    private volatile boolean isCut;

    CountingDataSource(DataSource target) {
        super(target);
    }

    long statements() {
        return statements.get();
    }

    /** From now on there is no connection any more. */
    void cut() {
        isCut = true;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (isCut) {
            throw new SQLException("cut off");
        }
        Connection connection = super.getConnection();
        InvocationHandler counting = (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement") || method.getName().equals("createStatement")) {
                statements.incrementAndGet();
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, counting);
    }
}
