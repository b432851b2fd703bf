package dev.pitr.examples;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/** The quickstart's application: a small shop whose customers keep ordering while its database is backed up. */
final class Shop implements AutoCloseable {
    static final int CUSTOMERS = 2000;
    private static final int FIRST_ORDERS = 200_000;

    private final String url;
    private final Thread customers = new Thread(this::order, "customers");
    private final AtomicLong orders = new AtomicLong();
    private volatile boolean open = true;

    private Shop(String url) {
        this.url = url;
    }

    /** Creates the tables, fills them, and lets the customers in. */
    static Shop open(String url) throws SQLException {
        Shop shop = new Shop(url);
        try (Connection connection = shop.connect();
                Statement sql = connection.createStatement()) {
            sql.execute("create table customers (id int primary key, name text not null, city text not null)");
            sql.execute("create table orders (id bigserial primary key, customer int not null references customers,"
                    + " article text not null, cents int not null, ordered_at timestamptz not null default now())");
            sql.execute("insert into customers select n, 'Customer ' || n,"
                    + " (array['Lisbon', 'Kyiv', 'Osaka', 'Recife'])[1 + n % 4] from generate_series(1, " + CUSTOMERS
                    + ") n");
            sql.execute("insert into orders (customer, article, cents) select 1 + n % " + CUSTOMERS
                    + ", md5(n::text), 100 + n % 9900 from generate_series(1, " + FIRST_ORDERS + ") n");
        }
        shop.orders.set(FIRST_ORDERS);
        shop.customers.start();
        return shop;
    }

    private void order() {
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into orders (customer, article, cents) values (?, md5(random()::text), ?)")) {
            while (open) {
                long number = orders.get() + 1;
                insert.setInt(1, (int) (1 + number % CUSTOMERS));
                insert.setInt(2, (int) (100 + number % 9900));
                insert.executeUpdate();
                orders.set(number);
            }
        } catch (SQLException e) {
            if (open) {
                throw new IllegalStateException("A customer could not order", e);
            }
        }
    }

    /** How many orders were confirmed to customers so far. */
    long confirmedOrders() {
        return orders.get();
    }

    /** Waits until so many orders are confirmed. */
    void awaitOrders(long count) throws InterruptedException {
        while (orders.get() < count && customers.isAlive()) {
            Thread.sleep(10);
        }
    }

    /** Runs a query that returns one value. */
    static String ask(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user());
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The mistake. Orders go on, since nobody has noticed yet. */
    void dropCustomersByAccident() throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute("drop table customers cascade");
        }
    }

    static Properties user() {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        return properties;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user());
    }

    @Override
    public void close() {
        open = false;
        try {
            customers.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
