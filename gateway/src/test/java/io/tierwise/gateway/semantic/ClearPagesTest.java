package io.tierwise.gateway.semantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class ClearPagesTest {
  private static final byte[] PAGE = new byte[ClearPages.SIZE];

  private static ClearPages ofPages(int count) {
    return new ClearPages((long) count * ClearPages.SIZE);
  }

  private static ClearPages.Of file(int pages) {
    return new ClearPages.Of((long) pages * ClearPages.SIZE);
  }

  @Test
  void theLongestThereMakesRoomUnlessItWasReadSince() {
    ClearPages pages = ofPages(3);
    ClearPages.Of file = file(5);
    pages.hold(file, 0, PAGE);
    pages.hold(file, 1, PAGE);
    pages.hold(file, 2, PAGE);
    assertSame(PAGE, file.get(0));

    pages.hold(file, 3, PAGE);
    assertNull(file.get(1), "0 had its second chance");
    assertSame(PAGE, file.get(0));
    assertSame(PAGE, file.get(2));
    assertSame(PAGE, file.get(3));
    assertEquals(3, pages.size());
  }

  @Test
  void oneThatAllHaveReadMakesRoomInTheEnd() {
    ClearPages pages = ofPages(2);
    ClearPages.Of file = file(3);
    pages.hold(file, 0, PAGE);
    pages.hold(file, 1, PAGE);
    assertSame(PAGE, file.get(0));
    assertSame(PAGE, file.get(1));

    pages.hold(file, 2, PAGE);
    assertNull(file.get(0));
    assertSame(PAGE, file.get(1));
    assertEquals(2, pages.size());
  }

  @Test
  void aPageIsHeldOnce() {
    ClearPages pages = ofPages(2);
    ClearPages.Of file = file(1);
    pages.hold(file, 0, PAGE);
    pages.hold(file, 0, new byte[ClearPages.SIZE]);
    assertSame(PAGE, file.get(0));
    assertEquals(1, pages.size());
  }

  @Test
  void ofAClosedFileNothingIsHeld() {
    ClearPages pages = ofPages(4);
    ClearPages.Of closed = file(2);
    ClearPages.Of open = file(1);
    pages.hold(closed, 0, PAGE);
    pages.hold(open, 0, PAGE);
    pages.close(closed);
    pages.hold(closed, 1, PAGE);
    assertNull(closed.get(1));
    assertSame(PAGE, open.get(0));
    assertEquals(1, pages.size());
  }
}
