package io.dioagent.runtime.file;

import java.util.ArrayList;
import java.util.List;

/** Records the claims that it wakes; the variants have one defect each. */
class ModelledClaims extends PageClaims {
  final List<PageClaim> woken = new ArrayList<>();

  @Override
  void wake(PageClaim claim) {
    woken.add(claim);
  }

  /** Defect: checks the holders, and not the waiting claims. */
  static final class Overtaking extends ModelledClaims {
    private final List<PageClaim> holders = new ArrayList<>();

    @Override
    boolean isFree(PageClaim claim) {
      holders.removeIf(one -> !one.isHeld());
      holders.add(claim);
      return holders.stream().noneMatch(one -> one.isHeld() && one.excludes(claim));
    }

    @Override
    void wake(PageClaim claim) {
      holders.add(claim);
      super.wake(claim);
    }
  }

  /** Defect: does not wake the claims that it grants. */
  static final class Silent extends ModelledClaims {
    @Override
    void wake(PageClaim claim) {
      // Forgotten.
    }
  }

  /**
   * Defect: does not check the claims behind one that gives up, which then wait without a reason.
   */
  static final class Leaking extends ModelledClaims {
    private final List<PageClaim> granted = new ArrayList<>();

    @Override
    boolean isFree(PageClaim claim) {
      boolean free = super.isFree(claim);
      if (free) {
        granted.add(claim);
      }
      return free;
    }

    @Override
    void wake(PageClaim claim) {
      granted.add(claim);
      super.wake(claim);
    }

    @Override
    void gone(PageClaim claim, PageClaim behind) {
      if (granted.remove(claim)) {
        super.gone(claim, behind);
      }
    }
  }

  /** Defect: checks only the first claim behind. */
  static final class OneByOne extends ModelledClaims {
    private boolean one;

    @Override
    void gone(PageClaim claim, PageClaim behind) {
      one = false;
      super.gone(claim, behind);
    }

    @Override
    void wake(PageClaim claim) {
      if (!one) {
        super.wake(claim);
      }
      one = true;
    }
  }

  /** Defect: a direct claim shares with a cached one. */
  static final class Careless extends ModelledClaims {
    @Override
    boolean isFree(PageClaim claim) {
      return super.isFree(claim) || !claim.hasCached();
    }
  }
}
