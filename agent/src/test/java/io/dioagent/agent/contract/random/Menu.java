package io.dioagent.agent.contract.random;

import java.io.IOException;
import java.util.TreeMap;

/** Kinds of operations, each as often as its weight says. Not thread-safe. */
final class Menu {
  private final TreeMap<Integer, Kind> byWeight = new TreeMap<>();
  private int totalWeight;

  /** Makes operations of one kind, with sizes and places by the dice. */
  interface Kind {
    Operation next() throws IOException;
  }

  void add(int weight, Kind kind) {
    totalWeight += weight;
    byWeight.put(totalWeight, kind);
  }

  Operation choose(Dice dice) throws IOException {
    return byWeight.higherEntry(dice.below(totalWeight)).getValue().next();
  }
}
