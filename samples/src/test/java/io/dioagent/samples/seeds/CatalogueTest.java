package io.dioagent.samples.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  @Test
  void eachNameHasASampleWithBrokenAndFixedVariants() {
    List<Catalogue.Entry> entries = Catalogue.entries();
    assertEquals(9, entries.size());
    for (Catalogue.Entry entry : entries) {
      List<Variant> variants = Catalogue.sample(entry.name()).variants();
      assertTrue(variants.get(0).broken(), entry.name());
      assertFalse(variants.get(variants.size() - 1).broken(), entry.name());
      assertTrue(entry.seeds().matches("00[0-3](,00[0-3])*"), entry.seeds());
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownNames() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Catalogue.sample("lost")).getMessage();
    assertTrue(message.contains("lost, expected one of [lost-error, "), message);
  }
}
