package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Money never loses a digit: every operation is held against BigDecimal's. */
final class MoneyPropertiesTest {
  @Provide
  Arbitrary<BigDecimal> amounts() {
    return Combinators.combine(Arbitraries.bigIntegers(), Arbitraries.integers().between(-6, 40))
        .as(BigDecimal::new);
  }

  private static void assertExactly(BigDecimal expected, Money actual) {
    assertEquals(0, expected.compareTo(actual.usd()), () -> expected + " is not " + actual);
  }

  @Property
  void sumsAndDifferencesAreExact(
      @ForAll("amounts") BigDecimal left, @ForAll("amounts") BigDecimal right) {
    assertExactly(left.add(right), new Money(left).plus(new Money(right)));
    assertExactly(left.subtract(right), new Money(left).minus(new Money(right)));
  }

  @Property
  void whatIsAddedCanBeTakenAway(
      @ForAll("amounts") BigDecimal left, @ForAll("amounts") BigDecimal right) {
    Money money = new Money(left);
    assertEquals(money, money.plus(new Money(right)).minus(new Money(right)));
  }

  @Property
  void productsAreExact(
      @ForAll("amounts") BigDecimal amount,
      @ForAll long count,
      @ForAll("amounts") BigDecimal factor) {
    assertExactly(amount.multiply(BigDecimal.valueOf(count)), new Money(amount).times(count));
    assertExactly(amount.multiply(factor), new Money(amount).times(factor));
    assertExactly(amount, new Money(amount).perMillion().times(1_000_000));
  }

  @Property
  void sumsDoNotDependOnGrouping(
      @ForAll("amounts") BigDecimal a,
      @ForAll("amounts") BigDecimal b,
      @ForAll("amounts") BigDecimal c) {
    Money left = new Money(a).plus(new Money(b)).plus(new Money(c));
    Money right = new Money(a).plus(new Money(b).plus(new Money(c)));
    assertEquals(left, right);
  }

  @Property
  void sumsDoNotDependOnOrder(
      @ForAll List<@From("amounts") BigDecimal> amounts, @ForAll Random random) {
    List<Money> shuffled = new ArrayList<>(amounts.stream().map(Money::new).toList());
    Money before = shuffled.stream().reduce(Money.ZERO, Money::plus);
    Collections.shuffle(shuffled, random);
    assertEquals(before, shuffled.stream().reduce(Money.ZERO, Money::plus));
  }

  @Property
  void equalityIsThatOfTheAmount(
      @ForAll("amounts") BigDecimal left, @ForAll("amounts") BigDecimal right) {
    Money one = new Money(left);
    Money other = new Money(right);
    assertEquals(left.compareTo(right) == 0, one.equals(other));
    assertEquals(left.compareTo(right), one.compareTo(other));
    assertEquals(one, new Money(left.setScale(left.scale() + 7)));
    assertEquals(one.hashCode(), new Money(left.setScale(left.scale() + 7)).hashCode());
  }

  @Property
  void theTextOfAnAmountIsThatAmount(@ForAll("amounts") BigDecimal amount) {
    assertEquals(new Money(amount), Money.of(new Money(amount).toString()));
  }
}
