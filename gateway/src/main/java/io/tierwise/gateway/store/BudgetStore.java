package io.tierwise.gateway.store;

import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tenants and tasks have taken, by day or minute; teams and months are sums of these, so that
 * a limit given today counts what was spent before it. What is set aside has a row with the end of
 * its lease: whoever looks next after that lets it go, so that no process takes it to its grave.
 */
public final class BudgetStore {
  /** Longer than a month, for the month's sum. */
  private static final Duration KEPT = Duration.ofDays(40);

  /** Longer than any lease, for late settling. */
  private static final Duration MINUTES_KEPT = Duration.ofHours(1);

  private static final BigDecimal NOTHING = BigDecimal.ZERO;

  private final Database database;

  public BudgetStore(Database database) {
    this.database = database;
  }

  /** What one tenant or one task has taken of something. */
  public record Account(String holder, Measure measure, Instant start) {
    /** A tenant's, in the period that holds the moment. */
    public static Account of(Tenant tenant, Measure measure, Instant moment) {
      return new Account("tenant:" + tenant, measure, period(measure).start(moment));
    }

    /** A task's, in the period that holds the moment. */
    public static Account of(String task, Measure measure, Instant moment) {
      return new Account("task:" + task, measure, period(measure).start(moment));
    }

    private static Period period(Measure measure) {
      return switch (measure) {
        case DOLLARS -> Period.DAY;
        case REQUESTS, TOKENS -> Period.MINUTE;
      };
    }
  }

  /** What an account holds. */
  private record Taken(BigDecimal spent, BigDecimal reserved, BigDecimal lapsed) {
    static final Taken NONE = new Taken(NOTHING, NOTHING, NOTHING);

    Taken plus(Taken other) {
      return new Taken(
          spent.add(other.spent), reserved.add(other.reserved), lapsed.add(other.lapsed));
    }

    static Taken spent(BigDecimal amount) {
      return new Taken(amount, NOTHING, NOTHING);
    }

    static Taken reserved(BigDecimal amount) {
      return new Taken(NOTHING, amount, NOTHING);
    }

    static Taken lapsed(BigDecimal amount) {
      return new Taken(NOTHING, NOTHING, amount);
    }

    BigDecimal counted() {
      return spent.add(reserved);
    }
  }

  private record Lease(long id, String tenant, String task, Money dollars, long tokens, long at) {
    void release(Connection connection, boolean lapsed) throws SQLException {
      Instant moment = Instant.ofEpochMilli(at);
      Taken back = Taken.reserved(dollars.usd().negate());
      Taken dollarsBack = lapsed ? back.plus(Taken.lapsed(dollars.usd())) : back;
      book(connection, tenant, task, Measure.DOLLARS, moment, dollarsBack);
      if (tokens > 0) {
        Taken tokensBack = Taken.reserved(BigDecimal.valueOf(-tokens));
        book(connection, tenant, task, Measure.TOKENS, moment, tokensBack);
      }
    }
  }

  /**
   * Sets a claim aside under all of some limits or none, in one transaction.
   *
   * @param limits those that concern the claim
   */
  public Reservation reserve(List<Limit> limits, Claim claim) {
    return database.write(
        Database.Durability.RELAXED, connection -> reserve(connection, limits, claim));
  }

  private static Reservation reserve(Connection connection, List<Limit> limits, Claim claim)
      throws SQLException {
    lapse(connection, claim.at());
    Optional<Limit> exhausted = Optional.empty();
    Comparator<Limit> byEnd = Comparator.comparing(limit -> limit.period().end(claim.at()));
    boolean soft = false;
    for (Limit limit : limits) {
      BigDecimal asked = claim.asks(limit.measure());
      BigDecimal counted = taken(connection, limit, claim.at()).counted();
      if (!limit.leaves(counted, asked)) {
        exhausted =
            exhausted
                .filter(other -> byEnd.compare(other, limit) >= 0)
                .or(() -> Optional.of(limit));
      }
      soft |= limit.softened(counted.add(asked));
    }
    if (exhausted.isPresent()) {
      return new Reservation.Exhausted(exhausted.get(), exhausted.get().period().end(claim.at()));
    }
    return new Reservation.Granted(take(connection, limits, claim), claim, soft);
  }

  private static String take(Connection connection, List<Limit> limits, Claim claim)
      throws SQLException {
    String tenant = claim.tenant().name();
    if (counts(limits, Measure.REQUESTS)) {
      Taken one = Taken.spent(claim.asks(Measure.REQUESTS));
      book(connection, tenant, claim.task(), Measure.REQUESTS, claim.at(), one);
    }
    long tokens = counts(limits, Measure.TOKENS) ? claim.tokens() : 0;
    if (tokens > 0) {
      Taken some = Taken.reserved(BigDecimal.valueOf(tokens));
      book(connection, tenant, claim.task(), Measure.TOKENS, claim.at(), some);
    }
    Taken dollars = Taken.reserved(claim.worstCase().usd());
    book(connection, tenant, claim.task(), Measure.DOLLARS, claim.at(), dollars);
    return Statements.first(
            connection,
            "INSERT INTO budget_lease (tenant, task, dollars, tokens, at, ends_at)"
                + " VALUES (?, ?, ?, ?, ?, ?) RETURNING sequence",
            result -> Long.toString(result.getLong(1)),
            tenant,
            claim.task(),
            claim.worstCase().toString(),
            tokens,
            claim.at().toEpochMilli(),
            claim.leaseEnds().toEpochMilli())
        .orElseThrow();
  }

  private static boolean counts(List<Limit> limits, Measure measure) {
    return limits.stream().anyMatch(limit -> limit.measure() == measure);
  }

  /** Replaces what was set aside by what the work took. */
  public void settle(Reservation.Granted reservation, Money actual, long tokens) {
    Claim claim = reservation.claim();
    String tenant = claim.tenant().name();
    database.write(
        Database.Durability.RELAXED,
        connection -> {
          Optional<Lease> open = end(connection, Long.parseLong(reservation.id()));
          Taken spent = Taken.spent(actual.usd());
          if (open.isPresent()) {
            open.get().release(connection, false);
          } else {
            // It lapsed, and now it is known after all what became of it.
            spent = spent.plus(Taken.lapsed(claim.worstCase().usd().negate()));
          }
          book(connection, tenant, claim.task(), Measure.DOLLARS, claim.at(), spent);
          if (tokens > 0) {
            Taken used = Taken.spent(BigDecimal.valueOf(tokens));
            book(connection, tenant, claim.task(), Measure.TOKENS, claim.at(), used);
          }
          return tokens;
        });
  }

  private static Optional<Lease> end(Connection connection, long id) throws SQLException {
    return Statements.first(
        connection,
        "DELETE FROM budget_lease WHERE sequence = ?"
            + " RETURNING sequence, tenant, task, dollars, tokens, at",
        BudgetStore::lease,
        id);
  }

  /** Lets go what nobody has settled in time. */
  private static void lapse(Connection connection, Instant now) throws SQLException {
    List<Lease> ended =
        Statements.all(
            connection,
            "DELETE FROM budget_lease WHERE ends_at <= ?"
                + " RETURNING sequence, tenant, task, dollars, tokens, at",
            BudgetStore::lease,
            now.toEpochMilli());
    for (Lease lease : ended) {
      lease.release(connection, true);
    }
  }

  private static Lease lease(ResultSet result) throws SQLException {
    return new Lease(
        result.getLong(1),
        result.getString(2),
        result.getString(3),
        Money.of(result.getString(4)),
        result.getLong(5),
        result.getLong(6));
  }

  /** Counts what was spent without being set aside before. */
  public void add(Map<Account, Money> spent) {
    database.write(
        Database.Durability.RELAXED,
        connection -> {
          for (Map.Entry<Account, Money> each : spent.entrySet()) {
            book(connection, each.getKey(), Taken.spent(each.getValue().usd()));
          }
          return spent.size();
        });
  }

  /** Where limits stand now. */
  public List<Standing> standings(List<Limit> limits, Instant now) {
    return database.write(
        Database.Durability.RELAXED,
        connection -> {
          lapse(connection, now);
          ArrayList<Standing> all = new ArrayList<>();
          for (Limit limit : limits) {
            Taken taken = taken(connection, limit, now);
            all.add(
                new Standing(
                    limit,
                    taken.spent(),
                    taken.reserved(),
                    taken.lapsed(),
                    limit.period().end(now)));
          }
          return all;
        });
  }

  /** Whether nothing was ever counted here. */
  public boolean isEmpty() {
    return database
        .read(
            connection -> Statements.first(connection, "SELECT 1 FROM budget_account", result -> 1))
        .isEmpty();
  }

  /** Forgets accounts that no limit sums up any more. */
  public void forget(Instant now) {
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                    connection,
                    "DELETE FROM budget_account WHERE start < ?",
                    now.minus(KEPT).toEpochMilli())
                + Statements.update(
                    connection,
                    "DELETE FROM budget_account WHERE measure <> 'dollars' AND start < ?",
                    now.minus(MINUTES_KEPT).toEpochMilli()));
  }

  private static Taken taken(Connection connection, Limit limit, Instant moment)
      throws SQLException {
    List<String> holders =
        switch (limit.scope()) {
          case Scope.OfTenant(Tenant tenant) -> List.of("tenant:" + tenant);
          case Scope.OfTeam team -> team.tenants().stream().map(name -> "tenant:" + name).toList();
          case Scope.OfTask(String task) -> List.of("task:" + task);
        };
    Taken sum = Taken.NONE;
    for (String holder : holders) {
      List<Taken> accounts =
          Statements.all(
              connection,
              "SELECT spent, reserved, lapsed FROM budget_account"
                  + " WHERE holder = ? AND measure = ? AND start >= ? AND start < ?",
              BudgetStore::taken,
              holder,
              limit.measure().text(),
              limit.period().start(moment).toEpochMilli(),
              limit.period().end(moment).toEpochMilli());
      for (Taken account : accounts) {
        sum = sum.plus(account);
      }
    }
    return sum;
  }

  private static Taken taken(ResultSet result) throws SQLException {
    return new Taken(
        new BigDecimal(result.getString(1)),
        new BigDecimal(result.getString(2)),
        new BigDecimal(result.getString(3)));
  }

  private static void book(
      Connection connection,
      String tenant,
      String task,
      Measure measure,
      Instant moment,
      Taken more)
      throws SQLException {
    book(connection, Account.of(new Tenant(tenant), measure, moment), more);
    book(connection, Account.of(task, measure, moment), more);
  }

  /** Decimals are texts here, for SQLite would make them binary fractions: added up by hand. */
  private static void book(Connection connection, Account account, Taken more) throws SQLException {
    Taken sum =
        Statements.first(
                connection,
                "SELECT spent, reserved, lapsed FROM budget_account"
                    + " WHERE holder = ? AND measure = ? AND start = ?",
                BudgetStore::taken,
                account.holder(),
                account.measure().text(),
                account.start().toEpochMilli())
            .orElse(Taken.NONE)
            .plus(more);
    Statements.update(
        connection,
        "INSERT OR REPLACE INTO budget_account (holder, measure, start, spent, reserved, lapsed)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        account.holder(),
        account.measure().text(),
        account.start().toEpochMilli(),
        sum.spent().toPlainString(),
        sum.reserved().toPlainString(),
        sum.lapsed().toPlainString());
  }
}
