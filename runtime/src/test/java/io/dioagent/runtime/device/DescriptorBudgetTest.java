package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DescriptorBudgetTest {
  @Test
  void aThirdAtMost() {
    DescriptorBudget budget = new DescriptorBudget(24);
    for (int i = 0; i < 4; i++) {
      assertTrue(budget.tryTake());
    }
    assertFalse(budget.tryTake());
    assertFalse(budget.tryTake());
    budget.giveBack();
    assertTrue(budget.tryTake());
    assertFalse(budget.tryTake());
  }

  @Test
  void ofOneFileAlways() {
    assertTrue(new DescriptorBudget(3).tryTake());
    assertTrue(new DescriptorBudget(Long.MAX_VALUE).tryTake());
    assertTrue(DescriptorBudget.ofThisProcess().tryTake());
  }

  @Test
  void lines() {
    assertEquals(
        1024, DescriptorBudget.softLimit("Max open files            1024                 4096"));
    assertEquals(
        Long.MAX_VALUE,
        DescriptorBudget.softLimit("Max open files            unlimited            unlimited"));
  }
}
