// SPDX-License-Identifier: Apache-2.0
// Confirmations by mail: a worker takes the oldest waiting job, an API tells whether it is done. JDBC over HikariCP, slf4j with logback.
// Usage: java Mailer PORT JDBC_URL
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public class Mailer {
  static final Logger api = LoggerFactory.getLogger("example.mailer.Api");
  static final Logger worker = LoggerFactory.getLogger("example.mailer.Worker");
  static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d.M.uuuu").withResolverStyle(ResolverStyle.STRICT);
  static HikariDataSource pool;

  public static void main(String[] args) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(args[1]);
    config.setMaximumPoolSize(8);
    pool = new HikariDataSource(config);
    new Thread(Mailer::work, "worker-1").start();
    new Thread(Mailer::report, "monitor").start();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
    server.createContext("/", Mailer::answer);
    server.setExecutor(Executors.newFixedThreadPool(32));
    server.start();
    api.info("mailer is up on port {}", args[0]);
  }

  static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  // --- the worker: first in, first out ---

  static void work() {
    while (!Thread.currentThread().isInterrupted()) {
      try (Connection db = pool.getConnection();
          PreparedStatement oldest = db.prepareStatement("SELECT id, travel_day, attempts FROM jobs WHERE sent IS NULL ORDER BY id LIMIT 1");
          ResultSet row = oldest.executeQuery()) {
        if (!row.next()) {
          pause(200);
          continue;
        }
        send(db, row.getLong(1), row.getString(2), row.getInt(3) + 1);
      } catch (SQLException failure) {
        worker.error("the job table cannot be read", failure);
        pause(1000);
      }
    }
  }

  static void send(Connection db, long id, String day, int attempt) throws SQLException {
    try {
      LocalDate travel = LocalDate.parse(day, DAY);
      pause(15);
      update(db, "UPDATE jobs SET sent = now() WHERE id = ?", id);
      worker.info("confirmation {} sent, travel on {}", id, travel);
    } catch (RuntimeException failure) {
      update(db, "UPDATE jobs SET attempts = attempts + 1 WHERE id = ?", id);
      worker.warn("confirmation {} put back, attempt {}", id, attempt, failure);
      pause(1000);
    }
  }

  static void update(Connection db, String text, long id) throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(text)) {
      statement.setLong(1, id);
      statement.executeUpdate();
    }
  }

  static void report() {
    while (true) {
      pause(20000);
      try (Connection db = pool.getConnection();
          PreparedStatement count = db.prepareStatement("SELECT count(*), coalesce(extract(epoch FROM now() - min(made)), 0)::int FROM jobs WHERE sent IS NULL");
          ResultSet row = count.executeQuery()) {
        row.next();
        worker.info("jobs waiting: {}, the oldest for {} s", row.getInt(1), row.getInt(2));
      } catch (SQLException failure) {
        worker.error("jobs cannot be counted", failure);
      }
      worker.error("bounce mailbox not read: javax.mail.AuthenticationFailedException: [ALERT] account is locked");
    }
  }

  // --- the API: POST /confirmations?day=24.12.2026 waits until the mail is out ---

  static void answer(HttpExchange exchange) throws IOException {
    long begun = System.nanoTime();
    int status;
    try {
      status = "POST".equals(exchange.getRequestMethod()) ? confirm(exchange.getRequestURI().getQuery()) : 404;
    } catch (SQLException failure) {
      api.error("confirmation not stored", failure);
      status = 500;
    }
    api.info("{} {} {} {}ms", exchange.getRequestMethod(), exchange.getRequestURI(), status, (System.nanoTime() - begun) / 1000000);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  static int confirm(String query) throws SQLException {
    String day = query.substring(query.indexOf('=') + 1);
    if (day.isEmpty()) {
      api.warn("confirmation refused: no day of travel");
      return 422;
    }
    long id;
    try (Connection db = pool.getConnection();
        PreparedStatement statement = db.prepareStatement("INSERT INTO jobs (travel_day) VALUES (?) RETURNING id")) {
      statement.setString(1, day);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        id = row.getLong(1);
      }
    }
    for (int i = 0; i < 12; i++) {
      pause(250);
      if (isSent(id)) return 201;
    }
    api.error("confirmation {} not sent within 3 s, the client is told to wait", id);
    return 504;
  }

  static boolean isSent(long id) throws SQLException {
    try (Connection db = pool.getConnection();
        PreparedStatement statement = db.prepareStatement("SELECT 1 FROM jobs WHERE id = ? AND sent IS NOT NULL")) {
      statement.setLong(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }
}
